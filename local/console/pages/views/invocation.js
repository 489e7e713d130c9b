// One invocation: what went in, what came out, and the same again.

import { get, path } from "../api.js";
import { answerView, same } from "../answer_view.js";
import { copy, h, show } from "../dom.js";
import { eventEditor } from "../event_editor.js";
import { bytes, clock, duration, iso } from "../format.js";
import { prettyText } from "../json_text.js";
import { lines } from "../log_view.js";
import { functionLink, head, outcome, panel, stat } from "../parts.js";
import { textView } from "../payload.js";
import { called } from "../stack.js";

export default async function invocation(box, { name: id, signal }) {
  const one = await get(path`/api/invocations/${id}`, {}, signal);
  const answers = h("div", { class: "answers", "aria-live": "polite" });
  const former = () => answerView({ ...one, function_error: one.outcome === "ok" ? null : one.outcome, log: [], link: false }, `Captured at ${clock(one.started_at, false)}`);

  function replayed(answer) {
    const verdict = same(answer.response, one.response) ? h("p", { class: "note good" }, "The answer is the same.") : h("p", { class: "note warn" }, "The answer differs.");
    show(answers, verdict, h("div", { class: "beside" }, former(), answerView(answer, "Replayed just now")));
    answers.scrollIntoView({ block: "nearest" });
  }

  const editor = eventEditor({ given: prettyText(one.event), url: path`/api/invocations/${id}/replay`, label: "Replay this event", after: replayed, unchanged: true });
  const edit = h("details", { class: "edit" }, h("summary", {}, "Edit the event first"), editor.element);
  show(box, head(h("code", {}, id), {
    parent: ["/invocations", "Invocations"],
    note: [functionLink(one.function), " · ", h("span", { class: "badge" }, one.source), " · ", h("time", { title: iso(one.started_at) }, clock(one.started_at))],
    actions: [h("button", { type: "button", onclick: () => copy(one.event, "The event is copied") }, "Copy event"), h("button", { type: "button", class: "primary", onclick: editor.run }, "Replay")],
  }),
  h("div", { class: "stats" }, stat("Outcome", outcome(one)), stat("Duration", duration(one.duration_ms)),
    one.init_ms !== null && stat("Init", duration(one.init_ms)), one.max_memory_mb && stat("Memory", `${one.max_memory_mb} MB`),
    stat("Event", bytes(one.event_bytes)), stat("Response", bytes(one.response_bytes))),
  one.error_message && h("p", { class: "banner bad" }, h("strong", {}, one.error_type), " ", one.error_message),
  answers,
  h("div", { class: "beside" }, panel("Event", textView(one.event)), panel("Response", one.response ? textView(one.response) : h("p", { class: "empty" }, "Nothing was answered."))),
  panel("Replay", edit, { note: `Runs ${called(one.function)} again, with all its effects` }),
  panel("Log", one.log.length ? lines(one.log) : h("p", { class: "empty" }, "It wrote nothing."), { wide: true }));
}
