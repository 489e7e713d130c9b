// What has changed since a page was told, told once for many changes.

/** @typedef {{conversations: Set<string>, messages: Set<string>, users: Set<string>, presence: Set<string>, typing: Set<string>}} Changed */

export class News {
  /** @param {import("./types.js").Clock} clock  @param {(changed: Changed) => void} tell */
  constructor(clock, tell) {
    this._clock = clock;
    this._tell = tell;
    this._changed = nothing();
    this._isPlanned = false;
  }

  /** @param {keyof Changed} kind  @param {Iterable<string>} ids */
  add(kind, ids) {
    for (const id of ids) this._changed[kind].add(id);
    if (this._isPlanned) return;
    this._isPlanned = true;
    this._clock.setTimeout(() => this._now(), 0);
  }

  _now() {
    this._isPlanned = false;
    const changed = this._changed;
    this._changed = nothing();
    this._tell(changed);
  }
}

/** @returns {Changed} */
function nothing() {
  return { conversations: new Set(), messages: new Set(), users: new Set(), presence: new Set(), typing: new Set() };
}
