// One bucket's objects.

import { get, path } from "../api.js";
import { attempt, h, show } from "../dom.js";
import { bytes, clock } from "../format.js";
import { head, panel, search } from "../parts.js";
import { table } from "../table.js";

export default async function bucket(box, { name, signal }) {
  const list = table({ columns: [
    { title: "Key", cell: (one) => h("code", {}, one.key), class: "name" }, { title: "Size", cell: (one) => bytes(one.size), class: "number" },
    { title: "Changed", cell: (one) => clock(Date.parse(one.modified), false), class: "time" }, { title: "ETag", cell: (one) => h("code", {}, one.etag) },
  ], key: (one) => one.key, empty: "There are no objects.", label: "Objects" });
  const more = h("button", { type: "button", class: "more", hidden: true, onclick: () => attempt(load) }, "More objects");
  let objects = [];
  let next = "";
  let prefix = "";
  let timer;

  async function load() {
    const page = await get(path`/api/buckets/${name}/objects`, { prefix, after: next }, signal);
    objects = [...objects, ...page.items];
    next = page.next ?? "";
    more.hidden = !next;
    list.update(objects);
  }
  const filter = search("Prefix", "", (value) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      [prefix, next, objects] = [value, "", []];
      attempt(load);
    }, 250);
  });
  show(box, head(name, { parent: ["/buckets", "Buckets"], actions: filter }), panel("Objects", [list.element, more], { wide: true }));
  await load();
}
