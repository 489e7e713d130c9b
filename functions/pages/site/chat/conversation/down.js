// The button to the newest message, with the number of those that came below what is seen.

import { h, icon } from "../../page/dom.js";
import { words } from "./words.js";

export class Down {
  /** @param {() => void} press */
  constructor(press) {
    this._count = h("span", { class: "down-count" });
    this.element = h("button", { type: "button", class: "down", hidden: true, onclick: press }, this._count, icon("newer"));
  }

  /** @param {boolean} isAtBottom  @param {number} below */
  show(isAtBottom, below) {
    this.element.hidden = isAtBottom;
    const count = below ? String(below) : "";
    if (this._count.textContent !== count) this._count.textContent = count;
    this.element.setAttribute("aria-label", below ? words().newBelow(below) : words().toBottom);
  }
}
