// Users as others see them: asked for in batches, and kept.

/** @typedef {import("./types.js").User} User */

const AT_ONCE = 100;
const GATHER_MS = 20;
const GOOD_MS = 10 * 60_000;
const AGAIN_MS = 30_000;

export class People {
  /**
   * @param {{asking: import("./asking.js").Asking, clock: import("./types.js").Clock,
   *   onChange: (users: User[]) => void}} given
   */
  constructor({ asking, clock, onChange }) {
    this._asking = asking;
    this._clock = clock;
    this._onChange = onChange;
    /** @type {Map<string, User>} */
    this._known = new Map();
    /** When they were asked for last. @type {Map<string, number>} */
    this._asked = new Map();
    /** @type {Set<string>} */
    this._wanted = new Set();
    /** @type {any} */
    this._timer = null;
  }

  /** What is known of a user, asked for where that is nothing or old. @param {string} id  @returns {User | null} */
  of(id) {
    const known = this._known.get(id);
    const asked = this._asked.get(id) ?? -Infinity;
    if (this._clock.now() - asked > (known ? GOOD_MS : AGAIN_MS)) this._want(id);
    return known ?? null;
  }

  /** What was kept of an earlier visit. @param {User[]} users */
  know(users) {
    for (const user of users) if (!this._known.has(user.id)) this._known.set(user.id, user);
  }

  /** @param {User[]} users */
  take(users) {
    for (const user of users) this._known.set(user.id, user);
    if (users.length) this._onChange(users);
  }

  /** Nobody is asked for any more. */
  rest() {
    this._clock.clearTimeout(this._timer);
    this._timer = null;
  }

  /** @param {string} id */
  _want(id) {
    this._asked.set(id, this._clock.now());
    this._wanted.add(id);
    this._timer ??= this._clock.setTimeout(() => void this._fetch(), GATHER_MS);
  }

  async _fetch() {
    this._timer = null;
    const ids = [...this._wanted].slice(0, AT_ONCE);
    for (const id of ids) this._wanted.delete(id);
    if (this._wanted.size) this._timer = this._clock.setTimeout(() => void this._fetch(), GATHER_MS);
    try {
      const { items } = await this._asking.patiently("GET", `/v1/users?ids=${ids.join(",")}`);
      this.take(items);
    } catch {
      // They are asked for again when somebody looks, after AGAIN_MS.
    }
  }
}
