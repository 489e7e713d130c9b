// The user's own watermarks on their way to the server: the highest of each conversation, seldom.

import { ApiError, isPassing } from "../errors.js";

/** @typedef {import("./types.js").Mark} Mark */

const BETWEEN_MS = 500;

export class Marks {
  /**
   * @param {{held: import("./held.js").Held, writer: import("./writer.js").Writer, clock: import("./types.js").Clock,
   *   line: () => import("./line.js").Line | null}} given
   */
  constructor({ held, writer, clock, line }) {
    this._held = held;
    this._writer = writer;
    this._clock = clock;
    this._line = line;
    /** @type {any} */
    this._timer = null;
    this._last = -Infinity;
    this._failures = 0;
    this._isSending = false;
  }

  /** What was received is delivered: noted where a message of somebody else's is held without a hole below it. @param {string[]} ids */
  noteDelivered(ids) {
    const marks = ids.flatMap((id) => this._delivered(id));
    if (marks.length) void this._writer.run(() => this._writer.write({ marks }));
    if (this._held.marks.size) this.wake();
  }

  /** Send what waits, soon. */
  wake() {
    if (this._timer || this._isSending || !this._held.marks.size || !this._line()) return;
    const wait = Math.max(0, this._last + BETWEEN_MS * 2 ** Math.min(this._failures, 6) - this._clock.now());
    this._timer = this._clock.setTimeout(() => {
      this._timer = null;
      void this._send();
    }, Math.min(wait, 30_000));
  }

  rest() {
    this._clock.clearTimeout(this._timer);
    this._timer = null;
  }

  /** @param {string} id  @returns {Mark[]} */
  _delivered(id) {
    const conversation = this._held.conversations.get(id);
    if (!conversation) return [];
    const waiting = this._held.marks.get(id);
    const known = Math.max(conversation.delivered_seq, waiting?.delivered_seq ?? 0, waiting?.read_seq ?? 0);
    const delivered_seq = this._held.lastOfOthers(conversation);
    return delivered_seq > known ? [{ conversation_id: id, read_seq: waiting?.read_seq ?? 0, delivered_seq }] : [];
  }

  async _send() {
    this._isSending = true;
    this._last = this._clock.now();
    const results = await Promise.all([...this._held.marks.values()].slice(0, 20).map((mark) => this._one(mark)));
    this._failures = results.every(Boolean) ? 0 : this._failures + 1;
    this._isSending = false;
    this.wake();
  }

  /** False where it has to be sent again. @param {Mark} mark  @returns {Promise<boolean>} */
  async _one(mark) {
    try {
      const answer = await this._line()?.request("receipt", dataOf(mark));
      if (!answer) return false;
      await this._writer.run(() => this._taken(mark, answer));
    } catch (error) {
      if (!(error instanceof ApiError) || isPassing(error)) return false;
      await this._writer.run(() => this._forget(mark)); // not a member any more, or beyond what exists
    }
    return true;
  }

  /** @param {Mark} mark  @param {{delivered_seq: number, read_seq: number}} answer */
  async _taken({ conversation_id: id }, { delivered_seq, read_seq }) {
    const conversation = this._held.conversations.get(id);
    const now = this._held.marks.get(id);
    const isOver = now && now.delivered_seq <= delivered_seq && now.read_seq <= read_seq;
    const marks = isOver ? [{ conversation_id: id, delivered_seq: 0, read_seq: 0 }] : [];
    if (!conversation) return this._writer.write({ marks });
    await this._writer.load(id);
    await this._writer.write({ marks, conversations: [this._held.raised(conversation, delivered_seq, read_seq)] });
  }

  /** @param {Mark} mark */
  async _forget(mark) {
    const now = this._held.marks.get(mark.conversation_id);
    const isSame = now?.delivered_seq === mark.delivered_seq && now?.read_seq === mark.read_seq;
    if (isSame) await this._writer.write({ marks: [{ conversation_id: mark.conversation_id, delivered_seq: 0, read_seq: 0 }] });
  }
}

/** @param {Mark} mark */
function dataOf({ conversation_id, delivered_seq, read_seq }) {
  return { conversation_id, ...(delivered_seq ? { delivered_seq } : {}), ...(read_seq ? { read_seq } : {}) };
}
