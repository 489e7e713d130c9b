// The place of the conversation that is open.

import { ConversationView } from "./conversation/view.js";

/** @typedef {import("./conversation/view.js").Means} Means */

export class Talk {
  /** @param {HTMLElement} root  @param {import("../chat4all/index.js").LiveClient} live  @param {Means} means */
  constructor(root, live, means) {
    this._root = root;
    this._view = new ConversationView(root, live, means);
    /** @type {string | null} */
    this._shown = null;
  }

  /** @param {string | null} id null: none */
  show(id) {
    this._root.hidden = id === null;
    if (id === this._shown) return;
    this._shown = id;
    if (id === null) this._view.close();
    else this._view.open(id);
  }

  /** For good. */
  end() {
    this._view.end();
  }
}
