// Everything at a glance.

import { sparkline } from "../charts.js";
import { copyButton, h, show } from "../dom.js";
import { bytes, clock, count, duration, short, span } from "../format.js";
import { subscribe } from "../live.js";
import { breakable, functionPath, head, invocationPath, panel, stat, state, topicPath } from "../parts.js";
import { about, called } from "../stack.js";
import { table } from "../table.js";

const megabytes = (value) => (value === null ? "" : bytes(value * 1024 * 1024));

const engine = (one) => h("li", { class: "engine" },
  h("div", {}, h("strong", {}, one.name), state(one.state)),
  h("div", { class: "note" }, h("span", {}, one.product), h("span", {}, megabytes(one.rss_mb))),
  one.address && h("div", { class: "note" }, h("code", {}, one.address)));

export const functionColumns = [
  { title: "Function", cell: (one) => h("span", { title: one.name }, called(one.name)), class: "name" },
  { title: "10 min", cell: (one) => sparkline(one.bars), class: "spark-cell", note: "Invocations and errors of the last ten minutes" },
  { title: "Invocations", cell: (one) => short(one.invocations), class: "number" },
  { title: "Errors", cell: (one) => h("span", { class: one.errors + one.throttles ? "bad" : "zero", title: `${one.throttles} throttled` }, short(one.errors + one.throttles)), class: "number" },
  { title: "p50", cell: (one) => duration(one.p50_ms), class: "number" },
  { title: "p99", cell: (one) => duration(one.p99_ms), class: "number" },
  { title: "Env.", cell: (one) => h("span", { class: one.environments ? "" : "zero" }, one.environments), class: "number", note: "Environments that live now" },
];

export const topicColumns = [
  { title: "Topic", cell: (one) => breakable(one.name), class: "name" },
  { title: "Records", cell: (one) => short(one.records), class: "number" },
  { title: "Rate", cell: (one) => h("span", { class: one.rate ? "" : "zero" }, one.rate === null ? "–" : `${short(one.rate)}/s`), class: "number" },
  { title: "Lag", cell: (one) => h("span", { class: one.lag ? "warn" : "zero" }, short(one.lag)), class: "number", note: "Records that the mappings' groups have still to read" },
];

const errorColumns = [
  { title: "When", cell: (one) => h("span", { title: clock(one.started_at) }, clock(one.started_at, false)), class: "time" },
  { title: "What", cell: (one) => [h("strong", {}, called(one.function)), h("span", { class: "what", title: one.error_message }, h("span", { class: "bad" }, one.error_type || one.outcome), " ", one.error_message)] },
];

function ignored(list) {
  if (!list.length) return null;
  const reasons = Map.groupBy ? Map.groupBy(list, (one) => one.reason) : new Map(list.map((one) => [one.reason, [one]]));
  return panel("Left out of the template", h("div", { class: "ignored" },
    [...reasons].map(([reason, names]) => h("details", {}, h("summary", {}, `${names.length} × ${reason}`), h("ul", {}, names.map((one) => h("li", {}, h("code", {}, one.name))))))),
  { note: `${list.length}, which change nothing here` });
}

export default async function overview(box, { signal }) {
  const known = await about();
  const engines = h("ul", { class: "engines" });
  const stats = h("div", { class: "stats" });
  const functions = table({ columns: functionColumns, key: (one) => one.name, href: (one) => functionPath(one.name), empty: "The template has no functions.", label: "Functions" });
  const topics = table({ columns: topicColumns, key: (one) => one.name, href: (one) => topicPath(one.name), empty: "There are no topics.", label: "Topics" });
  const errors = table({ columns: errorColumns, key: (one) => one.sequence, href: (one) => invocationPath(one.request_id), empty: "Nothing has failed.", label: "Recent errors" });
  const kafka = h("p", { class: "empty bad", hidden: true });
  const addresses = h("ul", { class: "addresses" }, Object.entries(known.addresses).map(([name, address]) =>
    h("li", {}, h("span", {}, name), h("code", {}, address), copyButton(address, `Copy the address of ${name}`))));
  show(box, head(known.stack_name, { note: [h("code", { title: known.template }, known.template.split("/").pop()), ` · up for ${span(Date.now() - known.started_at * 1000)}`] }),
    stats, engines,
    h("div", { class: "columns" },
      h("div", { class: "column" }, panel("Functions", functions.element, { wide: true })),
      h("div", { class: "column" }, panel("Recent errors", errors.element, { wide: true, actions: h("a", { href: "/invocations?errors=1" }, "All failures") }),
        panel("Topics", [kafka, topics.element], { wide: true }), panel("Addresses", addresses), ignored(known.ignored))));
  subscribe("status", {}, (status) => {
    const total = (name) => status.functions.reduce((sum, one) => sum + one[name], 0);
    const lag = status.mappings.reduce((sum, one) => sum + one.lag, 0);
    const recent = status.functions.reduce((sum, one) => sum + one.bars.slice(-6).reduce((all, [ran]) => all + ran, 0), 0);
    show(stats, stat("Invocations", count(total("invocations"))), stat("Last minute", count(recent)),
      stat("Errors", count(total("errors") + total("throttles")), total("errors") + total("throttles") ? "bad" : ""),
      stat("Environments", count(total("environments"))), stat("Connections", count(status.connections)),
      stat("Lag", count(lag), lag ? "warn" : ""));
    show(engines, engine({ name: "stack", product: "this process", state: "running", rss_mb: status.stack.rss_mb, address: `pid ${status.stack.pid}` }), status.engines.map(engine));
    functions.update([...status.functions].sort((one, other) => other.invocations - one.invocations || one.logical_id.localeCompare(other.logical_id)));
    topics.update(status.topics);
    kafka.hidden = !status.kafka_error;
    kafka.textContent = `Kafka: ${status.kafka_error}`;
    errors.update(status.errors);
  }, signal);
}

