// The round picture of a person or a group: initials on a colour that stays, with a dot for who is online.

import { h, icon } from "../page/dom.js";
import { initialsOf, toneOf } from "./names.js";

export class Avatar {
  /** @param {string} [size] `small` or `large` */
  constructor(size = "") {
    this._text = h("span");
    this._dot = h("span", { class: "avatar-dot" });
    this._people = icon("people");
    this.element = h("span", { class: `avatar ${size}`.trim(), "aria-hidden": "true" }, this._text, this._dot);
  }

  /** @param {{id: string, name: string, status?: string | null, isGroup?: boolean}} of */
  show({ id, name, status = null, isGroup = false }) {
    this.element.dataset.tone = String(toneOf(id));
    this.element.classList.toggle("group", isGroup);
    this._dot.hidden = status !== "online";
    if (isGroup) this._text.replaceChildren(this._people);
    else this._text.textContent = initialsOf(name);
    return this.element;
  }
}
