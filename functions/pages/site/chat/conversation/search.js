// Looking for words in what is loaded of a conversation.

import { h, icon } from "../../page/dom.js";
import { words } from "./words.js";

/** @typedef {{find: (sought: string) => any[], goTo: (messageId: string) => void, changed: () => void, isMore: () => boolean, older: () => Promise<unknown>, left: () => void}} Given */

export class Search {
  /** @param {Given} given */
  constructor(given) {
    this._given = given;
    /** @type {string[]} */
    this._found = [];
    /** The one that is shown. */
    this._id = "";
    this._field = /** @type {HTMLInputElement} */ (h("input", { type: "search", autocomplete: "off", spellcheck: "false", enterkeyhint: "search" }));
    this._count = h("p", { class: "search-count soft", role: "status" });
    this._older = h("button", { type: "button", class: "link", onclick: () => void this._loadOlder() });
    this._previous = this._button("older", () => this._step(-1));
    this._next = this._button("newer", () => this._step(1));
    this._cross = this._button("cross", () => this.close());
    const row = [icon("search"), this._field, this._count, this._older, this._previous, this._next, this._cross];
    this.element = h("div", { class: "search-bar", role: "search", hidden: true }, ...row);
    this._field.addEventListener("input", () => this._look());
    this.element.addEventListener("keydown", (event) => this._key(event));
  }

  /** Words that are to stand out; empty while nothing is looked for. */
  get sought() {
    return this.element.hidden ? "" : this._field.value.trim();
  }

  open() {
    const say = words();
    for (const [element, text] of /** @type {[HTMLElement, string][]} */ ([[this._previous, say.previous], [this._next, say.next], [this._cross, say.close], [this._field, say.searchHere], [this.element, say.searchHere]])) {
      if (element !== this.element) element.title = text;
      element.setAttribute("aria-label", text);
    }
    this._field.placeholder = say.searchHint;
    this._older.textContent = say.searchOlder;
    this.element.hidden = false;
    this._field.select();
    this._field.focus();
    this._look();
  }

  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this._field.value = "";
    this._found = [];
    this._given.changed();
    this._given.left();
  }

  /** There may be other messages. */
  refresh() {
    if (this.element.hidden) return;
    const { sought } = this;
    this._found = sought ? this._given.find(sought).map((message) => message.message_id) : [];
    if (!this._found.includes(this._id)) this._id = "";
    this._show();
  }

  /** Other words: the newest message that has them is gone to. */
  _look() {
    this._given.changed();
    if (this._found.length) this._go(this._id || this._found[this._found.length - 1]);
    this._show();
  }

  /** @param {1 | -1} step */
  _step(step) {
    const count = this._found.length;
    if (!count) return;
    this._go(this._found[(this._found.indexOf(this._id) + step + count) % count]);
    this._show();
  }

  /** @param {string} id */
  _go(id) {
    this._id = id;
    this._given.goTo(id);
  }

  async _loadOlder() {
    await this._given.older();
    this._given.changed();
  }

  _show() {
    const say = words();
    const count = this._found.length;
    // The newest is the first: it is where one begins.
    const told = !this.sought ? "" : count ? say.searchCount(count - this._found.indexOf(this._id), count) : say.searchNothing;
    if (this._count.textContent !== told) this._count.textContent = told;
    for (const button of [this._previous, this._next]) /** @type {HTMLButtonElement} */ (button).disabled = count === 0;
    this._older.hidden = !this.sought || !this._given.isMore();
  }

  /** @param {Parameters<typeof icon>[0]} picture  @param {() => void} act */
  _button(picture, act) {
    return h("button", { type: "button", class: "quiet icon", onclick: act }, icon(picture));
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && event.target === this._field) {
      event.preventDefault();
      this._step(event.shiftKey ? 1 : -1);
    }
  }
}
