// What stands between messages: days, the line above what is new, the beginning.

import { h } from "../../page/dom.js";
import { day } from "./dates.js";
import { words } from "./words.js";

/** @param {() => boolean} isEmpty whether nothing has been said yet  @returns {import("./log.js").Drawn} */
export function divider(isEmpty) {
  const text = h("span");
  const element = h("div", { class: "divider" }, text);
  return {
    element,
    show: ({ kind, at }) => {
      const say = words();
      element.dataset.kind = kind;
      element.setAttribute("role", kind === "unread" || kind === "day" ? "separator" : "note");
      const said = kind === "day" ? day(Number(at)) : kind === "unread" ? say.unreadLine : isEmpty() ? say.empty : say.beginning;
      if (text.textContent !== said) text.textContent = said;
    },
  };
}
