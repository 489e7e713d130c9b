// Chances that are the same for the same seed.

export class Chance {
  /** @param {number} seed */
  constructor(seed) {
    this._state = (seed + 1) * 2654435761;
    /** @type {() => number} */
    this.next = () => this._next();
  }

  /** mulberry32: from 0 to below 1. */
  _next() {
    this._state = (this._state + 0x6d2b79f5) | 0;
    let t = Math.imul(this._state ^ (this._state >>> 15), 1 | this._state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** @param {number} probability */
  is(probability) {
    return this._next() < probability;
  }

  /** @param {number} below */
  number(below) {
    return Math.floor(this._next() * below);
  }

  /** @template T  @param {readonly T[]} items  @returns {T} */
  of(items) {
    return items[this.number(items.length)];
  }

  /** A UUID. @returns {`${string}-${string}-${string}-${string}-${string}`} */
  id() {
    const hex = Array.from({ length: 32 }, () => this.number(16).toString(16)).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
