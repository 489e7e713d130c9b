// Calls of the HTTP API that end: with an answer, when the client ends, or when nobody has answered for long.

import { delayMs, pause } from "../backoff.js";
import { NetworkError, isPassing } from "../errors.js";

const ANSWER_MS = 30_000;
const TRIES = 6;

/** @typedef {{request: (method: string, path: string, more?: {body?: unknown, signal?: AbortSignal, headers?: Record<string, string>}) => Promise<any>}} HttpApi */

export class Asking {
  /**
   * @param {{api: HttpApi, clock: import("./types.js").Clock, random: () => number, ended: AbortSignal, waking: EventTarget}} given
   *   `waking`: tells `wake` when a try may succeed again
   */
  constructor({ api, clock, random, ended, waking }) {
    this._api = api;
    this._clock = clock;
    this._random = random;
    this._ended = ended;
    this._waking = waking;
  }

  /** One try. @param {string} method  @param {string} path  @param {unknown} [body]  @param {Record<string, string>} [headers]  @returns {Promise<any>} */
  async once(method, path, body, headers) {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const timer = this._clock.setTimeout(abort, ANSWER_MS);
    this._ended.addEventListener("abort", abort);
    try {
      return await this._api.request(method, path, { body, headers, signal: controller.signal });
    } catch (error) {
      throw controller.signal.aborted ? new NetworkError("no answer") : error;
    } finally {
      this._clock.clearTimeout(timer);
      this._ended.removeEventListener("abort", abort);
    }
  }

  /**
   * Some tries, later each time; rejects with what does not pass, and with what the last one met.
   * @param {string} method  @param {string} path  @param {unknown} [body]  @param {Record<string, string>} [headers]  @returns {Promise<any>}
   */
  async patiently(method, path, body, headers) {
    for (let failures = 1; ; failures++) {
      try {
        return await this.once(method, path, body, headers);
      } catch (error) {
        if (!isPassing(error) || failures === TRIES || this._ended.aborted) throw error;
        await this.rest(failures, /** @type {any} */ (error).retryAfter);
      }
    }
  }

  /** Wait before the next try. @param {number} failures  @param {number | null} [retryAfter] seconds */
  rest(failures, retryAfter = null) {
    return pause(delayMs(failures, retryAfter, this._random), this._ended, this._waking, this._clock);
  }
}
