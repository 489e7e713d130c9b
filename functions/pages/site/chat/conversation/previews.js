// Addresses of files: asked for when a file comes into view, and again when they have run out.

import { ApiError } from "../../chat4all/index.js";

/** @typedef {{url: string, thumbnail_url?: string, expires_at: string, content_type: string}} Addresses */

const EARLY_MS = 30_000;
const AROUND = "400px";

export class Previews {
  /** @param {{presigned: (fileId: string) => Promise<any>}} api */
  constructor(api) {
    this._api = api;
    /** @type {Map<string, {until: number, answer: Promise<Addresses>}>} */
    this._known = new Map();
    /** @type {WeakMap<Element, () => void>} */
    this._waiting = new WeakMap();
    this._watch = new IntersectionObserver((entries) => this._seen(entries), { rootMargin: AROUND });
  }

  /** Addresses that are good for a while; rejects where the file is none of ours any more. @param {string} fileId  @returns {Promise<Addresses>} */
  addresses(fileId) {
    const known = this._known.get(fileId);
    if (known && known.until > Date.now()) return known.answer;
    const asked = Date.now();
    const answer = this._api.presigned(fileId);
    const entry = { until: Infinity, answer };
    this._known.set(fileId, entry);
    answer.then(
      // The clock of the device may be wrong: addresses are good for minutes, whatever it says.
      ({ expires_at }) => (entry.until = Math.min(Date.parse(expires_at), asked + 240_000) - EARLY_MS),
      () => this._known.delete(fileId),
    );
    return answer;
  }

  /** Call `act` when `element` is near what is seen, once. @param {Element} element  @param {() => void} act */
  whenSeen(element, act) {
    this._waiting.set(element, act);
    this._watch.observe(element);
  }

  end() {
    this._watch.disconnect();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  _seen(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this._watch.unobserve(target);
      this._waiting.get(target)?.();
      this._waiting.delete(target);
    }
  }
}

/** Whether the file is not there for us any more. @param {unknown} error */
export function isGone(error) {
  return error instanceof ApiError && error.status === 404;
}
