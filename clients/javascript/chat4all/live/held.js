// What is held in memory: all conversations, and the messages of those that were looked at or told of.

import { readUpTo } from "./rules.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Conversation} Conversation
 * @typedef {import("./types.js").Entry} Entry
 * @typedef {import("./types.js").Batch} Batch
 */

export class Held {
  /** @param {string} me */
  constructor(me) {
    this.me = me;
    /** @type {Map<string, Conversation>} */
    this.conversations = new Map();
    /** @type {Map<string, Messages>} */
    this._messages = new Map();
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    /** @type {Map<string, import("./types.js").Mark>} */
    this.marks = new Map();
  }

  /** @param {string} id */
  isLoaded(id) {
    return this._messages.has(id);
  }

  clear() {
    for (const map of [this.conversations, this._messages, this.entries, this.marks]) map.clear();
  }

  /** Messages as the store has them. @param {string} id  @param {Message[]} messages */
  load(id, messages) {
    this._messages.set(id, new Messages(messages));
  }

  /** @param {Batch} batch */
  apply(batch) {
    for (const id of batch.lost) {
      this.conversations.delete(id);
      this._messages.delete(id);
    }
    for (const [id, below] of batch.forgotten) this._messages.get(id)?.forget(below);
    for (const one of batch.conversations) this.conversations.set(one.id, one);
    for (const one of batch.messages) this._messages.get(one.conversation_id)?.put(one);
    for (const one of batch.entries) this.entries.set(one.message_id, one);
    for (const id of batch.settled) this.entries.delete(id);
    for (const mark of batch.marks) this._mark(mark);
  }

  /** Held messages, oldest first. @param {string} id  @returns {readonly Message[]} */
  messages(id) {
    return this._messages.get(id)?.sorted() ?? [];
  }

  /** @param {string} messageId  @returns {Message | undefined} */
  find(messageId) {
    for (const messages of this._messages.values()) {
      const found = messages.find(messageId);
      if (found) return found;
    }
    return undefined;
  }

  /** Entries that wait, in the order of writing. @param {string} [id] of one conversation */
  waiting(id) {
    const all = [...this.entries.values()].filter((entry) => id === undefined || entry.conversation_id === id);
    return all.sort((a, b) => a.order - b.order);
  }

  /** @param {Conversation} conversation  @returns {import("./rules.js").View} */
  view(conversation) {
    const messages = this._messages.get(conversation.id) ?? new Messages([]);
    return {
      me: this.me,
      conversation,
      at: (seq) => messages.at(seq),
      find: (messageId) => messages.find(messageId),
      othersAfter: (seq) => messages.othersAfter(seq, this.me),
    };
  }

  /** The conversation as the user sees it: what was read here counts at once. @param {Conversation} conversation */
  seen(conversation) {
    const mark = this.marks.get(conversation.id);
    return mark ? this.raised(conversation, mark.delivered_seq, mark.read_seq) : conversation;
  }

  /** @param {Conversation} conversation  @param {number} delivered  @param {number} read  @returns {Conversation} with these own watermarks */
  raised(conversation, delivered, read) {
    return readUpTo(this.view(conversation), conversation, delivered, read);
  }

  /** Number of the last message of somebody else's below which nothing is missing; 0: none. @param {Conversation} conversation */
  lastOfOthers({ id, through, last_message: last }) {
    if (last && last.seq <= through && last.sender_id !== this.me) return last.seq;
    return this.messages(id).findLast((one) => one.seq <= through && one.sender_id !== this.me)?.seq ?? 0;
  }

  /** @param {import("./types.js").Mark} mark */
  _mark(mark) {
    if (mark.delivered_seq || mark.read_seq) this.marks.set(mark.conversation_id, mark);
    else this.marks.delete(mark.conversation_id);
  }
}

/** Messages of one conversation. */
class Messages {
  /** @param {Message[]} messages */
  constructor(messages) {
    /** @type {Map<number, Message>} */
    this._bySeq = new Map(messages.map((one) => [one.seq, one]));
    /** @type {Map<string, number>} */
    this._seqs = new Map(messages.map((one) => [one.message_id, one.seq]));
    /** @type {Message[] | null} */
    this._sorted = null;
  }

  /** @param {number} seq */
  at(seq) {
    return this._bySeq.get(seq);
  }

  /** @param {string} messageId */
  find(messageId) {
    return this._bySeq.get(this._seqs.get(messageId) ?? -1);
  }

  /** @param {Message} message */
  put(message) {
    this._bySeq.set(message.seq, message);
    this._seqs.set(message.message_id, message.seq);
    this._sorted = null;
  }

  /** @param {number} below */
  forget(below) {
    for (const [seq, message] of this._bySeq) {
      if (seq >= below) continue;
      this._bySeq.delete(seq);
      this._seqs.delete(message.message_id);
    }
    this._sorted = null;
  }

  sorted() {
    return (this._sorted ??= [...this._bySeq.values()].sort((a, b) => a.seq - b.seq));
  }

  /** @param {number} seq  @param {string} me */
  othersAfter(seq, me) {
    let count = 0;
    const sorted = this.sorted();
    for (let at = sorted.length - 1; at >= 0 && sorted[at].seq > seq; at--) if (sorted[at].sender_id !== me) count++;
    return count;
  }
}
