// The live client: what a page or program sees of conversations, messages and people, and what it does there.

import { SignedOut } from "../errors.js";
import { newId } from "../ids.js";
import { Core } from "./core.js";
import { News } from "./news.js";
import { asMessage } from "./own.js";
import { found } from "./search.js";
import { standingOf } from "./standing.js";
import { forgetAfter, openStore } from "./store.js";

/**
 * @typedef {import("./types.js").Conversation} Conversation
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").User} User
 * @typedef {import("./types.js").Presence} Presence
 * @typedef {import("./types.js").Standing} Standing
 * @typedef {import("./types.js").Entry} Entry
 *
 * @typedef {object} Options
 * @property {import("../session.js").Session} session  of somebody who is signed in
 * @property {import("./asking.js").HttpApi} api
 * @property {string} websocketUrl
 * @property {string} [storeName]  of the database, before the user's id
 * @property {import("./types.js").Clock} [clock]
 * @property {() => number} [random]
 * @property {typeof WebSocket} [WebSocket]
 * @property {IDBFactory | null} [indexedDB]  null: nothing outlasts the page
 */

const TYPING_MS = 4_000;

/**
 * Tells (CustomEvent, what changed in `detail`): `state`; `conversations` {ids}; `messages` {conversation_id}; `typing` {conversation_id};
 * `presence` {user_ids}; `users` {user_ids}; `notice` {code, detail}: what the person should know of the storage of this device.
 */
export class LiveClient extends EventTarget {
  /**
   * Resolves as soon as what the device has kept can be shown; the rest comes with events. Rejects with SignedOut, and with
   * TypeError where there is no WebSocket.
   * @param {Options} options  @returns {Promise<LiveClient>}
   */
  static async open(options) {
    if (!options.session.userId) throw new SignedOut();
    if (!options.WebSocket && !globalThis.WebSocket) {
      throw new TypeError("There is no WebSocket here, as in Node before 22: give one as `WebSocket`, such as that of the package ws");
    }
    const client = new LiveClient();
    await client._begin(options);
    return client;
  }

  /** Use `LiveClient.open`. */
  constructor() {
    super();
    this._core = /** @type {Core} */ (/** @type {unknown} */ (null));
    this._clock = realClock;
    this._news = new News(realClock, (changed) => this._tellAll(changed));
    this._last = 0;
    this._keeping = 0;
    /** @type {Map<string, readonly Message[]>} */
    this._shown = new Map();
    /** When typing was told last. @type {Map<string, number>} */
    this._typed = new Map();
    this._listening = new AbortController();
    /** The conversation that is to be opened when it is known. @type {string | null} */
    this._toOpen = null;
  }

  /** @type {User | null} the user; null until known */
  get me() {
    return this.user(this.userId);
  }

  get userId() {
    return this._core.me;
  }

  /** "live": everything that was missed is here. "offline": it is tried again. "signed_out": for good. */
  get state() {
    return this._core.state;
  }

  /** Whether all that was given to `send` is in the store; until then it goes with the page. */
  get hasKeptAll() {
    return this._keeping === 0;
  }

  /** @returns {Conversation[]} newest activity first */
  conversations() {
    const { held } = this._core;
    const written = new Map(held.waiting().map((entry) => [entry.conversation_id, entry.created_at]));
    /** @param {Conversation} one */
    const position = ({ id, last_activity_at: at }) => [at, written.get(id) ?? ""].sort()[1] + id;
    const all = [...held.conversations.values()].map((one) => held.seen(one));
    return all.map((one) => ({ one, at: position(one) })).sort((a, b) => (a.at < b.at ? 1 : -1)).map(({ one }) => one);
  }

  /** @param {string} conversationId  @returns {Conversation | null} */
  conversation(conversationId) {
    const held = this._core.held.conversations.get(conversationId);
    return held ? this._core.held.seen(held) : null;
  }

