// Tells who does not look that something was said in a conversation that is not open (WCAG 2.2, 4.1.3: status messages).

import { nameOf } from "./names.js";

export class Announcer {
  /** @param {HTMLElement} root a live region  @param {import("../chat4all/index.js").LiveClient} live  @param {() => import("./words.js").Words} words */
  constructor(root, live, words) {
    this._root = root;
    this._live = live;
    this._words = words;
    /** The last message of each conversation, as it was told of. @type {Map<string, string>} */
    this._known = new Map();
  }

  /** @param {string[]} ids of conversations that changed  @param {string | null} openId */
  note(ids, openId) {
    // What was missed is not read out one by one: the list tells how much it is.
    const isNews = this._live.state === "live";
    for (const id of ids) {
      const conversation = this._live.conversation(id);
      const message = conversation?.last_message;
      if (!message || this._known.get(id) === message.message_id) continue;
      this._known.set(id, message.message_id);
      if (!isNews || id === openId || message.sender_id === this._live.userId || !conversation.unread) continue;
      const say = this._words();
      this._root.textContent = say.newFrom(nameOf(this._live.user(message.sender_id), say));
    }
  }
}
