// Messages that come, for who hears the page: each once, and nothing of what was there before.

import { h } from "../../page/dom.js";
import { previewOf } from "../names.js";
import { words } from "./words.js";

const KEPT = 5;

export class Announcing {
  /** @param {{userId: string, name: (id: string) => string}} given */
  constructor({ userId, name }) {
    this._userId = userId;
    this._name = name;
    this._last = -1;
    this.element = h("div", { class: "unseen", "aria-live": "polite" });
  }

  clear() {
    this._last = -1;
    this.element.replaceChildren();
  }

  /** @param {readonly any[]} messages  all that are held of the open conversation */
  came(messages) {
    const before = this._last;
    this._last = messages.reduce((highest, message) => Math.max(highest, message.seq), before);
    if (before < 0) return;
    for (const message of messages) if (message.seq > before && message.sender_id !== this._userId && !message.deleted_at) this._say(message);
  }

  /** @param {any} message */
  _say(message) {
    const text = words().saidBy(this._name(message.sender_id), previewOf(message, words()));
    this.element.append(h("p", {}, text));
    while (this.element.children.length > KEPT) this.element.firstElementChild?.remove();
  }
}
