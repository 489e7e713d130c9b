// All buckets.

import { get, path } from "../api.js";
import { show } from "../dom.js";
import { head, panel } from "../parts.js";
import { table } from "../table.js";

export default async function buckets(box, { signal }) {
  const list = table({ columns: [{ title: "Bucket", cell: (one) => one.logical_id, class: "name" }, { title: "Name", cell: (one) => one.name }],
    key: (one) => one.name, href: (one) => path`/buckets/${one.name}`, empty: "The template has no buckets.", label: "Buckets" });
  show(box, head("Buckets", { note: "Read only" }), panel("Buckets", list.element, { wide: true, bare: true }));
  list.update((await get("/api/buckets", {}, signal)).items);
}
