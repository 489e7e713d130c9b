// All topics, and the mappings that read them.

import { h, show } from "../dom.js";
import { count } from "../format.js";
import { subscribe } from "../live.js";
import { breakable, functionLink, head, panel, search, state, topicPath } from "../parts.js";
import { table } from "../table.js";
import { topicColumns } from "./overview.js";

const columns = [topicColumns[0], { title: "Partitions", cell: (one) => count(one.partitions), class: "number" }, ...topicColumns.slice(1)];

const mappingColumns = [
  { title: "Mapping", cell: (one) => one.logical_id, class: "name" },
  { title: "Function", cell: (one) => functionLink(one.function), class: "name" },
  { title: "Topic", cell: (one) => h("a", { href: topicPath(one.topic) }, breakable(one.topic)), class: "name" },
  { title: "State", cell: (one) => state(one.state, one.state_reason) },
  { title: "Lag", cell: (one) => h("span", { class: one.lag ? "warn" : "zero" }, count(one.lag)), class: "number" },
  { title: "Last result", cell: (one) => h("span", { class: "what" }, one.state_reason ?? one.last_result) },
];

export default function topics(box, { signal }) {
  const list = table({ columns, key: (one) => one.name, href: (one) => topicPath(one.name), empty: "There is no topic with that in its name.", label: "Topics" });
  const mappings = table({ columns: mappingColumns, key: (one) => one.logical_id, empty: "The template has no Kafka mappings.", label: "Mappings" });
  const problem = h("p", { class: "banner bad", hidden: true });
  let latest = [];
  let text = "";
  const update = () => list.update(latest.filter((one) => one.name.toLowerCase().includes(text)));
  show(box, head("Topics", { actions: search("Filter topics", "", (value) => {
    text = value.toLowerCase();
    update();
  }) }), problem, panel("Topics", list.element, { wide: true }), panel("Mappings", mappings.element, { wide: true }));
  subscribe("status", {}, (status) => {
    latest = status.topics;
    update();
    mappings.update(status.mappings);
    problem.hidden = !status.kafka_error;
    problem.textContent = `Kafka: ${status.kafka_error}`;
  }, signal);
}
