// Tabs of one user in one browser: one leads, by a Web Lock that the browser gives to the next when the tab closes or dies.

import { NetworkError } from "../errors.js";
import { newId } from "../ids.js";
import { thrown, told } from "./told_errors.js";

/**
 * @typedef {import("./types.js").Batch} Batch
 * @typedef {{kind: "batch", batch: Batch} | {kind: "state", state: import("./types.js").State} | {kind: "presence", documents: any[]}
 *   | {kind: "frame", frame: import("./types.js").Frame} | {kind: "watch", tab: string, id: string | null}
 *   | {kind: "hello", tab: string} | {kind: "leads"} | {kind: "signed_out"} | {kind: "users", users: import("./types.js").User[]}
 *   | {kind: "typing", id: string, isOver: boolean}
 *   | {kind: "ask", number: string, what: string, given: any[]} | {kind: "answer", number: string, value?: any, error?: any}} Told
 */

export class Tabs {
  /** @param {{name: string, clock: import("./types.js").Clock, onTold: (told: Told) => void}} given */
  constructor({ name, onTold }) {
    this._name = name;
    this.id = newId();
    this._channel = new BroadcastChannel(name);
    this._channel.addEventListener("message", (event) => this._take(event.data));
    this._onTold = onTold;
    this._ending = new AbortController();
    /** @type {() => void} */
    this._release = () => {};
    /** What the leader was asked and has not answered. @type {Map<string, {what: string, given: any[], resolve: (value: any) => void, reject: (error: any) => void}>} */
    this._asked = new Map();
  }

  /** Resolves when this tab leads; it leads until `end`. Rejects where it ended before. @returns {Promise<void>} */
  lead() {
    return new Promise((resolve, reject) => {
      const held = new Promise((release) => (this._release = () => release(undefined)));
      navigator.locks
        .request(this._name, { signal: this._ending.signal }, () => {
          resolve();
          return held;
        })
        .catch(reject);
    });
  }

  /** @param {Told} message */
  tell(message) {
    if (!this._ending.signal.aborted) this._channel.postMessage(message);
  }

  /** Have the leader do something, whoever leads meanwhile. @param {string} what  @param {any[]} given  @returns {Promise<any>} */
  ask(what, given) {
    return new Promise((resolve, reject) => {
      const number = newId();
      this._asked.set(number, { what, given, resolve, reject });
      this.tell({ kind: "ask", number, what, given });
    });
  }

  /** What was asked and is not answered, for this tab to do itself. @param {(what: string, given: any[]) => Promise<any>} act */
  takeOver(act) {
    for (const { what, given, resolve, reject } of this._asked.values()) act(what, given).then(resolve, reject);
    this._asked.clear();
  }

  /** @param {string} number  @param {Promise<any>} doing */
  async answer(number, doing) {
    try {
      this.tell({ kind: "answer", number, value: await doing });
    } catch (error) {
      this.tell({ kind: "answer", number, error: told(error) });
    }
  }

  end() {
    for (const { reject } of this._asked.values()) reject(new NetworkError("closed"));
    this._asked.clear();
    this._ending.abort();
    this._release();
    this._channel.close();
  }

  /** @param {Told} message */
  _take(message) {
    if (this._ending.signal.aborted) return;
    if (message.kind === "answer") this._answered(message);
    else if (message.kind === "leads") for (const [number, { what, given }] of this._asked) this.tell({ kind: "ask", number, what, given });
    this._onTold(message);
  }

  /** @param {{number: string, value?: any, error?: any}} answer */
  _answered({ number, value, error }) {
    const asked = this._asked.get(number);
    this._asked.delete(number);
    if (error) asked?.reject(thrown(error));
    else asked?.resolve(value);
  }
}
