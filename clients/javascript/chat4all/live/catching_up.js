// Asks for what is missing: after each connect, where a hole stays, and where a conversation is new or has changed.

import { ApiError, NetworkError, isPassing } from "../errors.js";
import { adopted, isFar, refreshed } from "./documents.js";
import { Jobs } from "./jobs.js";
import { hasHole, taken, withLate } from "./rules.js";

/** @typedef {import("./line.js").Line} Line */

const PAGE = 100;
/** Of a sync: a larger frame would close the connection (32 KB; an id with its number has some 50 bytes). */
const ASKED_AT_ONCE = 400;
const SYNC_MS = 120_000;
const HOLE_MS = 1_000;
const HOLE_LONGEST_MS = 30_000;
const GATHER_MS = 200;
const SHOWN_MAX = 30;
const LOOKED_AT_ONCE = 8;

export class CatchingUp {
  /**
   * @param {{held: import("./held.js").Held, writer: import("./writer.js").Writer, asking: import("./asking.js").Asking,
   *   clock: import("./types.js").Clock, line: () => Line | null}} given
   */
  constructor({ held, writer, asking, clock, line }) {
    this._held = held;
    this._writer = writer;
    this._asking = asking;
    this._clock = clock;
    this._line = line;
    this._turns = new Jobs();
    /** @type {any} */
    this._done = null;
    /** Conversations that have to be looked at, and which of them changed again meanwhile. @type {Set<string>} */
    this._toLook = new Set();
    this._looking = null;
    /** Whose document was asked for in this connection. @type {Set<string>} */
    this._fresh = new Set();
    /** Holes that were asked for, and how often in vain. @type {Map<string, {through: number, tries: number}>} */
    this._holes = new Map();
    /** @type {any} */
    this._holeTimer = null;
    /** @type {Map<string, Promise<boolean>>} */
    this._pages = new Map();
  }

  /** Everything that was missed; rejects where the connection does not hold. @returns {Promise<void>} */
  all() {
    return this._turns.run(async () => {
      await this._list();
      await this._sync([...this._held.conversations.keys()]);
      this._fresh.clear();
      for (const id of this._unsure()) this._toLook.add(id);
      this._lookSoon();
    });
  }

  /** A conversation that was just made. @param {any} document */
  async adopt(document) {
    if (!this._held.conversations.has(document.id)) await this._writer.run(() => this._describe([document]));
    this.look(document.id);
    void this._turns.run(() => this._sync([document.id])).catch(() => {});
  }

  /** Watermarks and members may have changed while nobody told: ask once in each connection. @param {string} id */
  freshen(id) {
    if (this._held.conversations.has(id) && !this._fresh.has(id)) this.look(id);
  }

  /** What may have been missed in this connection. */
  again() {
    return this._turns.run(() => this._sync([...this._held.conversations.keys()])).catch(() => {});
  }

  /** What `sync.done` said, in the order of frames. @param {any} data */
  synced(data) {
    this._done = data;
  }

  /** Ask for the document of a conversation that is new or has changed, soon. @param {string} id */
  look(id) {
    this._toLook.add(id);
    this._lookSoon();
  }

  /** Where something is missing that was told of, ask for it if it stays so. @param {string[]} ids */
  watchHoles(ids) {
    for (const id of ids) {
      const conversation = this._held.conversations.get(id);
      if (!conversation || !hasHole(conversation)) this._holes.delete(id);
      else if (this._holes.get(id)?.through !== conversation.through) this._holes.set(id, { through: conversation.through, tries: 0 });
    }
    if (this._holes.size) this._holeTimer ??= this._clock.setTimeout(() => this._askForHoles(), this._holeMs());
  }

  /**
   * A page of older messages into the store; false when the beginning is held.
   * @param {string} id  @param {number} limit  @returns {Promise<boolean>}
   */
  older(id, limit) {
    const running = this._pages.get(id) ?? this._older(id, limit).finally(() => this._pages.delete(id));
    this._pages.set(id, running);
    return running;
  }