  /**
   * What is held, oldest first, then own ones that wait; the same array until something changes.
   * @param {string} conversationId  @returns {readonly Message[]}
   */
  messages(conversationId) {
    const { held } = this._core;
    if (!held.conversations.has(conversationId)) return [];
    const shown = this._shown.get(conversationId);
    if (shown) return shown;
    if (!held.isLoaded(conversationId)) this._load(conversationId);
    const own = held.waiting(conversationId).map((entry) => asMessage(entry, this.userId));
    const numbered = own.filter((one) => one.seq && !held.find(one.message_id));
    const taken = numbered.length ? [...held.messages(conversationId), ...numbered].sort((a, b) => a.seq - b.seq) : held.messages(conversationId);
    const all = [...taken, ...own.filter((one) => !one.seq)];
    this._shown.set(conversationId, all);
    return all;
  }

  /**
   * A page of older messages into the store; false when the conversation begins there.
   * @param {string} conversationId  @param {number} [limit] 1 to 100  @returns {Promise<boolean>}
   */
  older(conversationId, limit = 50) {
    return this._core.ask("older", conversationId, limit);
  }

  /**
   * Sends when it can; shown at once. Kept on the device before the first try, and sent again with the same id until it is answered.
   * @param {string} conversationId
   * @param {{type?: import("./types.js").MessageType, content?: any, file_ids?: string[], reply_to?: string}} message
   * @returns {string} the message id
   */
  send(conversationId, { type = "text", content, file_ids, reply_to }) {
    const now = this._clock.now();
    this._last = Math.max(now, this._last + 1);
    const skew = this._core.engine?.heart.skewMs ?? 0;
    const entry = {
      ...{ message_id: newId(), conversation_id: conversationId, order: this._last, type, content },
      ...(file_ids?.length ? { file_ids } : {}),
      ...(reply_to ? { reply_to } : {}),
      ...{ created_at: new Date(now + skew).toISOString(), tries: 0, seq: 0, failed: null },
    };
    this._core.held.entries.set(entry.message_id, entry);
    this._changedMessages(conversationId);
    this._typed.delete(conversationId);
    this._keeping += 1;
    void this._core.keep({ entries: [entry] }).finally(() => (this._keeping -= 1));
    return entry.message_id;
  }

  /** Try one that failed once more. @param {string} messageId  @returns {Promise<void>} */
  resend(messageId) {
    return this._core.ask("resend", messageId);
  }

  /** Give one up that has failed, or was not tried yet; rejects where the server may have it. @param {string} messageId  @returns {Promise<void>} */
  discard(messageId) {
    return this._core.ask("discard", messageId);
  }

  /** Another text; rejects with ApiError (409 `edited_meanwhile`: by another device). @param {string} messageId  @param {any} content  @returns {Promise<void>} */
  async edit(messageId, content) {
    if (this._core.held.entries.get(messageId)?.failed) return this._core.ask("resend", messageId, content);
    const revision = this._core.held.find(messageId)?.revision ?? 0;
    await this._change("PATCH", `/v1/messages/${messageId}`, "message.updated", { content, revision });
  }

  /** Take one back from everybody. @param {string} messageId  @returns {Promise<void>} */
  async unsend(messageId) {
    await this._change("DELETE", `/v1/messages/${messageId}`, "message.deleted");
  }

  /** @param {string} messageId  @param {string} emoji  @param {boolean} [remove]  @returns {Promise<void>} */
  async react(messageId, emoji, remove = false) {
    const path = `/v1/messages/${messageId}/reactions/${encodeURIComponent(emoji)}`;
    await this._change(remove ? "DELETE" : "PUT", path, "reaction.updated");
  }

  /** What is shown up to `seq` is read. @param {string} conversationId  @param {number} seq */
  read(conversationId, seq) {
    const { held } = this._core;
    const conversation = held.conversations.get(conversationId);
    const mark = held.marks.get(conversationId);
    if (!conversation || seq <= Math.max(conversation.read_seq, mark?.read_seq ?? 0)) return;
    const read_seq = Math.min(seq, Math.max(conversation.through, conversation.last_message?.seq ?? 0));
    const delivered_seq = Math.max(mark?.delivered_seq ?? 0, read_seq);
    held.marks.set(conversationId, { conversation_id: conversationId, delivered_seq, read_seq });
    this._news.add("conversations", [conversationId]);
    void this._core.keep({ marks: [{ conversation_id: conversationId, delivered_seq, read_seq }] });
  }

