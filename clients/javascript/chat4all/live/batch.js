// Changes that are written to the store in one transaction.

/** @typedef {import("./types.js").Batch} Batch */

/** @param {Partial<Batch>} [some]  @returns {Batch} */
export function batch(some = {}) {
  return { conversations: [], messages: [], lost: [], forgotten: [], entries: [], settled: [], marks: [], ...some };
}

/** Gathers batches into one, of each thing the newest. */
export class Gathering {
  constructor() {
    /** @type {Map<string, import("./types.js").Conversation>} */
    this._conversations = new Map();
    /** @type {Map<string, Map<number, import("./types.js").Message>>} */
    this._messages = new Map();
    /** @type {Map<string, import("./types.js").Entry>} */
    this._entries = new Map();
    /** @type {Map<string, import("./types.js").Mark>} */
    this._marks = new Map();
    /** @type {Set<string>} */
    this._lost = new Set();
    /** @type {Set<string>} */
    this._settled = new Set();
    /** @type {Map<string, number>} */
    this._forgotten = new Map();
  }

  /** @param {Batch} given */
  add(given) {
    for (const id of given.lost) this._lose(id);
    for (const [id, below] of given.forgotten) this._forget(id, below);
    for (const one of given.conversations) this._conversations.set(one.id, one);
    for (const one of given.messages) this._of(one.conversation_id).set(one.seq, one);
    for (const one of given.entries) this._entries.set(one.message_id, one);
    for (const id of given.settled) {
      this._entries.delete(id);
      this._settled.add(id);
    }
    for (const mark of given.marks) this._marks.set(mark.conversation_id, mark);
  }

  /** What was gathered: `lost` and `forgotten` come before what is put. @returns {Batch} */
  take() {
    return {
      conversations: [...this._conversations.values()],
      messages: [...this._messages.values()].flatMap((messages) => [...messages.values()]),
      lost: [...this._lost],
      forgotten: [...this._forgotten],
      entries: [...this._entries.values()],
      settled: [...this._settled],
      marks: [...this._marks.values()],
    };
  }

  /** @param {string} id */
  _of(id) {
    const found = this._messages.get(id) ?? new Map();
    this._messages.set(id, found);
    return found;
  }

  /** @param {string} id */
  _lose(id) {
    this._conversations.delete(id);
    this._messages.delete(id);
    this._forgotten.delete(id);
    this._marks.delete(id);
    this._lost.add(id);
  }

  /** @param {string} id  @param {number} below */
  _forget(id, below) {
    this._forgotten.set(id, Math.max(below, this._forgotten.get(id) ?? 0));
    for (const seq of this._of(id).keys()) if (seq < below) this._of(id).delete(seq);
  }
}