  /** The newest messages once more: status of what was sent changes without a number. @param {string} id */
  async newest(id) {
    const page = await this._asking.once("GET", `/v1/conversations/${id}/messages?limit=50`);
    await this._writer.run(() => this._merge(id, page.items));
  }

  /** The connection has ended, or the client: nothing is asked any more. */
  rest() {
    this._clock.clearTimeout(this._holeTimer);
    this._clock.clearTimeout(this._looking);
    this._holeTimer = this._looking = null;
    this._holes.clear();
  }

  async _list() {
    for (let cursor = ""; ; ) {
      const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
      const page = await this._asking.once("GET", `/v1/conversations?limit=${PAGE}${more}`);
      await this._writer.run(() => this._describe(page.items));
      if (!page.next_cursor) return;
      cursor = page.next_cursor;
    }
  }

  /** Whose members are to be asked for at once: not known, shown, or waited for by the last message. @returns {string[]} */
  _unsure() {
    const all = [...this._held.conversations.values()];
    const unknown = all.filter((one) => !one.members.size);
    const shown = all.filter((one) => this._held.isLoaded(one.id) || this._isAwaited(one));
    shown.sort((a, b) => b.last_activity_at.localeCompare(a.last_activity_at));
    return [...new Set([...unknown, ...shown.slice(0, SHOWN_MAX)])].map((one) => one.id);
  }

  /** @param {import("./types.js").Conversation} conversation */
  _isAwaited({ last_message: last, members }) {
    return last?.sender_id === this._held.me && [...members].some(([id, one]) => id !== this._held.me && one.read_seq < last.seq);
  }

  _lookSoon() {
    if (this._looking || !this._toLook.size || !this._line()) return;
    this._looking = this._clock.setTimeout(() => {
      this._looking = null;
      void this._turns.run(() => this._lookAll()).catch(() => this._lookSoon());
    }, GATHER_MS);
  }

  /** Take documents; within the writer's run. @param {any[]} documents  @returns {Promise<string[]>} of which nothing is held now */
  async _describe(documents) {
    const conversations = [];
    const begun = [];
    /** @type {[string, number][]} */
    const forgotten = [];
    for (const document of documents) {
      const held = this._held.conversations.get(document.id);
      if (held && !isFar(held, document)) {
        await this._writer.load(held.id);
        conversations.push(refreshed(this._held.view(/** @type {any} */ (this._held.conversations.get(held.id))), document));
      } else {
        if (held) forgotten.push([held.id, Infinity]);
        conversations.push(adopted(document, held));
        begun.push(document.id);
      }
    }
    await this._writer.write({ conversations, forgotten });
    return begun;
  }

  /** @param {string[]} ids */
  async _sync(ids) {
    let next;
    for (let at = 0; at < ids.length; at += ASKED_AT_ONCE) {
      const done = await this._syncChunk(ids.slice(at, at + ASKED_AT_ONCE));
      this._meet(done.other);
      next = done.next;
    }
    while (next) {
      const done = await this._askSync({ after: next });
      this._meet(done.other);
      next = done.next;
    }
  }

  /** @param {string[]} ids */
  _meet(ids) {
    for (const id of ids) if (!this._held.conversations.has(id)) this.look(id);
  }

  /** @param {string[]} ids  @returns {Promise<{other: string[], next?: string}>} */
  async _syncChunk(ids) {
    for (let failures = 0; ; ) {
      const asked = Object.fromEntries(this._throughs(ids));
      if (!Object.keys(asked).length) return { other: [] };
      try {
        const done = await this._askSync({ conversations: asked });
        const lost = Object.keys(asked).filter((id) => !(id in done.conversations));
        if (lost.length) await this._writer.run(() => this._lose(lost));
        if (!done.more) return done;
      } catch (error) {
        if (!(error instanceof ApiError) || !isPassing(error) || ++failures > 8) throw error;
        await this._asking.rest(failures, error.retryAfter);
      }
    }
  }

  /** @param {string[]} ids  @returns {[string, number][]} */
  _throughs(ids) {
    return ids.flatMap((id) => {
      const held = this._held.conversations.get(id);
      return held ? [/** @type {[string, number]} */ ([id, held.through])] : [];
    });
  }

