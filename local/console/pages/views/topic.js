// One topic: partitions, groups, records, and a record by hand.

import { get, path, post } from "../api.js";
import { attempt, h, notice, show } from "../dom.js";
import { clock, count, iso } from "../format.js";
import { subscribe } from "../live.js";
import { choice, empty, field, head, pairs, panel } from "../parts.js";
import { bytesLine, bytesView } from "../payload.js";
import { table } from "../table.js";

const PAGE = 50;

function record(one) {
  const box = h("div", { class: "record-body" });
  const fill = () => box.hasChildNodes() || show(box,
    h("dl", { class: "facts" }, h("dt", {}, "Key"), h("dd", {}, bytesView(one.key)),
      one.headers.length > 0 && [h("dt", {}, "Headers"), h("dd", {}, h("dl", { class: "facts" }, one.headers.map(({ name, value }) => [h("dt", {}, h("code", {}, name)), h("dd", {}, bytesLine(value))])))],
      h("dt", {}, "Written"), h("dd", {}, iso(one.timestamp)), h("dt", {}, "Value"), h("dd", {}, bytesView(one.value, "null: a tombstone"))));
  return h("details", { class: "record", ontoggle: (event) => event.target.open && fill() },
    h("summary", { class: "row-link" },
      h("span", { class: "place" }, `${one.partition}:${one.offset}`), h("time", {}, clock(one.timestamp)),
      h("span", { class: "record-key" }, bytesLine(one.key, "no key")), h("span", { class: "record-value" }, bytesLine(one.value, "tombstone"))), box);
}

function records(name, signal) {
  const list = h("div", { class: "records" });
  const more = h("button", { type: "button", class: "more", hidden: true, onclick: () => attempt(() => load(next)) }, "Older ones");
  const fresh = h("button", { type: "button", class: "small", onclick: () => attempt(() => load()) }, "Refresh");
  const wanted = { partition: "" };
  let next = null;

  async function load(before = "") {
    const page = await get(path`/api/topics/${name}/records`, { ...wanted, before, limit: PAGE }, signal);
    if (!before) show(list, page.records.length ? null : empty("There are no records."));
    list.append(...page.records.map(record));
    next = page.next;
    more.hidden = next === null;
    fresh.textContent = "Refresh";
  }
  return { element: h("div", {}, list, more), load, fresh, wanted };
}

function produceForm(name, partitions, done) {
  const partition = choice("Partition", [["", "By key"], ...partitions.map((one) => [String(one.partition), String(one.partition)])], "", () => {});
  const encoding = choice("Encoding", [["text", "Text"], ["base64", "Base64"]], "text", () => {});
  const key = h("input", { class: "mono", autocomplete: "off" });
  const value = h("textarea", { class: "code", rows: 7, spellcheck: "false" });
  const noKey = h("input", { type: "checkbox" });
  const tombstone = h("input", { type: "checkbox" });
  const headers = pairs("Headers");
  return h("form", { class: "form", onsubmit: (event) => {
    event.preventDefault();
    attempt(async () => {
      const placed = await post(path`/api/topics/${name}/records`, { partition: partition.value === "" ? null : Number(partition.value), encoding: encoding.value,
        key: noKey.checked ? null : key.value, value: tombstone.checked ? null : value.value, headers: headers.read() });
      notice(`Written to partition ${placed.partition} at offset ${placed.offset}`);
      done();
    });
  } },
  h("p", { class: "note" }, "Appends one record to the topic, for good. Mappings that read it invoke their functions with it."),
  h("div", { class: "row" }, field("Partition", partition), field("Encoding", encoding)),
  field("Key", key), h("label", { class: "toggle" }, noKey, "No key"),
  field("Value", value), h("label", { class: "toggle" }, tombstone, "No value (a tombstone)"),
  headers.element, h("button", { class: "primary" }, "Produce the record"));
}

export default async function topic(box, { name, signal }) {
  const known = await get(path`/api/topics/${name}`, {}, signal);
  const partitions = table({ columns: [
    { title: "Partition", cell: (one) => one.partition }, { title: "Begin", cell: (one) => count(one.begin), class: "number" },
    { title: "End", cell: (one) => count(one.end), class: "number" }, { title: "Records", cell: (one) => count(one.end - one.begin), class: "number" },
  ], key: (one) => one.partition, empty: "", label: "Partitions" });
  const groups = h("div", {});
  const list = records(name, signal);

  function draw(now) {
    partitions.update(now.partitions);
    show(groups, now.groups.length ? now.groups.map((one) => h("details", { class: "group" },
      h("summary", {}, h("code", {}, one.group), " ", h("span", { class: one.lag ? "warn" : "note" }, `lag ${count(one.lag)}`)),
      h("ul", { class: "lags" }, one.partitions.map((part) => h("li", {}, `${part.partition}: `, part.committed === null ? "nothing committed" : `at ${count(part.committed)}`, h("span", { class: part.lag ? "warn" : "zero" }, ` lag ${count(part.lag)}`))))))
      : empty("No group has committed here."));
  }
  const refresh = () => attempt(async () => {
    draw(await get(path`/api/topics/${name}`, {}, signal));
    await list.load();
  });
  draw(known);
  list.fresh.addEventListener("click", refresh);
  const which = choice("Partition", [["", "All partitions"], ...known.partitions.map((one) => [String(one.partition), `Partition ${one.partition}`])], "", (value) => {
    list.wanted.partition = value;
    attempt(() => list.load());
  });
  show(box, head(name, { parent: ["/topics", "Topics"] }), h("div", { class: "columns" },
    h("div", { class: "column" }, panel("Records", list.element, { wide: true, note: "newest first", actions: [which, list.fresh] })),
    h("div", { class: "column" }, panel("Partitions", partitions.element, { wide: true }), panel("Groups", groups),
      panel("Produce", h("details", { class: "edit" }, h("summary", {}, "A record by hand"), produceForm(name, known.partitions, refresh))))));
  await list.load();
  let end = known.partitions.reduce((sum, one) => sum + one.end - one.begin, 0);
  subscribe("status", {}, (status) => {
    const records = status.topics.find((one) => one.name === name)?.records;
    if (records === undefined || records === end) return;
    if (records > end) list.fresh.textContent = `Refresh (${count(records - end)} new)`;
    if (list.fresh.textContent === "Refresh") end = records;
  }, signal);
  list.fresh.addEventListener("click", () => (end = Number.NaN));
}
