// What is behind a client: store, memory, and either the engine, or the tab that has it.

import { ApiError, SignedOut } from "../errors.js";
import { Asking } from "./asking.js";
import { batch } from "./batch.js";
import { Engine } from "./engine.js";
import { Held } from "./held.js";
import { People } from "./people.js";
import { Presences } from "./presences.js";
import { Tabs } from "./tabs.js";
import { Typists } from "./typists.js";
import { Writer } from "./writer.js";

/**
 * @typedef {import("./types.js").Batch} Batch
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./writer.js").Store} Store
 * @typedef {{session: import("../session.js").Session, api: import("./asking.js").HttpApi, websocketUrl: string, clock: import("./types.js").Clock,
 *   random: () => number, WebSocket: import("./line.js").WebSocketClass, store: Store, name: string, isOnline: () => boolean}} Given
 * @typedef {{onState: () => void, onBatch: (batch: Batch) => void, onPresence: (userIds: string[]) => void,
 *   onTyping: (conversationId: string) => void, onUsers: (userIds: string[]) => void, onNotice: (notice: import("./types.js").Notice) => void}} Hooks
 */

const WATCHED_MAX = 5;

export class Core {
  /** @param {Given} given  @param {Hooks} hooks */
  constructor(given, hooks) {
    this._given = given;
    this._hooks = hooks;
    this._ending = new AbortController();
    this.waking = new EventTarget();
    this.me = String(given.session.userId);
    /** @type {State} */
    this.state = "connecting";
    this.store = given.store;
    this.held = new Held(this.me);
    this.writer = this._newWriter();
    const { api, clock, random } = given;
    this.asking = new Asking({ api, clock, random, ended: this._ending.signal, waking: this.waking });
    this.presences = new Presences(clock, hooks.onPresence);
    this.typists = new Typists(clock, hooks.onTyping);
    this.people = new People({ asking: this.asking, clock, onChange: (users) => this._keepUsers(users) });
    this.tabs = given.store.isLasting ? new Tabs({ name: given.name, clock, onTold: (told) => this._take(told) }) : null;
    /** @type {Engine | null} */
    this.engine = null;
    /** Which conversation each tab shows. @type {Map<string, string>} */
    this._watched = new Map();
    this._onEnded = (/** @type {any} */ event) => this.signedOut(event.detail?.why !== "refused");
  }

  /** What is kept is there; the rest comes. */
  async begin() {
    this._given.session.addEventListener("ended", this._onEnded);
    await this.writer.run(() => this._read());
    void this._lead().catch(() => {});
  }

  /** Have whoever is connected do something. @param {string} what  @param {any[]} given  @returns {Promise<any>} */
  ask(what, ...given) {
    if (this._ending.signal.aborted) return Promise.reject(new SignedOut());
    if (this.engine) return this.act(what, given);
    return this.tabs ? this.tabs.ask(what, given) : Promise.reject(new SignedOut());
  }

  /** @param {string} what  @param {any[]} given  @returns {Promise<any>} */
  async act(what, given) {
    const engine = this.engine;
    if (!engine) throw new Error("not the one who is connected");
    if (what === "older") return engine.catchingUp.older(given[0], given[1]);
    if (what === "look") return engine.catchingUp.look(given[0]);
    if (what === "freshen") return engine.catchingUp.freshen(given[0]);
    if (what === "adopt") return engine.catchingUp.adopt(given[0]);
    if (what === "newest") return engine.catchingUp.newest(given[0]);
    if (what === "discard") return this._discard(given[0]);
    if (what === "resend") return this._resend(given[0], given[1]);
    if (what === "absorb") return this.writer.take(given[0]);
    throw new Error(`unknown: ${what}`);
  }

  /** Which conversation this tab shows. @param {string | null} id */
  watch(id) {
    this._watch(this.tabs?.id ?? "", id);
    this._tellWatched();
  }

