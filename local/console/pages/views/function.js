// One function.

import { get, path } from "../api.js";
import { answerView } from "../answer_view.js";
import { durations } from "../charts.js";
import { attempt, copyButton, h, show } from "../dom.js";
import { eventEditor } from "../event_editor.js";
import { count, duration, span } from "../format.js";
import { invocationList } from "../invocation_list.js";
import { liveLog } from "../log_view.js";
import { subscribe } from "../live.js";
import { choice, empty, facts, head, invocationPath, panel, stat, state, topicPath } from "../parts.js";
import { go } from "../router.js";

const POINTS = 1000;

function source(one, mapping) {
  if (one.kind === "http") return [h("a", { href: `/routes?route=${encodeURIComponent(one.route)}` }, h("code", {}, one.route)), one.authorizer && h("span", { class: "note" }, `by ${one.authorizer}`)];
  if (one.kind === "kafka") return [h("a", { href: topicPath(one.topic) }, one.topic), mapping && state(mapping.state, mapping.state_reason), mapping && h("span", { class: mapping.lag ? "warn" : "note" }, `lag ${count(mapping.lag)}`), mapping && h("span", { class: "note" }, mapping.state_reason ?? mapping.last_result)];
  if (one.kind === "schedule") return [h("code", {}, one.expression), h("span", { class: "note" }, one.enabled ? (one.next ? `next in ${span(new Date(one.next) - Date.now())}` : "not due again") : "disabled")];
  if (one.kind === "s3") return [h("code", {}, one.event), h("span", { class: "note" }, `${one.bucket}/${one.prefix}…${one.suffix}`)];
  return [h("code", {}, one.route ?? one.resource ?? one.api), one.type && h("span", { class: "note" }, one.type)];
}

function variables(name, list) {
  if (!list.length) return empty("It has none of its own.");
  return h("dl", { class: "facts variables" }, list.map((one) => {
    const value = h("dd", {}, h("code", {}, one.secret ? "••••••••" : one.value));
    if (one.secret) {
      value.append(" ", h("button", { type: "button", class: "small quiet", onclick: (event) => attempt(async () => {
        const shown = await get(path`/api/functions/${name}/variables/${one.name}`);
        value.firstChild.textContent = shown.value;
        event.target.replaceWith(copyButton(shown.value));
      }) }, "Show"));
    }
    return [h("dt", {}, h("code", {}, one.name)), value];
  }));
}

function chart(name, signal) {
  const box = h("div", { class: "chart-box" });
  let minutes = 15;
  let points = [];
  const draw = () => show(box, points.length ? durations(points, minutes, Date.now(), (id) => go(invocationPath(id))) : empty("It has not been invoked yet."));
  attempt(async () => {
    points = (await get(path`/api/functions/${name}/durations`, {}, signal)).points;
    draw();
  });
  subscribe("invocations", { function: name }, (fresh) => {
    points = [...points, ...fresh.map((one) => [one.started_at, one.duration_ms, one.outcome, one.init_ms, one.request_id])].slice(-POINTS);
    draw();
  }, signal);
  const timer = setInterval(() => document.hidden || draw(), 10_000);
  signal.addEventListener("abort", () => clearInterval(timer));
  const period = choice("Period", [["5", "5 min"], ["15", "15 min"], ["60", "1 hour"]], "15", (value) => {
    minutes = Number(value);
    draw();
  });
  const key = h("span", { class: "chart-key" }, h("i", { class: "ok" }), "ok", h("i", { class: "cold" }), "new environment", h("i", { class: "bad" }), "failed");
  return panel("Durations", box, { actions: [key, period], wide: true });
}

export default async function oneFunction(box, { name, signal }) {
  const known = await get(path`/api/functions/${name}`, {}, signal);
  const stats = h("div", { class: "stats" });
  const sources = h("ul", { class: "sources" });
  const list = invocationList({ function: name }, signal, { columns: ["when", "source", "outcome", "duration", "init", "memory"] });
  const answers = h("div", { class: "answers", "aria-live": "polite" });
  const editor = eventEditor({ given: "{}", url: path`/api/functions/${name}/invocations`, label: "Invoke", after: (answer) => show(answers, answerView(answer, "Answer")) });
  const drawSources = (mappings) => show(sources, known.sources.length
    ? known.sources.map((one) => h("li", {}, h("span", { class: "badge" }, one.kind), source(one, mappings.find((mapping) => mapping.logical_id === one.mapping))))
    : h("li", { class: "note" }, "Nothing in the template invokes it."));
  drawSources([]);
  const configuration = facts([
    ["Handler", h("code", {}, known.handler)], ["Runtime", known.runtime], ["Memory", `${known.memory_mb} MB`], ["Timeout", `${known.timeout_s} s`],
    ["Reserved concurrency", known.reserved_concurrency], ["Retries of events", known.maximum_retry_attempts], ["On failure", known.on_failure && h("code", {}, known.on_failure)],
    ["Code", h("code", { title: known.code }, known.code.split("/").slice(-2).join("/"))],
    ["Layers", known.layers.length ? known.layers.map((one) => h("code", { title: one, class: "block" }, one.split("/").slice(-2).join("/"))) : null],
    ["ARN", [h("code", {}, known.arn), " ", copyButton(known.arn)]],
  ]);
  show(box, head(known.logical_id, { parent: ["/functions", "Functions"], note: [h("code", {}, known.name), " ", copyButton(known.name)] }),
    stats,
    h("div", { class: "columns" },
      h("div", { class: "column" }, chart(name, signal), panel("Log", liveLog(name, signal), { wide: true }),
        panel("Invocations", list.element, { wide: true, actions: h("a", { href: `/invocations?function=${encodeURIComponent(name)}` }, "All") })),
      h("div", { class: "column" }, panel("Event sources", sources), panel("Configuration", configuration),
        panel("Variables", variables(name, known.variables)),
        panel("Invoke", [h("details", { class: "edit" }, h("summary", {}, "With an event of your own"), editor.element), answers]))));
  subscribe("status", {}, (status) => {
    const now = status.functions.find((one) => one.name === name);
    show(stats, stat("Invocations", count(now.invocations)), stat("Errors", count(now.errors), now.errors ? "bad" : ""), stat("Throttled", count(now.throttles), now.throttles ? "warn" : ""),
      stat("p50", duration(now.p50_ms)), stat("p90", duration(now.p90_ms)), stat("p99", duration(now.p99_ms)), stat("Longest", duration(now.max_ms)), stat("Environments", count(now.environments)));
    drawSources(status.mappings);
  }, signal);
  await list.filter({});
}
