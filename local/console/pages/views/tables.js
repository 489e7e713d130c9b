// All tables.

import { get, path } from "../api.js";
import { h, show } from "../dom.js";
import { bytes, count } from "../format.js";
import { empty, head, panel } from "../parts.js";
import { table } from "../table.js";

export const keys = (list) => list.map((one) => h("span", { class: "key" }, h("code", {}, one.name), h("span", { class: "badge" }, `${one.role === "HASH" ? "partition" : "sort"} ${one.type}`)));

const columns = [
  { title: "Table", cell: (one) => h("span", { title: one.name }, one.logical_id), class: "name" },
  { title: "Items", cell: (one) => count(one.items), class: "number" },
  { title: "Size", cell: (one) => bytes(one.bytes), class: "number" },
  { title: "Key", cell: (one) => keys(one.keys) },
  { title: "Indexes", cell: (one) => one.indexes.map((index) => index.name).join(", ") || h("span", { class: "zero" }, "none") },
  { title: "Expiry", cell: (one) => (one.ttl ? h("code", {}, one.ttl) : h("span", { class: "zero" }, "never")) },
];

export default async function tables(box, { signal }) {
  const list = table({ columns, key: (one) => one.name, href: (one) => path`/tables/${one.name}`, empty: "The template has no tables.", label: "Tables" });
  show(box, head("Tables", { note: "Read only" }), panel("Tables", list.element, { wide: true, bare: true }));
  const found = (await get("/api/tables", {}, signal)).items;
  list.update(found.sort((one, other) => one.logical_id.localeCompare(other.logical_id)));
  if (!found.length) show(box, head("Tables"), empty("The template has no tables."));
}
