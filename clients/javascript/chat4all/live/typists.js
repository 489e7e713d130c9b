// Who is writing where; it is over after the seconds that it was told with, or with a message.

export class Typists {
  /** @param {import("./types.js").Clock} clock  @param {(conversationId: string) => void} onChange */
  constructor(clock, onChange) {
    this._clock = clock;
    this._onChange = onChange;
    /** Timers by user by conversation. @type {Map<string, Map<string, any>>} */
    this._writing = new Map();
  }

  /** @param {string} conversationId  @returns {string[]} user ids */
  of(conversationId) {
    return [...(this._writing.get(conversationId)?.keys() ?? [])];
  }

  /** @param {string} conversationId  @param {{user_id: string, expires_in: number}} data */
  take(conversationId, { user_id: userId, expires_in: seconds }) {
    if (!(seconds > 0)) return this.stop(conversationId, userId);
    const writing = this._writing.get(conversationId) ?? new Map();
    this._writing.set(conversationId, writing);
    const isNew = !writing.has(userId);
    this._clock.clearTimeout(writing.get(userId));
    writing.set(userId, this._clock.setTimeout(() => this.stop(conversationId, userId), seconds * 1000));
    if (isNew) this._onChange(conversationId);
  }

  /** @param {string} conversationId  @param {string} userId */
  stop(conversationId, userId) {
    const writing = this._writing.get(conversationId);
    if (!writing?.has(userId)) return;
    this._clock.clearTimeout(writing.get(userId));
    writing.delete(userId);
    this._onChange(conversationId);
  }

  clear() {
    for (const [id, writing] of this._writing) for (const userId of [...writing.keys()]) this.stop(id, userId);
  }
}
