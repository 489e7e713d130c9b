// Own messages until they are told of: kept before the first try, sent with the same id until they are answered, in order for each conversation.

import { ApiError, isPassing } from "../errors.js";
import { noticed } from "./rules.js";

/** @typedef {import("./types.js").Entry} Entry */

const LATE_MS = 5_000;

export class Outbox {
  /**
   * @param {{held: import("./held.js").Held, writer: import("./writer.js").Writer, asking: import("./asking.js").Asking,
   *   clock: import("./types.js").Clock, ended: AbortSignal, onTrouble: (error: unknown) => void, onHole: (id: string) => void}} given
   *   `onTrouble`: nobody answers; `onHole`: what was sent was not told of for a while
   */
  constructor({ held, writer, asking, clock, ended, onTrouble, onHole }) {
    this._held = held;
    this._writer = writer;
    this._asking = asking;
    this._clock = clock;
    this._ended = ended;
    this._onTrouble = onTrouble;
    this._onHole = onHole;
    /** @type {Set<string>} */
    this._sending = new Set();
    /** Message ids of which a try is under way. @type {Set<string>} */
    this._underWay = new Set();
  }

  /** Send what waits, where nobody is at it. */
  wake() {
    for (const { conversation_id: id } of this._held.waiting()) {
      if (this._sending.has(id)) continue;
      this._sending.add(id);
      void this._sendAll(id).finally(() => {
        this._sending.delete(id);
        if (this._next(id)) this.wake();
      });
    }
  }

  /** Whether it may be taken back: the server cannot have it. @param {Entry} entry */
  isOurs(entry) {
    return !entry.seq && (entry.failed !== null || (entry.tries === 0 && !this._underWay.has(entry.message_id)));
  }

  /** @param {string} id */
  async _sendAll(id) {
    for (let failures = 0; !this._ended.aborted; ) {
      const entry = this._next(id);
      if (!entry) return;
      try {
        await this._send(entry);
        failures = 0;
      } catch (error) {
        this._onTrouble(error);
        await this._asking.rest(++failures, /** @type {any} */ (error)?.retryAfter);
      }
    }
  }

  /** @param {string} id  @returns {Entry | undefined} */
  _next(id) {
    return this._ended.aborted ? undefined : this._held.waiting(id).find((entry) => !entry.failed && !entry.seq);
  }

  /** One try; rejects with what may pass. @param {Entry} entry */
  async _send(entry) {
    this._underWay.add(entry.message_id);
    try {
      if (!entry.tries) await this._change(entry, (now) => ({ ...now, tries: 1 }));
      const answer = await this._asking.once("POST", "/v1/messages", bodyOf(entry));
      await this._answered(entry, answer);
    } catch (error) {
      if (!(error instanceof ApiError) || isPassing(error) || !isTheirs(error)) throw error;
      const failed = { code: error.code, detail: error.message, status: error.status };
      await this._change(entry, (now) => ({ ...now, failed }));
    } finally {
      this._underWay.delete(entry.message_id);
    }
  }

  /** @param {Entry} entry  @param {{seq: number, created_at: string}} answer */
  async _answered(entry, { seq, created_at }) {
    await this._change(entry, (now) => ({ ...now, seq, created_at }));
    this._clock.setTimeout(() => void this._writer.run(() => this._notice(entry.conversation_id, seq)), LATE_MS);
  }

  /** @param {string} id  @param {number} seq */
  async _notice(id, seq) {
    const conversation = this._held.conversations.get(id);
    if (!conversation || conversation.through >= seq || this._ended.aborted) return;
    await this._writer.write({ conversations: [noticed(conversation, seq)] });
    this._onHole(id);
  }

  /** @param {Entry} entry  @param {(now: Entry) => Entry} how */
  _change({ message_id: messageId }, how) {
    return this._writer.run(async () => {
      const now = this._held.entries.get(messageId);
      if (!now) return;
      const changed = how(now);
      const conversation = this._held.conversations.get(now.conversation_id);
      const isShownNowhere = changed.failed !== null && !conversation;
      const isOver = isShownNowhere || (changed.seq > 0 && changed.seq <= (conversation?.through ?? 0));
      await this._writer.write(isOver ? { settled: [messageId] } : { entries: [changed] });
    });
  }
}

/**
 * Whether the API itself said so: what is no problem document comes from a proxy, or from who read half a request when the
 * connection broke. The gateway refuses what is too large (413) without one.
 * @param {ApiError} error
 */
function isTheirs(error) {
  return error.code !== "" || error.status === 413;
}

/** @param {Entry} entry */
function bodyOf({ message_id, conversation_id, type, content, file_ids, reply_to }) {
  return { message_id, conversation_id, type, content, ...(file_ids?.length ? { file_ids } : {}), ...(reply_to ? { reply_to } : {}) };
}
