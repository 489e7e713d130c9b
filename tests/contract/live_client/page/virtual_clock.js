// A clock that stands still while anything is being done: how slow the machine is changes nothing.

import { landed } from "./in_flight.js";

const YIELDS = 3;
const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** After what is queued now. */
function turn() {
  return new Promise((resolve) => {
    waiting.push(() => resolve(undefined));
    channel.port2.postMessage(null);
  });
}

export class VirtualClock {
  constructor() {
    this._now = Date.UTC(2026, 0, 1);
    this._number = 0;
    /** @type {Map<number, {at: number, act: () => void}>} */
    this._timers = new Map();
    this._isRunning = false;
    this.now = () => this._now;
    this.setTimeout = (/** @type {() => void} */ act, /** @type {number} */ ms) => {
      const number = ++this._number;
      this._timers.set(number, { at: this._now + Math.max(0, ms || 0), act });
      return number;
    };
    this.clearTimeout = (/** @type {number} */ number) => void this._timers.delete(number);
  }

  /** Time passes from now on, as fast as what happens in it can be done. */
  async run() {
    this._isRunning = true;
    while (this._isRunning) {
      await this._quiet();
      this._fire();
    }
  }

  stop() {
    this._isRunning = false;
  }

  /** @param {number} ms  @returns {Promise<void>} */
  sleep(ms) {
    return new Promise((resolve) => this.setTimeout(() => resolve(), ms));
  }

  async _quiet() {
    for (let yields = 0; yields < YIELDS; yields++) {
      await turn();
      for (let busy = landed(); busy; busy = landed()) {
        await busy;
        yields = -1;
      }
    }
  }

  _fire() {
    let next = null;
    for (const [number, timer] of this._timers) if (!next || timer.at < next.at) next = { number, ...timer };
    if (!next) return;
    this._timers.delete(next.number);
    this._now = Math.max(this._now, next.at);
    next.act();
  }
}
