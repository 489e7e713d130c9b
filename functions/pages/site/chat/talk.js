// The place of the conversation that is open.

import { ConversationView } from "./conversation/view.js";
import { words } from "./words.js";

export class Talk {
  /** @param {HTMLElement} root  @param {HTMLElement} empty shown in its place  @param {import("../chat4all/index.js").LiveClient} live */
  constructor(root, empty, live) {
    this._root = root;
    this._empty = empty;
    this._live = live;
    /** @type {ConversationView | null} */
    this._view = null;
    /** @type {string | null} */
    this._shown = null;
  }

  /** @param {string | null} wanted  @param {boolean} isThere whether it is one of the person's */
  show(wanted, isThere) {
    const id = isThere ? wanted : null;
    this._root.hidden = id === null;
    this._empty.hidden = id !== null;
    if (id === this._shown) return;
    this._shown = id;
    if (id === null) return this.close();
    this._view ??= new ConversationView(this._root, this._live, words);
    this._view.open(id);
  }

  /** With other words. @param {string | null} id */
  again(id) {
    if (!this._view) return;
    this.close();
    this.show(id, true);
  }

  close() {
    this._view?.close();
    this._view = null;
    this._shown = null;
    this._root.replaceChildren();
  }
}
