// Who is online, as far as it is known; it holds for as long as the server says, by the clock of the device.

/** @typedef {import("./types.js").Presence} Presence */
/** @typedef {{user_id: string, status: Presence["status"], version?: number, last_seen_at?: string | null, expires_in?: number}} PresenceDocument */

export class Presences {
  /** @param {import("./types.js").Clock} clock  @param {(userIds: string[]) => void} onChange */
  constructor(clock, onChange) {
    this._clock = clock;
    this._onChange = onChange;
    /** @type {Map<string, {presence: Presence, version: number, timer: any, until: number}>} */
    this._known = new Map();
  }

  /** @param {string} userId  @returns {Presence | null} null: not known, or not any more */
  of(userId) {
    return this._known.get(userId)?.presence ?? null;
  }

  /** @param {PresenceDocument[]} documents */
  take(documents) {
    const changed = documents.filter((one) => this._takeOne(one)).map((one) => one.user_id);
    if (changed.length) this._onChange(changed);
  }

  /** What is known, for another tab. @returns {PresenceDocument[]} */
  documents() {
    return [...this._known].map(([user_id, { presence, version, until }]) => ({
      ...{ user_id, version, ...presence },
      ...(until === Infinity ? {} : { expires_in: (until - this._clock.now()) / 1000 }),
    }));
  }

  /** Nothing is known any more. */
  clear() {
    const ids = [...this._known.keys()];
    for (const { timer } of this._known.values()) this._clock.clearTimeout(timer);
    this._known.clear();
    if (ids.length) this._onChange(ids);
  }

  /** @param {PresenceDocument} document */
  _takeOne({ user_id: userId, status, version = 0, last_seen_at = null, expires_in }) {
    const before = this._known.get(userId);
    if (before && version < before.version) return false;
    this._clock.clearTimeout(before?.timer);
    const isPassing = status === "online" && expires_in !== undefined;
    const timer = isPassing ? this._clock.setTimeout(() => this._expire(userId), expires_in * 1000) : null;
    const until = isPassing ? this._clock.now() + expires_in * 1000 : Infinity;
    this._known.set(userId, { presence: { status, last_seen_at }, version, timer, until });
    return before?.presence.status !== status || before.presence.last_seen_at !== last_seen_at;
  }

  /** @param {string} userId */
  _expire(userId) {
    const known = this._known.get(userId);
    if (known) known.presence = { ...known.presence, status: "offline" };
    this._onChange([userId]);
  }
}
