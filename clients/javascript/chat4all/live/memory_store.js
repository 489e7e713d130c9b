// A store for one visit, where the browser keeps nothing: as IndexedDbStore, in memory.

/** @typedef {import("./types.js").Batch} Batch */
/** @typedef {import("./types.js").Message} Message */

export class MemoryStore {
  constructor() {
    this.isLasting = false;
    /** @type {Map<string, import("./types.js").Conversation>} */
    this._conversations = new Map();
    /** @type {Map<string, Map<number, Message>>} */
    this._messages = new Map();
    /** @type {Map<string, import("./types.js").Entry>} */
    this._entries = new Map();
    /** @type {Map<string, import("./types.js").Mark>} */
    this._marks = new Map();
  }

  /** What is there when a client begins; messages come by `messages`. */
  async all() {
    const { _conversations: conversations, _entries: entries, _marks: marks } = this;
    return { conversations: [...conversations.values()], entries: [...entries.values()], marks: [...marks.values()], users: [] };
  }

  /** Of a conversation, oldest first. @param {string} id  @returns {Promise<Message[]>} */
  async messages(id) {
    return [...(this._messages.get(id)?.values() ?? [])].sort((a, b) => a.seq - b.seq);
  }

  /** @param {Batch} batch */
  async commit(batch) {
    for (const id of batch.lost) {
      this._conversations.delete(id);
      this._messages.delete(id);
    }
    for (const [id, below] of batch.forgotten) {
      for (const seq of this._messages.get(id)?.keys() ?? []) if (seq < below) this._messages.get(id)?.delete(seq);
    }
    for (const one of batch.conversations) this._conversations.set(one.id, one);
    for (const one of batch.messages) this._put(one);
    for (const one of batch.entries) this._entries.set(one.message_id, one);
    for (const id of batch.settled) this._entries.delete(id);
    for (const mark of batch.marks) this._mark(mark);
  }

  /** @param {import("./types.js").User[]} _users */
  async keepUsers(_users) {}

  async clear() {
    for (const map of [this._conversations, this._messages, this._entries, this._marks]) map.clear();
  }

  close() {}

  /** @param {Message} message */
  _put(message) {
    const messages = this._messages.get(message.conversation_id) ?? new Map();
    this._messages.set(message.conversation_id, messages.set(message.seq, message));
  }

  /** @param {import("./types.js").Mark} mark */
  _mark(mark) {
    if (mark.delivered_seq || mark.read_seq) this._marks.set(mark.conversation_id, mark);
    else this._marks.delete(mark.conversation_id);
  }
}
