// Beginning a conversation: with one person, or with several as a group.

import { openDialog } from "../page/dialog.js";
import { h, icon } from "../page/dom.js";
import { Avatar } from "./avatar.js";
import { nameOf, otherOf } from "./names.js";
import { PersonPicker } from "./person_picker.js";
import { refusalText } from "./refusals.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {{live: import("../chat4all/index.js").LiveClient, words: () => Words, go: (conversationId: string) => void}} Means */

/** @param {Means} means  @param {string} [name] of somebody who is looked for at once */
export function openNewConversation(means, name = "") {
  new NewConversation(means).open(name);
}

class NewConversation {
  /** @param {Means} means */
  constructor({ live, words, go }) {
    this._live = live;
    this._say = words();
    this._go = go;
    /** @type {Map<string, any>} */
    this._chosen = new Map();
    const say = this._say;
    this._chips = h("ul", { class: "chosen", "aria-label": say.chosen });
    this._title = /** @type {HTMLInputElement} */ (h("input", { name: "title", maxlength: 200, autocomplete: "off" }));
    const optional = h("span", { class: "soft small" }, ` (${say.optional})`);
    this._titleField = h("label", { class: "field" }, h("span", {}, say.groupTitle, optional), this._title);
    this._error = h("p", { class: "error", role: "alert", hidden: true });
    this._submit = /** @type {HTMLButtonElement} */ (h("button", { class: "primary" }));
    const why = (/** @type {string} */ id) => (this._chosen.has(id) ? say.chosenAlready : "");
    this._picker = new PersonPicker({ live, words, why, choose: (user) => this._choose(user) });
  }

  /** @param {string} name */
  open(name) {
    const say = this._say;
    const cancel = h("button", { type: "button", onclick: () => this._dialog?.close() }, say.cancel);
    const form = h("form", { class: "dialog-body", novalidate: true },
      this._chips, this._picker.element, this._titleField, this._error, h("footer", { class: "dialog-acts" }, cancel, this._submit));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this._create();
    });
    this._dialog = openDialog({ title: say.newConversation, close: say.close }, form);
    this._picker.input.value = name;
    this._picker.show();
    this._picker.input.focus();
    this._show();
  }

  /** @param {any} user */
  _choose(user) {
    this._chosen.set(user.id, user);
    this._show();
  }

  _show() {
    const say = this._say;
    this._chips.replaceChildren(...[...this._chosen.values()].map((user) => this._chip(user)));
    this._chips.hidden = this._chosen.size === 0;
    this._titleField.hidden = this._chosen.size < 2;
    this._submit.textContent = this._chosen.size < 2 ? say.startPrivate : say.startGroup(this._chosen.size + 1);
    this._tell("");
  }

  /** @param {any} user */
  _chip(user) {
    const name = nameOf(user, this._say);
    const drop = () => {
      this._chosen.delete(user.id);
      this._show();
      this._picker.show();
      this._picker.input.focus();
    };
    const cross = h("button", { type: "button", class: "quiet", "aria-label": this._say.removeChosen(name), onclick: drop }, icon("cross"));
    return h("li", { class: "chosen-one" }, new Avatar("tiny").show({ id: user.id, name }), h("span", { dir: "auto" }, name), cross);
  }

  async _create() {
    if (!this._chosen.size) {
      this._tell(this._say.chooseSomebody);
      return this._picker.input.focus();
    }
    const ids = [...this._chosen.keys()];
    const known = ids.length === 1 ? this._privateWith(ids[0]) : null;
    if (known) return this._end(known);
    this._submit.disabled = true;
    try {
      const title = ids.length > 1 ? this._title.value.trim() : "";
      const made = await this._live.createConversation({ type: ids.length > 1 ? "group" : "private", member_ids: ids, ...(title ? { title } : {}) });
      return this._end(made.id);
    } catch (error) {
      return this._tell(refusalText(error, this._say));
    } finally {
      this._submit.disabled = false;
    }
  }

  /** The conversation of two that is there already. @param {string} userId */
  _privateWith(userId) {
    return this._live.conversations().find((one) => otherOf(one, this._live.userId) === userId)?.id ?? null;
  }

  /** @param {string} conversationId */
  _end(conversationId) {
    this._dialog?.close();
    this._go(conversationId);
  }

  /** @param {string} text */
  _tell(text) {
    this._error.hidden = !text;
    this._error.textContent = text;
  }
}
