// An answer of a function, alone or beside a former one.

import { copyButton, h } from "./dom.js";
import { duration } from "./format.js";
import { invocationPath, state } from "./parts.js";
import { textView } from "./payload.js";
import { lines } from "./log_view.js";
import { prettyText } from "./json_text.js";

/** Of `invocations.run_raw`. */
export function answerView(answer, title) {
  return h("div", { class: "answer" },
    h("header", { class: "answer-head" }, h("strong", {}, title), answer.function_error ? h("span", { class: "state bad" }, h("i"), answer.function_error) : state("ok"),
      answer.waited_ms !== undefined && h("span", { class: "note" }, duration(answer.waited_ms)), copyButton(answer.response),
      answer.link !== false && h("a", { href: invocationPath(answer.request_id) }, "Open")),
    textView(answer.response),
    answer.log?.length > 0 && h("details", {}, h("summary", {}, `${answer.log.length} log lines`), lines(answer.log)));
}

/** The same JSON, however it is written. */
export const same = (one, other) => prettyText(one) === prettyText(other);
