// An event to invoke with: JSON that is checked while it is written.

import { post } from "./api.js";
import { attempt, h, show } from "./dom.js";
import { parse, prettyText } from "./json_text.js";

/** {element, run}: `act(event)` gets the text, or null where it was not changed; `after(answer)` shows what came. */
export function eventEditor({ given, url, label, after, unchanged }) {
  const area = h("textarea", { class: "code", spellcheck: "false", rows: Math.min(28, Math.max(6, given.split("\n").length + 1)), "aria-label": "Event" });
  area.value = given;
  const wrong = h("p", { class: "note bad", role: "alert" });
  const button = h("button", { type: "button", class: "primary", onclick: run }, label);
  const format = h("button", { type: "button", class: "small quiet", onclick: () => {
    area.value = prettyText(area.value);
  } }, "Format");

  function check() {
    try {
      parse(area.value);
      show(wrong);
      button.disabled = false;
    } catch (error) {
      show(wrong, `No JSON: ${error.message}`);
      button.disabled = true;
    }
  }

  async function run() {
    button.disabled = true;
    const body = unchanged && area.value === given ? "{}" : `{"event": ${area.value}}`;
    const answer = await attempt(() => post(url, body));
    check();
    if (answer) after(answer);
  }

  area.addEventListener("input", check);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !button.disabled) run();
  });
  return { element: h("div", { class: "editor" }, area, wrong, h("div", { class: "actions" }, button, format, h("span", { class: "note" }, "Ctrl-Enter"))), run };
}
