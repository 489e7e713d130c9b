// A function's log as it is written, and the lines of one invocation.

import { h, show } from "./dom.js";
import { clock } from "./format.js";
import { structure } from "./json_text.js";
import { tree } from "./json_tree.js";
import { subscribe } from "./live.js";
import { choice, invocationPath, search } from "./parts.js";

const KEPT = 3000;
const PLATFORM = /^(START|END|REPORT|INIT_REPORT|INIT_START|EXTENSION)\b/;
const LEVELS = [["", "All levels"], ["DEBUG", "Debug and above"], ["INFO", "Info and above"], ["WARNING", "Warnings and errors"], ["ERROR", "Errors"]];
const RANK = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3 };
const WORDS = { TRACE: "DEBUG", WARN: "WARNING", CRITICAL: "ERROR", FATAL: "ERROR" };
const SHOWN_APART = new Set(["level", "message", "timestamp", "msg", "time"]);

function levelOf(text, value) {
  const said = typeof value?.level === "string" ? value.level : text.match(/^\[?(TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\b/)?.[1];
  const level = said?.toUpperCase();
  if (level) return WORDS[level] ?? level;
  return /Traceback|Task timed out|Runtime\.\w+Error|Error: Runtime exited/.test(text) ? "ERROR" : "";
}

/** {text, value, level, platform}: what a line says of itself. */
export function read(text) {
  const value = structure(text);
  const own = value && !Array.isArray(value) ? value : undefined;
  const platform = PLATFORM.test(text) || String(own?.type).startsWith("platform.");
  return { text, value: own, level: platform ? "" : levelOf(text, own), platform };
}

/** START, END and REPORT by the beginning of their id, which leads to the invocation; the whole line is its title. */
function platformLine(text) {
  const [, kind, id, rest] = text.match(/^(START|END|REPORT) RequestId: ([\w-]+)\s*([^]*)$/) ?? [];
  if (!id) return h("span", { class: "log-text", title: text }, text);
  return h("span", { class: "log-text", title: text }, kind.padEnd(7), h("a", { href: invocationPath(id) }, id.slice(0, 8)), "  ", rest.replace(/\t+/g, "  "));
}

function words(line) {
  if (line.platform) return platformLine(line.text);
  if (!line.value) return h("span", { class: "log-text" }, line.text);
  const message = line.value.message ?? line.value.msg ?? "";
  const rest = Object.entries(line.value).filter(([key]) => !SHOWN_APART.has(key));
  return h("details", { class: "log-text", ontoggle: (event) => {
    const box = event.target.lastElementChild;
    if (event.target.open && !box.hasChildNodes()) box.append(tree(line.value));
  } },
  h("summary", {}, typeof message === "string" ? message : JSON.stringify(message), " ",
    h("span", { class: "log-more" }, rest.map(([key, item]) => `${key}=${typeof item === "object" ? JSON.stringify(item) : item}`).join(" ").slice(0, 300))),
  h("div", {}));
}

const tint = (stream) => `tint-${[...stream].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 6, 7)}`;

function row(line) {
  const kind = line.platform ? "platform" : (line.level || "plain").toLowerCase();
  return h("li", { class: `log-line ${kind}` },
    line.time_ms !== undefined && h("time", {}, clock(line.time_ms)),
    line.stream !== undefined && h("i", { class: `stream ${tint(line.stream)}`, title: `Stream ${line.stream}` }),
    h("span", { class: "log-level" }, line.level && line.level !== "INFO" ? line.level.slice(0, 5) : ""),
    words(line));
}

/** The lines of one invocation: texts. */
export const lines = (texts) => h("ol", { class: "log short" }, texts.map((text) => row(read(text))));

/** The live log of a function: an element. */
export function liveLog(name, signal) {
  const kept = [];
  const streams = new Map();
  const filter = { text: "", level: "", stream: "" };
  const list = h("ol", { class: "log", tabindex: "0", "aria-label": "Log" });
  const said = h("span", { class: "note" });
  const pause = h("button", { type: "button", class: "small", "aria-pressed": "false", onclick: () => setPaused(!paused) }, "Pause");
  const streamChoice = h("select", { "aria-label": "Stream", onchange: (event) => refilter({ stream: event.target.value }) });
  let paused = false;
  let waiting = [];

  const shown = (line) => (!filter.text || line.text.toLowerCase().includes(filter.text))
    && (!filter.stream || line.stream === filter.stream)
    && (!filter.level || (RANK[line.level] ?? -1) >= RANK[filter.level]);

  function nameStreams() {
    show(streamChoice, h("option", { value: "" }, streams.size === 1 ? "1 stream" : `${streams.size} streams`),
      [...streams.keys()].map((stream) => h("option", { value: stream, ...(stream === filter.stream ? { selected: true } : {}) }, stream.slice(-12))));
  }

  function add(fresh) {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const before = streams.size;
    for (const line of fresh) {
      kept.push(line);
      streams.set(line.stream, true);
      if (shown(line)) list.append(row(line));
    }
    if (streams.size !== before) nameStreams();
    if (kept.length > KEPT) kept.splice(0, kept.length - KEPT);
    while (list.childElementCount > KEPT) list.firstElementChild.remove();
    if (atEnd) list.scrollTop = list.scrollHeight;
    said.textContent = kept.length ? "" : "Nothing has been written yet.";
  }

  function refilter(change) {
    Object.assign(filter, change);
    show(list, kept.filter(shown).map(row));
    list.scrollTop = list.scrollHeight;
  }

  function setPaused(next) {
    paused = next;
    pause.textContent = paused ? "Resume" : "Pause";
    pause.setAttribute("aria-pressed", String(paused));
    if (!paused) {
      add(waiting);
      waiting = [];
    }
  }

  function forget() {
    kept.length = 0;
    waiting = [];
    show(list);
  }

  nameStreams();
  subscribe("logs", { function: name }, (data) => {
    const fresh = data.map((line) => ({ ...line, ...read(line.text) }));
    if (!paused) return add(fresh);
    waiting.push(...fresh);
    if (waiting.length > KEPT) waiting.splice(0, waiting.length - KEPT);
    pause.textContent = `Resume (${waiting.length})`;
    return undefined;
  }, signal, { onOpen: forget });
  return h("div", { class: "log-box" },
    h("div", { class: "filters" }, search("Filter the log", "", (text) => refilter({ text: text.toLowerCase() })),
      choice("Level", LEVELS, "", (level) => refilter({ level })), streamChoice, pause,
      h("button", { type: "button", class: "small quiet", onclick: forget }, "Clear"), said),
    list);
}