  /** At each keystroke; told at most every 4 s. @param {string} conversationId */
  typing(conversationId) {
    const now = this._clock.now();
    if (now - (this._typed.get(conversationId) ?? -Infinity) < TYPING_MS) return;
    this._typed.set(conversationId, now);
    this._core.typing(conversationId, false);
  }

  /** The field was emptied, or left. @param {string} conversationId */
  stoppedTyping(conversationId) {
    if (this._typed.delete(conversationId)) this._core.typing(conversationId, true);
  }

  /** @param {string} conversationId  @returns {string[]} ids of users who are writing */
  typists(conversationId) {
    return this._core.typists.of(conversationId).filter((id) => id !== this.userId);
  }

  /** Which conversation is open: its members' presence is asked for, and what is missing of it. @param {string | null} conversationId */
  watch(conversationId) {
    this._core.watch(conversationId);
    this._toOpen = conversationId;
    this._open();
  }

  /** @param {string} userId  @returns {Presence | null} null: not known */
  presence(userId) {
    return this._core.presences.of(userId);
  }

  /** What is known of a user; null: nothing yet, and an event `users` tells when. @param {string} userId  @returns {User | null} */
  user(userId) {
    return this._core.people.of(userId);
  }

  /** Every recipient's status and every delivery. @param {string} messageId  @returns {Promise<any>} the document of GET …/status */
  status(messageId) {
    return this._core.asking.patiently("GET", `/v1/messages/${messageId}/status`);
  }

  /** Where an own message stands, from itself, `message.status` and the others' watermarks. @param {Message} message  @returns {Standing} */
  statusOf(message) {
    const conversation = this._core.held.conversations.get(message.conversation_id);
    return standingOf(message, conversation ?? { members: new Map() });
  }

  /** Held messages that have all the words. @param {string} conversationId  @param {string} words  @returns {Message[]} */
  search(conversationId, words) {
    return found(this.messages(conversationId), words);
  }

  /** The user of that exact name, in any case. @param {string} username  @returns {Promise<User | null>} */
  async findUser(username) {
    const { items } = await this._core.asking.patiently("GET", `/v1/users?username=${encodeURIComponent(username)}`);
    this._core.people.take(items);
    return items[0] ?? null;
  }

  /** @param {{type: "private" | "group", member_ids: string[], title?: string, metadata?: any}} wanted  @returns {Promise<any>} the API's document */
  async createConversation(wanted) {
    const key = { "idempotency-key": newId() };
    const document = await this._core.asking.patiently("POST", "/v1/conversations", wanted, key);
    await this._core.ask("adopt", document);
    return document;
  }

  /** @param {string} conversationId  @param {string} userId  @param {string} [role]  @returns {Promise<void>} */
  async addMember(conversationId, userId, role = "member") {
    const key = { "idempotency-key": newId() };
    await this._core.asking.patiently("POST", `/v1/conversations/${conversationId}/members`, { user_id: userId, role }, key);
    await this._core.ask("look", conversationId);
  }

  /** @param {string} conversationId  @param {string} userId  @returns {Promise<void>} */
  async removeMember(conversationId, userId) {
    await this._core.asking.patiently("DELETE", `/v1/conversations/${conversationId}/members/${userId}`);
    await this._core.ask("look", conversationId);
  }

  /** @param {string} conversationId  @param {string} [userId] whoever leaves; the user  @returns {Promise<void>} */
  leave(conversationId, userId = this.userId) {
    return this.removeMember(conversationId, userId);
  }

  /** How many frames came of kinds that this client does not know. @returns {Map<string, number>} */
  get unknownKinds() {
    return new Map(this._core.writer.unknownKinds);
  }

  /** The connection ends; what is kept stays, and what waits to be sent waits for the next time. */
  close() {
    this._listening.abort();
    this._core.end();
    this._core.store.close();
  }

