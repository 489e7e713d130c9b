// How operations are asked: signed, and repeated where that does nothing twice.

import { delayMs } from "./backoff.js";
import { ApiError, NetworkError } from "./errors.js";
import { answer } from "./session.js";

/**
 * @typedef {object} Asked what a caller may say of any request
 * @property {AbortSignal} [signal]
 * @property {string} [idempotencyKey] the same again does nothing twice; one is made where the operation takes one and none is given
 */
/**
 * @typedef {object} Shape
 * @property {any} [body]
 * @property {Record<string, any>} [query]
 * @property {boolean} [takesKey]
 * @property {boolean} [isOpen] asked without a token
 * @property {boolean} [isForm]
 * @property {AbortSignal} [signal]
 * @property {string} [idempotencyKey]
 */

const REPEATABLE = new Set(["GET", "PUT", "PATCH", "DELETE"]);
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/** What `Operations` stands on. */
export class Requests {
  /**
   * @param {{base?: string, session?: import("./session.js").Session | null, patienceMs?: number}} [settings] `base`: of the API, empty
   *   for the page's own origin; without a session only what is open to all can be asked; `patienceMs`: how long one request is repeated
   */
  constructor({ base = "", session = null, patienceMs = 30_000 } = {}) {
    this._base = base.replace(/\/$/, "");
    this._session = session;
    this._patienceMs = patienceMs;
  }

  /**
   * What an operation answers: JSON, null where it is empty.
   * @param {string} method  @param {string} path  @param {Shape} [shape]  @returns {Promise<any>}
   */
  async ask(method, path, shape = {}) {
    const request = asRequest(method, shape);
    const repeats = shape.takesKey || REPEATABLE.has(method);
    const until = Date.now() + this._patienceMs;
    for (let failures = 1; ; failures++) {
      try {
        return await this._once(path + search(shape.query), request, shape.isOpen ?? false);
      } catch (error) {
        if (shape.signal?.aborted || !mayAskAgain(error, repeats)) throw error;
        const wait = delayMs(failures, error instanceof ApiError ? error.retryAfter : null);
        if (Date.now() + wait > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  /** @param {string} path  @param {RequestInit} request  @param {boolean} isOpen */
  async _once(path, request, isOpen) {
    if (isOpen || !this._session) return answer(this._base + path, request);
    const token = await this._session.token();
    try {
      return await answer(this._base + path, signed(request, token));
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      return await answer(this._base + path, signed(request, await this._session.token(token)));
    }
  }
}

/**
 * All items of a list, page by page: `for await (const one of every((query) => operations.listMessages(id, query)))`.
 * @template T  @param {(query: {cursor?: string, limit?: number}) => Promise<{items: T[], next_cursor?: string | null}>} ask
 * @param {number} [limit] of a page  @returns {AsyncGenerator<T, void, void>}
 */
export async function* every(ask, limit = 100) {
  /** @type {string | null | undefined} */
  let cursor;
  do {
    const page = await ask(cursor ? { cursor, limit } : { limit });
    yield* page.items;
    cursor = page.next_cursor;
  } while (cursor);
}

/** @param {unknown} error  @param {boolean} repeats whether asking twice does the same as asking once */
function mayAskAgain(error, repeats) {
  if (error instanceof NetworkError) return repeats;
  if (!(error instanceof ApiError)) return false;
  // These say that nothing was done.
  if (error.status === 429 || error.code === "overloaded") return true;
  return repeats && PASSING.has(error.status);
}

/** @param {string} method  @param {Shape} shape  @returns {RequestInit} */
function asRequest(method, { body, takesKey, isForm, signal, idempotencyKey }) {
  /** @type {Record<string, string>} */
  const headers = {};
  // The id of a message that the caller has chosen is its key, too (docs/clients.md, "Writing").
  if (takesKey) headers["idempotency-key"] = idempotencyKey ?? body?.message_id ?? crypto.randomUUID();
  if (body === undefined || body instanceof FormData) return { method, headers, signal, body };
  if (isForm) return { method, headers, signal, body: new URLSearchParams(body) };
  headers["content-type"] = "application/json";
  return { method, headers, signal, body: JSON.stringify(body) };
}

/** @param {RequestInit} request  @param {string} token  @returns {RequestInit} */
function signed(request, token) {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

/** @param {Record<string, any>} [query] without what is undefined; lists with commas */
function search(query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