  /** @param {string} id  @param {boolean} isOver */
  typing(id, isOver) {
    if (this.engine) this.engine.typing(id, isOver);
    else this.tabs?.tell({ kind: "typing", id, isOver });
  }

  /** Entries and marks of this tab, stored, and told to whoever sends them. @param {Partial<Batch>} some */
  keep(some) {
    return this.writer.run(() => this.writer.write(some));
  }

  /** What seemed lost may be there again. */
  wake() {
    this.waking.dispatchEvent(new Event("wake"));
  }

  /** Nobody is signed in any more: after a wish nothing stays, which `forgetAfter` sees to. @param {boolean} isWish */
  signedOut(isWish) {
    if (isWish) this.tabs?.tell({ kind: "signed_out" });
    this._setState("signed_out");
    this.end();
    this.store.close();
  }

  end() {
    this.watch(null);
    this._given.session.removeEventListener("ended", this._onEnded);
    this._ending.abort();
    this.writer.end();
    this.engine?.end();
    this.people.rest();
    this.typists.clear();
    this.presences.clear();
    this.tabs?.end();
  }

  _newWriter() {
    return new Writer(this.held, this.store, {
      onApplied: (whole) => this._applied(whole),
      onStored: (whole) => this._stored(whole),
      onStoreFailed: (error) => this._storeFailed(error),
      onUnknown: (id) => this.engine?.catchingUp.look(id),
      onLoaded: (id) => void this.ask("freshen", id).catch(() => {}),
      onStale: (id) => this.engine?.catchingUp.look(id),
      whole: (messageId) => this._message(messageId),
      onBroken: () => this.engine?.reconnect(),
      onOther: (frame) => this._other(frame),
    });
  }

  /** All that is kept, into memory. */
  async _read() {
    this._know(await this.store.all());
  }

  /** @param {Awaited<ReturnType<Store["all"]>>} kept */
  _know({ conversations, entries, marks, users }) {
    const whole = batch({ conversations, entries, marks });
    this.held.apply(whole);
    this.people.know(users);
    this._hooks.onBatch(whole);
  }

  async _lead() {
    if (this.tabs) {
      this.tabs.tell({ kind: "hello", tab: this.tabs.id });
      await this.tabs.lead();
      await this.writer.run(() => this._reread());
    }
    const { session, clock, WebSocket, websocketUrl: url, isOnline } = this._given;
    const { held, writer, asking, waking } = this;
    this.engine = new Engine({
      ...{ held, writer, asking, waking, session, clock, WebSocket, url, isOnline, ended: this._ending.signal },
      watched: () => [...new Set(this._watched.values())].slice(-WATCHED_MAX),
      onState: (state) => this._setState(state),
      onPresence: (documents) => this._presence(documents),
    });
    this.tabs?.tell({ kind: "leads" });
    this.tabs?.takeOver((what, given) => this.act(what, given));
    await this.engine.run();
  }

  /** Where another tab writes: what it told while this one stood still was not heard. */
  readAgain() {
    if (!this.engine) void this.writer.run(() => this._reread());
  }

  /** Another tab wrote until now: the store has what counts. Where it cannot be read, what is in memory. */
  async _reread() {
    try {
      await this._readStore();
    } catch (error) {
      this._storeFailed(error);
    }
  }

  async _readStore() {
    const loaded = [...this.held.conversations.keys()].filter((id) => this.held.isLoaded(id));
    const messages = await Promise.all(loaded.map((id) => this.store.messages(id)));
    const kept = await this.store.all();
    this.held.clear();
    for (const [at, id] of loaded.entries()) this.held.load(id, messages[at]);
    this._know(kept);
    for (const id of loaded) this._hooks.onBatch(batch({ forgotten: [[id, 0]] }));
  }

  /** @param {Batch} whole */
  _stored(whole) {
    this.tabs?.tell({ kind: "batch", batch: whole });
    this.engine?.applied(whole);
  }

  /** @param {Batch} whole */
  _applied(whole) {
    for (const message of whole.messages) this.typists.stop(message.conversation_id, message.sender_id);
    this._hooks.onBatch(whole);
  }

