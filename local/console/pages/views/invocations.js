// Everything that ran.

import { h, show } from "../dom.js";
import { invocationList } from "../invocation_list.js";
import { choice, head, panel, search, toggle } from "../parts.js";
import { remember } from "../router.js";
import { functions } from "../stack.js";

export default async function invocations(box, { query, signal }) {
  const filters = { function: query.get("function") ?? "", source: query.get("source") ?? "", errors: query.get("errors") === "1", text: query.get("text") ?? "" };
  const sources = h("span");
  let timer;
  const change = (next) => {
    list.filter(next);
    remember({ ...filters, errors: filters.errors ? "1" : "" });
  };
  const typed = (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => change({ text }), 250);
  };
  const list = invocationList(filters, signal, { onSources: (known) => sources.hasChildNodes() || sources.append(
    choice("Source", [["", "All sources"], ...known.map((one) => [one, one])], filters.source, (source) => change({ source }))) });
  show(box, head("Invocations", { note: "As they happen, newest first" }),
    h("div", { class: "filters" },
      search("Text in events, responses and logs", filters.text, typed),
      choice("Function", [["", "All functions"], ...functions()], filters.function, (value) => change({ function: value })),
      sources, toggle("Failures only", filters.errors, (errors) => change({ errors }))),
    panel("Invocations", list.element, { wide: true, bare: true }));
  await list.filter({});
}
