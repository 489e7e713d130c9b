// Where tokens lie in a program without a browser.

/** As sessionStorage, gone with the program. */
export class MemoryStorage {
  constructor() {
    /** @type {Map<string, string>} */
    this._kept = new Map();
  }

  /** @param {string} key */
  getItem(key) {
    return this._kept.get(key) ?? null;
  }

  /** @param {string} key  @param {string} value */
  setItem(key, value) {
    this._kept.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this._kept.delete(key);
  }
}
