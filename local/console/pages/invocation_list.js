// A live list of invocations: of the view of all, and of one function's.

import { get } from "./api.js";
import { attempt, h } from "./dom.js";
import { bytes, clock, duration } from "./format.js";
import { subscribe } from "./live.js";
import { functionPath, invocationPath, outcome } from "./parts.js";
import { called } from "./stack.js";
import { table } from "./table.js";

const KEPT = 500;

const COLUMNS = {
  when: { title: "Started", cell: (one) => clock(one.started_at), class: "time" },
  function: { title: "Function", cell: (one) => h("a", { href: functionPath(one.function), title: one.function }, called(one.function)), class: "name" },
  source: { title: "Source", cell: (one) => h("span", { class: "badge" }, one.source) },
  outcome: { title: "Outcome", cell: outcome },
  duration: { title: "Duration", cell: (one) => duration(one.duration_ms), class: "number" },
  init: { title: "Init", cell: (one) => (one.init_ms === null ? "" : duration(one.init_ms)), class: "number", note: "Of a new environment" },
  memory: { title: "Memory", cell: (one) => (one.max_memory_mb ? `${one.max_memory_mb} MB` : ""), class: "number" },
  event: { title: "Event", cell: (one) => bytes(one.event_bytes), class: "number" },
  response: { title: "Response", cell: (one) => bytes(one.response_bytes), class: "number" },
};

/** {element, filter(change)}: `filters` are {function, source, errors, text}. */
export function invocationList(filters, signal, { columns = Object.keys(COLUMNS), onSources } = {}) {
  const list = table({ columns: columns.map((name) => COLUMNS[name]), key: (one) => one.sequence, href: (one) => invocationPath(one.request_id),
    kind: (one) => (one.outcome === "ok" ? "" : "failed"), empty: "No invocation is kept that matches.", label: "Invocations" });
  const more = h("button", { type: "button", class: "more", hidden: true, onclick: () => attempt(older) }, "Older ones");
  let rows = [];
  let next = null;
  let asked = new AbortController();
  let live = new AbortController();

  const params = () => ({ ...filters, errors: filters.errors ? "1" : "" });

  function draw() {
    list.update(rows);
    more.hidden = next === null;
  }

  async function older() {
    const page = await get("/api/invocations", { ...params(), before: next }, signal);
    rows = [...rows, ...page.items];
    next = page.next;
    draw();
  }

  async function load() {
    asked.abort();
    const mine = asked = new AbortController();
    const page = await get("/api/invocations", params(), mine.signal);
    rows = page.items;
    next = page.next;
    onSources?.(page.sources);
    draw();
  }

  function add(fresh) {
    const known = new Set(rows.map((one) => one.sequence));
    rows = [...fresh.filter((one) => !known.has(one.sequence)).reverse(), ...rows];
    if (rows.length > KEPT) {
      rows.length = KEPT;
      next = rows[KEPT - 1].sequence;
    }
    draw();
  }

  function follow() {
    live.abort();
    live = new AbortController();
    const { text, ...rest } = filters;
    let first = true;
    const onOpen = () => {
      if (!first) attempt(load);
      first = false;
    };
    // What a text is looked for in is not in a summary: the list is asked again, at most once a second.
    let due = 0;
    subscribe("invocations", rest, (fresh) => {
      if (!text) return add(fresh);
      due ||= setTimeout(() => {
        due = 0;
        if (!live.signal.aborted) attempt(load);
      }, 1000);
      return undefined;
    }, live.signal, { onOpen });
  }

  function filter(change) {
    Object.assign(filters, change);
    follow();
    return attempt(load);
  }

  signal.addEventListener("abort", () => {
    live.abort();
    asked.abort();
  });
  return { element: h("div", {}, list.element, more), filter };
}
