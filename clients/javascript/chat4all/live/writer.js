// Applies what comes in, in order: to memory, and with how far it reaches to the store, in one transaction.

import { batch, Gathering } from "./batch.js";
import { complete } from "./documents.js";
import { Jobs } from "./jobs.js";
import { effect, KNOWN } from "./rules.js";

/**
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").Batch} Batch
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./memory_store.js").MemoryStore | import("./store.js").IndexedDbStore} Store
 *
 * @typedef {object} Hooks
 * @property {(batch: Batch) => void} onApplied  memory is changed
 * @property {(batch: Batch) => void} onStored
 * @property {(error: unknown) => void} onStoreFailed
 * @property {(id: string) => void} onUnknown  a conversation of which nothing is held
 * @property {(id: string) => void} onLoaded
 * @property {(id: string) => void} onStale  its document has to be asked for
 * @property {(messageId: string) => Promise<Message | null>} whole  the message of a frame that was too large; null: it is there no more
 * @property {() => void} onBroken  frames of this connection cannot be taken
 * @property {(frame: Frame) => void} onOther  frames that change nothing that is stored
 */

const AT_ONCE = 500;
const HELD_MAX = 1_000;

export class Writer {
  /** @param {import("./held.js").Held} held  @param {Store} store  @param {Hooks} hooks */
  constructor(held, store, hooks) {
    this._held = held;
    this._store = store;
    this._hooks = hooks;
    this._jobs = new Jobs();
    /** @type {Frame[]} */
    this._frames = [];
    /** Data about messages that are not held, while a page in which they may stand is on its way. @type {Map<string, any[]>} */
    this._late = new Map();
    /** How many frames of each kind came that we do not know. @type {Map<string, number>} */
    this.unknownKinds = new Map();
    this._isEnded = false;
    this._hasFailed = false;
    this._isBroken = false;
  }

  /** @param {Frame} frame */
  take(frame) {
    this._frames.push(frame);
    if (this._frames.length === 1) void this.run(() => this._drain());
  }

  /** @template T  @param {() => T | Promise<T>} task  @returns {Promise<T>} */
  run(task) {
    return this._jobs.run(() => (this._isEnded ? /** @type {Promise<T>} */ (new Promise(() => {})) : task()));
  }

  /** What was taken so far is applied and stored. @returns {Promise<void>} */
  async idle() {
    while (this._frames.length) await this.run(() => {});
    await this.run(() => {});
  }

  /** Apply and store; to be called within `run`. @param {Partial<Batch>} some */
  async write(some) {
    const whole = this._settled(batch(some));
    this._apply(whole);
    await this._commit(whole);
  }

  /** Messages of a conversation in memory; to be called within `run`. @param {string} id */
  async load(id) {
    if (this._held.isLoaded(id)) return;
    const conversation = this._held.conversations.get(id);
    // What lies below is of an earlier time, when the store could not be written.
    const messages = (await this._store.messages(id)).filter((one) => one.seq >= (conversation?.loaded_from ?? 0));
    this._held.load(id, messages.slice(-HELD_MAX));
    this._hooks.onLoaded(id);
    if (messages.length <= HELD_MAX || !conversation) return;
    const loaded_from = messages[messages.length - HELD_MAX].seq;
    await this.write({ forgotten: [[id, loaded_from]], conversations: [{ ...conversation, loaded_from }] });
  }

  /** From now on what is told about messages that are not held is kept for `late`. @param {string} id */
  expectPage(id) {
    this._late.set(id, []);
  }

  /** What was told meanwhile. @param {string} id  @returns {any[]} */
  late(id) {
    const found = this._late.get(id) ?? [];
    this._late.delete(id);
    return found;
  }

  end() {
    this._isEnded = true;
    this._frames = [];
  }

  async _drain() {
    const gathering = new Gathering();
    const frames = this._frames.slice(0, AT_ONCE);
    for (const frame of frames) {
      const change = await this._effect(frame).catch(() => this._break());
      if (this._isBroken) break;
      if (!change) continue;
      const whole = this._settled(change);
      this._apply(whole);
      gathering.add(whole);
    }
    this._frames.splice(0, frames.length);
    this._isBroken = false;
    if (this._frames.length) void this.run(() => this._drain());
    await this._commit(gathering.take());
  }

  /** What follows may say that what cannot be taken is held: it is left to the next connection's sync. */
  _break() {
    this._isBroken = true;
    this._frames = [];
    this._hooks.onBroken();
    return null;
  }

  /** @param {Frame} given  @returns {Promise<Frame | null>} the same, with all of its message */
  async _whole(given) {
    if (!given.data?.truncated || !given.data.message_id) return given;
    const data = await this._hooks.whole(given.data.message_id);
    return data && { ...given, data };
  }

  /** @param {Frame} given  @returns {Promise<Batch | null>} */
  async _effect(given) {
    const frame = await this._whole(given);
    if (!frame) return null;
    if (!KNOWN.has(frame.type)) this.unknownKinds.set(frame.type, (this.unknownKinds.get(frame.type) ?? 0) + 1);
    if (frame.type === "sync.done") return this._synced(frame);
    this._hooks.onOther(frame);
    const id = frame.conversation_id;
    if (!id || frame.type === "typing" || !KNOWN.has(frame.type)) return null;
    if (!this._held.conversations.has(id)) {
      this._hooks.onUnknown(id);
      return null;
    }
    await this.load(id);
    const conversation = this._held.conversations.get(id);
    return conversation ? this._changed(conversation, frame) : null;
  }

  /** @param {import("./types.js").Conversation} conversation  @param {Frame} frame */
  _changed(conversation, frame) {
    const change = effect(this._held.view(conversation), frame);
    if (!change) return null;
    if (change.late) this._late.get(conversation.id)?.push(change.late);
    if (change.isStale) this._hooks.onStale(conversation.id);
    if (change.conversation === conversation && !change.messages.length) return null;
    return batch({ conversations: change.conversation === conversation ? [] : [change.conversation], messages: change.messages });
  }

  /** @param {Frame} frame */
  _synced(frame) {
    this._hooks.onOther(frame);
    const conversations = [];
    for (const [id, through] of Object.entries(frame.data.conversations ?? {})) {
      const held = this._held.conversations.get(id);
      if (held) conversations.push(complete(held, through));
    }
    return batch({ conversations });
  }

  /** The same, and entries that are over by it: their message is held, or what stands at their number is. @param {Batch} given */
  _settled(given) {
    if (!this._held.entries.size) return given;
    const settled = given.messages.map((one) => one.message_id).filter((id) => this._held.entries.has(id));
    for (const { id, through } of given.conversations) {
      for (const entry of this._held.waiting(id)) if (entry.seq && entry.seq <= through) settled.push(entry.message_id);
    }
    return { ...given, settled: [...given.settled, ...settled] };
  }

  /** @param {Batch} whole */
  _apply(whole) {
    this._held.apply(whole);
    this._hooks.onApplied(whole);
  }

  /** @param {Batch} whole */
  async _commit(whole) {
    if (!Object.values(whole).some((part) => part.length)) return;
    try {
      if (!this._hasFailed) await this._store.commit(whole);
    } catch (error) {
      if (this._isEnded) return;
      // What the store has fits together, only that it is old: the next visit goes on from there.
      this._hasFailed = true;
      this._hooks.onStoreFailed(error);
    }
    this._hooks.onStored(whole);
  }
}
