// What is new to the person in the open conversation: the line above it, how many lie below, what counts as read.

/** @typedef {import("../../chat4all/index.js").LiveClient} LiveClient */

export class Reading {
  /** @param {LiveClient} live */
  constructor(live) {
    this._live = live;
    this._id = "";
    /** The number above which the line stands. @type {number | null} */
    this.unreadFrom = null;
    this._seen = 0;
    this._last = 0;
  }

  /** @param {string} conversationId  @param {any} conversation */
  open(conversationId, conversation) {
    this._id = conversationId;
    this._seen = this._last = 0;
    this.unreadFrom = conversation?.unread ? conversation.read_seq + 1 : null;
  }

  /** Other messages are held. @param {readonly any[]} messages  @param {boolean} isWatched whether somebody is looking */
  came(messages, isWatched) {
    const before = this._last;
    this._last = messages.reduce((highest, message) => Math.max(highest, message.seq), before);
    if (isWatched || this.unreadFrom !== null || !before) return;
    // Who comes back to the window sees where to go on.
    this.unreadFrom = messages.find((message) => message.seq > before && this._isNew(message))?.seq ?? null;
  }

  /** The person has answered: nothing of before is new any more. */
  answered() {
    this.unreadFrom = null;
  }

  /** @param {number} seq the highest that is on the screen  @param {boolean} isWatched */
  seen(seq, isWatched) {
    this._seen = Math.max(this._seen, seq);
    if (isWatched && this._seen) this._live.read(this._id, this._seen);
  }

  /** Messages of others below what was seen. @param {readonly any[]} messages */
  below(messages) {
    let count = 0;
    for (let at = messages.length - 1; at >= 0 && (messages[at].seq === 0 || messages[at].seq > this._seen); at--) if (this._isNew(messages[at])) count++;
    return count;
  }

  /** @param {any} message */
  _isNew(message) {
    return message.seq > 0 && message.sender_id !== this._live.userId && !message.deleted_at;
  }
}