  /** @param {Options} options */
  async _begin({ session, api, websocketUrl, storeName = "chat4all.live", clock = realClock, random = Math.random, ...more }) {
    this._clock = clock;
    this._news = new News(clock, (changed) => this._tellAll(changed));
    const name = `${storeName}.${session.userId}`;
    const factory = more.indexedDB === undefined ? globalThis.indexedDB : more.indexedDB;
    const { store, notice } = await openStore(factory, name);
    forgetAfter(session, factory, name);
    const isOnline = () => globalThis.navigator?.onLine ?? true;
    const given = { session, api, websocketUrl, clock, random, WebSocket: more.WebSocket ?? globalThis.WebSocket, store, name, isOnline };
    this._core = new Core(given, {
      onState: () => this._tell("state", { state: this.state }),
      onBatch: (batch) => this._changed(batch),
      onPresence: (ids) => this._news.add("presence", ids),
      onTyping: (id) => this._news.add("typing", [id]),
      onUsers: (ids) => this._news.add("users", ids),
      onNotice: (notice) => this._tell("notice", notice),
    });
    this._listen();
    await this._core.begin();
    if (notice) this._clock.setTimeout(() => this._tell("notice", notice), 0);
  }

  /** The device is online again, or somebody looks at the page again, perhaps after a day. */
  _listen() {
    const { signal } = this._listening;
    const wake = () => this._core.wake();
    globalThis.addEventListener?.("online", wake, { signal });
    globalThis.addEventListener?.("offline", wake, { signal });
    const show = (/** @type {any} */ event) => {
      if (event.persisted) this._core.readAgain(); // the page stood still in the browser's cache
      wake();
    };
    globalThis.addEventListener?.("pageshow", show, { signal });
    const look = () => document.visibilityState === "visible" && wake();
    globalThis.document?.addEventListener("visibilitychange", look, { signal });
  }

  /** @param {string} method  @param {string} path  @param {string} type  @param {unknown} [body] */
  async _change(method, path, type, body) {
    const data = await this._core.asking.patiently(method, path, body);
    if (data?.conversation_id) await this._core.ask("absorb", { type, conversation_id: data.conversation_id, data });
  }

  /** What is missing of the conversation that is watched, as soon as it is known. */
  _open() {
    const conversation = this._core.held.conversations.get(this._toOpen ?? "");
    if (!conversation) return;
    this._toOpen = null;
    const isEmpty = conversation.loaded_from > conversation.through;
    this._core.ask("freshen", conversation.id).catch(() => {});
    (isEmpty ? this.older(conversation.id) : this._core.ask("newest", conversation.id)).catch(() => {});
  }

  /** @param {string} conversationId */
  _load(conversationId) {
    void this._core.writer.run(async () => {
      await this._core.writer.load(conversationId);
      this._changedMessages(conversationId);
    });
  }

  /** @param {import("./types.js").Batch} batch */
  _changed(batch) {
    const conversations = [...batch.conversations.map((one) => one.id), ...batch.lost, ...batch.marks.map((one) => one.conversation_id)];
    if (conversations.length) this._news.add("conversations", conversations);
    if (this._toOpen && batch.conversations.some((one) => one.id === this._toOpen)) this._open();
    for (const one of [...batch.messages, ...batch.entries]) this._changedMessages(one.conversation_id);
    for (const id of [...batch.lost, ...batch.forgotten.map(([id]) => id)]) this._changedMessages(id);
    if (batch.settled.length) this._shown.clear();
  }

  /** @param {string} id */
  _changedMessages(id) {
    this._shown.delete(id);
    this._news.add("messages", [id]);
  }

  /** @param {import("./news.js").Changed} changed */
  _tellAll({ conversations, messages, users, presence, typing }) {
    if (conversations.size) this._tell("conversations", { ids: [...conversations] });
    for (const id of messages) this._tell("messages", { conversation_id: id });
    if (users.size) this._tell("users", { user_ids: [...users] });
    if (presence.size) this._tell("presence", { user_ids: [...presence] });
    for (const id of typing) this._tell("typing", { conversation_id: id });
  }

  /** @param {string} type  @param {any} detail */
  _tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @type {import("./types.js").Clock} */
const realClock = {
  now: () => Date.now(),
  setTimeout: (act, ms) => setTimeout(act, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};
