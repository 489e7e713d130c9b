// One table: its keys and its items.

import { get, path } from "../api.js";
import { attempt, copyButton, h, show } from "../dom.js";
import { item, plain } from "../dynamodb_json.js";
import { bytes, count } from "../format.js";
import { pretty } from "../json_text.js";
import { tree } from "../json_tree.js";
import { empty, facts, head, panel } from "../parts.js";
import { keys } from "./tables.js";

const words = (value) => (typeof value === "string" ? value : pretty(value));

function row(attributes, names) {
  const all = item(attributes);
  const value = Object.fromEntries([...names.filter((name) => name in all), ...Object.keys(all).filter((name) => !names.includes(name)).sort()].map((name) => [name, all[name]]));
  const rest = Object.keys(value).filter((name) => !names.includes(name));
  const box = h("div", { class: "record-body" });
  const fill = () => box.hasChildNodes() || box.append(tree(value), h("p", { class: "note" }, copyButton(() => pretty(value)), " ", copyButton(() => pretty(attributes), "Copy as DynamoDB JSON", "Copy as DynamoDB JSON")));
  return h("details", { class: `record keys-${names.length}`, ontoggle: (event) => event.target.open && fill() },
    h("summary", { class: "row-link" }, names.map((name) => h("span", { class: "record-key" }, attributes[name] ? words(plain(attributes[name])) : "")),
      h("span", { class: "record-value" }, rest.map((name) => `${name}=${words(value[name])}`).join("  ").slice(0, 300))), box);
}

export default async function oneTable(box, { name, signal }) {
  const known = (await get("/api/tables", {}, signal)).items.find((one) => one.name === name);
  if (!known) return show(box, empty(`There is no table ${name}.`));
  const names = known.keys.map((key) => key.name);
  const list = h("div", { class: "records" });
  const more = h("button", { type: "button", class: "more", hidden: true, onclick: () => attempt(load) }, "More items");
  const shown = h("span", { class: "note" });
  let next = "";

  async function load() {
    const page = await get(path`/api/tables/${name}/items`, { after: next }, signal);
    list.append(...page.items.map((attributes) => row(attributes, names)));
    next = page.next ?? "";
    more.hidden = !next;
    shown.textContent = next ? `${count(list.childElementCount)} shown` : "";
    if (!list.hasChildNodes()) list.append(empty("The table is empty."));
  }
  const again = h("button", { type: "button", class: "small", onclick: () => {
    next = "";
    show(list);
    attempt(load);
  } }, "Refresh");
  show(box, head(known.logical_id, { parent: ["/tables", "Tables"], note: [h("code", {}, name), " ", copyButton(name)] }),
    panel("Schema", facts([["Key", keys(known.keys)], ...known.indexes.map((index) => [index.name, keys(index.keys)]), ["Items", count(known.items)], ["Size", bytes(known.bytes)],
      ["Expiry", known.ttl && h("code", {}, known.ttl)], ["Stream", known.stream]])),
    panel("Items", [list, more], { wide: true, note: shown, actions: again }));
  return load();
}