  /** @param {{conversations?: Record<string, number>, after?: string}} asked */
  async _askSync(asked) {
    this._done = null;
    const line = this._line();
    if (!line) throw new ApiError(503, { detail: "no connection" });
    try {
      await line.request("sync", asked, SYNC_MS);
    } catch (error) {
      if (error instanceof NetworkError) line.close(); // what may come of it yet is not taken for the end of another sync
      throw error;
    }
    await this._writer.idle();
    if (!this._done) throw new ApiError(503, { detail: "the sync has no end" });
    return this._done;
  }

  /** @param {string[]} lost */
  async _lose(lost) {
    const settled = lost.flatMap((id) => this._held.waiting(id).map((entry) => entry.message_id));
    await this._writer.write({ lost, settled });
  }

  async _lookAll() {
    /** @type {string[]} */
    const begun = [];
    await Promise.all([...this._toLook].slice(0, LOOKED_AT_ONCE).map(async (id) => begun.push(...(await this._lookAt(id)))));
    this._lookSoon();
    await this._sync(begun);
  }

  /** @param {string} id  @returns {Promise<string[]>} the same, where nothing is held of it now */
  async _lookAt(id) {
    this._toLook.delete(id);
    const document = await this._document(id);
    this._fresh.add(id);
    // Where it changed meanwhile its turn comes again.
    return document && !this._toLook.has(id) ? this._writer.run(() => this._describe([document])) : [];
  }

  /** Null where it is the user's no more, or nobody answers. @param {string} id */
  async _document(id) {
    try {
      return await this._asking.patiently("GET", `/v1/conversations/${id}`);
    } catch (error) {
      if (!(error instanceof ApiError) || isPassing(error)) this._toLook.add(id);
      if (error instanceof ApiError && error.status === 404) await this._writer.run(() => this._lose([id]));
      else throw error;
      return null;
    }
  }

  _holeMs() {
    const tries = Math.min(...[...this._holes.values()].map((hole) => hole.tries));
    return Math.min(HOLE_LONGEST_MS, HOLE_MS * 2 ** tries);
  }

  _askForHoles() {
    this._holeTimer = null;
    const ids = [...this._holes.keys()].filter((id) => hasHole(/** @type {any} */ (this._held.conversations.get(id) ?? { through: 0 })));
    if (!ids.length || !this._line()) return;
    for (const id of ids) this._holes.set(id, { through: this._holes.get(id)?.through ?? 0, tries: (this._holes.get(id)?.tries ?? 0) + 1 });
    void this._turns.run(() => this._sync(ids)).catch(() => {}).then(() => this.watchHoles(ids));
  }

  /** @param {string} id  @param {number} limit */
  async _older(id, limit) {
    await this._writer.run(() => this._writer.load(id));
    const before = this._held.conversations.get(id)?.loaded_from ?? 1;
    if (before <= 1) return false;
    this._writer.expectPage(id);
    let page;
    try {
      page = await this._asking.patiently("GET", `/v1/conversations/${id}/messages?limit=${limit}&before_seq=${before}`);
    } catch (error) {
      this._writer.late(id);
      throw error;
    }
    return this._writer.run(() => this._prepend(id, before, page));
  }

  /** @param {string} id  @param {number} before  @param {{items: any[], next_cursor: string | null}} page */
  async _prepend(id, before, page) {
    const late = this._writer.late(id);
    const conversation = this._held.conversations.get(id);
    if (!conversation || conversation.loaded_from !== before) return conversation !== undefined && conversation.loaded_from > 1;
    const loaded_from = page.next_cursor && page.items.length ? page.items[page.items.length - 1].seq : 1;
    await this._writer.write({ conversations: [{ ...conversation, loaded_from }], messages: withLate(page.items, late) });
    return loaded_from > 1;
  }

  /** @param {string} id  @param {any[]} messages */
  async _merge(id, messages) {
    await this._writer.load(id);
    const conversation = this._held.conversations.get(id);
    if (!conversation) return;
    const view = this._held.view(conversation);
    const changes = messages.flatMap((message) => (view.at(message.seq) ? taken(view, message).messages : []));
    await this._writer.write({ messages: changes });
  }
}
