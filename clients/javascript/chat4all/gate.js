// What stops many things at once, lets them go on, and ends them.

import { Cancelled } from "./errors.js";

/** While it is open, `signal` is not aborted. To close it aborts what runs; to open it lets those go on who wait in `open()`. */
export class Gate {
  constructor() {
    this._controller = new AbortController();
    /** @type {(() => void)[]} */
    this._waiting = [];
    this._isEnded = false;
  }

  get isOpen() {
    return !this._controller.signal.aborted;
  }

  /** Wait until it is open. @returns {Promise<AbortSignal>} of this time that it is open; rejects with Cancelled */
  async open() {
    while (!this.isOpen) {
      if (this._isEnded) throw new Cancelled();
      await new Promise((resolve) => this._waiting.push(() => resolve(undefined)));
    }
    return this._controller.signal;
  }

  close() {
    this._controller.abort();
  }

  letThrough() {
    if (this._isEnded || this.isOpen) return;
    this._controller = new AbortController();
    this._wake();
  }

  /** For good. */
  end() {
    this._isEnded = true;
    this._controller.abort();
    this._wake();
  }

  _wake() {
    for (const wake of this._waiting.splice(0)) wake();
  }
}

/** At most `size` at once, first come, first served. */
export class Slots {
  /** @param {number} size */
  constructor(size) {
    this._free = size;
    /** @type {(() => void)[]} */
    this._waiting = [];
  }

  /** Wait for one; who has it releases it. */
  async acquire() {
    if (this._free > 0) this._free -= 1;
    else await new Promise((resolve) => this._waiting.push(() => resolve(undefined)));
  }

  release() {
    const next = this._waiting.shift();
    if (next) next();
    else this._free += 1;
  }

  /** @template T  @param {() => Promise<T>} task  @returns {Promise<T>} */
  async run(task) {
    await this.acquire();
    try {
      return await task();
    } finally {
      this.release();
    }
  }
}

/** What one makes and others take, at most `size` waiting between them. @template T */
export class Channel {
  /** @param {number} size */
  constructor(size) {
    this._size = size;
    /** @type {T[]} */
    this._items = [];
    /** @type {(() => void)[]} */
    this._waiting = [];
    this._isEnded = false;
  }

  /** Waits for room; what is put after the end is dropped. @param {T} item */
  async put(item) {
    while (!this._isEnded && this._items.length >= this._size) await this._change();
    if (!this._isEnded) this._items.push(item);
    this._wake();
  }

  /** @returns {Promise<T | null>} null after the last */
  async take() {
    while (!this._isEnded && !this._items.length) await this._change();
    const item = this._items.shift();
    this._wake();
    return item ?? null;
  }

  /** Nothing comes any more. */
  end() {
    this._isEnded = true;
    this._wake();
  }

  _change() {
    return new Promise((resolve) => this._waiting.push(() => resolve(undefined)));
  }

  _wake() {
    for (const wake of this._waiting.splice(0)) wake();
  }
}