  /** @param {string} messageId  @returns {Promise<import("./types.js").Message | null>} */
  async _message(messageId) {
    try {
      return await this.asking.patiently("GET", `/v1/messages/${messageId}`);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  /** @param {Frame} frame */
  _other(frame) {
    this.engine?.other(frame);
    if (frame.type === "typing") this._typing(frame);
    else if (frame.type === "presence.updated") this._presence([frame.data]);
  }

  /** @param {Frame} frame */
  _typing(frame) {
    this.typists.take(String(frame.conversation_id), frame.data);
    if (this.engine) this.tabs?.tell({ kind: "frame", frame });
  }

  /** @param {any[]} documents */
  _presence(documents) {
    this.presences.take(documents);
    if (this.engine) this.tabs?.tell({ kind: "presence", documents });
  }

  /** @param {State} state */
  _setState(state) {
    if (this.state === state || this._ending.signal.aborted) return;
    this.state = state;
    if (state === "offline") this.presences.clear();
    if (this.engine) this.tabs?.tell({ kind: "state", state });
    this._hooks.onState();
  }

  /** @param {import("./types.js").User[]} users */
  _keepUsers(users) {
    void this.store.keepUsers(users).catch(() => {});
    this._hooks.onUsers(users.map((user) => user.id));
  }

  /** @param {string} tab  @param {string | null} id */
  _watch(tab, id) {
    this._watched.delete(tab);
    if (id) this._watched.set(tab, id);
    if (id) void this.engine?.heart.beat();
  }

  /** What another tab told. @param {import("./tabs.js").Told} told */
  _take(told) {
    if (told.kind === "batch") void this.writer.run(() => this._received(told.batch));
    else if (told.kind === "state") this._setState(told.state);
    else if (told.kind === "presence") this.presences.take(told.documents);
    else if (told.kind === "frame") this._other(told.frame);
    else if (told.kind === "watch") this._watch(told.tab, told.id);
    else if (told.kind === "typing") this.engine?.typing(told.id, told.isOver);
    else if (told.kind === "hello") this._welcome();
    else if (told.kind === "leads") this._tellWatched();
    else if (told.kind === "ask" && this.engine) void this.tabs?.answer(told.number, this.act(told.what, told.given));
    else if (told.kind === "signed_out") void this._given.session.signOut();
  }

  /** Another tab has begun. */
  _welcome() {
    if (!this.engine) return;
    this.tabs?.tell({ kind: "state", state: this.state });
    this.tabs?.tell({ kind: "presence", documents: this.presences.documents() });
  }

  _tellWatched() {
    if (this.tabs) this.tabs.tell({ kind: "watch", tab: this.tabs.id, id: this._watched.get(this.tabs.id) ?? null });
  }

  /** @param {Batch} whole */
  _received(whole) {
    this.held.apply(whole);
    this._applied(whole);
    this.engine?.applied(whole);
  }

  /** @param {any} error */
  _storeFailed(error) {
    const code = error?.name === "QuotaExceededError" ? "storage_full" : "storage_lost";
    this._hooks.onNotice({ code, detail: String(error) });
  }

  /** @param {string} messageId */
  async _discard(messageId) {
    await this.writer.run(async () => {
      const entry = this.held.entries.get(messageId);
      if (!entry) return;
      if (!this.engine?.outbox.isOurs(entry)) throw new Error("It may have been sent already: unsend it instead");
      await this.writer.write({ settled: [messageId] });
    });
  }

  /** @param {string} messageId  @param {any} [content] other than it was */
  async _resend(messageId, content) {
    await this.writer.run(async () => {
      const entry = this.held.entries.get(messageId);
      if (!entry?.failed) return;
      const again = { ...entry, failed: null, ...(content === undefined ? {} : { content }) };
      await this.writer.write({ entries: [again] });
    });
    this.engine?.outbox.wake();
  }
}
