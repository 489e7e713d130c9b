// All functions.

import { h, show } from "../dom.js";
import { clock } from "../format.js";
import { subscribe } from "../live.js";
import { functionPath, head, panel, search } from "../parts.js";
import { called } from "../stack.js";
import { table } from "../table.js";
import { functionColumns } from "./overview.js";

const columns = [...functionColumns, { title: "Longest", cell: (one) => (one.max_ms === null ? "–" : `${Math.round(one.max_ms).toLocaleString("en")} ms`), class: "number" },
  { title: "Last", cell: (one) => (one.last_at === null ? h("span", { class: "zero" }, "never") : clock(one.last_at, false)), class: "time" }];

export default function functions(box, { signal }) {
  const list = table({ columns, key: (one) => one.name, href: (one) => functionPath(one.name), empty: "No function has that in its name.", label: "Functions" });
  let latest = [];
  let text = "";
  const update = () => list.update(latest.filter((one) => called(one.name).toLowerCase().includes(text)));
  show(box, head("Functions", { actions: search("Filter functions", "", (value) => {
    text = value.toLowerCase();
    update();
  }) }), panel("Functions", list.element, { wide: true, bare: true }));
  subscribe("status", {}, (status) => {
    latest = [...status.functions].sort((one, other) => one.logical_id.localeCompare(other.logical_id));
    update();
  }, signal);
}
