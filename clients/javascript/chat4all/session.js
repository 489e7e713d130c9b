// Who is signed in: tokens, kept for one tab, and renewed before they end.

import { ApiError, NetworkError, SignedOut } from "./errors.js";
import { MemoryStorage } from "./memory_storage.js";

/**
 * What POST /auth/token answers. `good_until` (ms) is ours: by the clock of this device, which may be wrong.
 * @typedef {{access_token: string, refresh_token: string, expires_at: string, expires_in: number, good_until?: number}} Tokens
 */

const KEY = "chat4all.session";
const EARLY_MS = 60_000;

/**
 * Tells `ended` when nobody is signed in any more (CustomEvent, `detail.why`: "signed_out", here or in another tab with the same
 * storage, or "refused" by the server), and `began` when somebody is.
 *
 * The tokens lie in `storage`: sessionStorage is gone with the tab, localStorage is that of all tabs, of which one renews at a time.
 */
export class Session extends EventTarget {
  /**
   * @param {{base?: string, storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">}} [options] `base`: of the API; empty: the
   *   page's own origin. Where there is no sessionStorage, as in Node, the tokens are kept in memory
   */
  constructor({ base = "", storage = globalThis.sessionStorage ?? new MemoryStorage() } = {}) {
    super();
    this._base = base;
    this._storage = storage;
    /** @type {Tokens | null} */
    this._tokens = read(storage);
    /** @type {Promise<void> | null} */
    this._renewal = null;
    globalThis.addEventListener?.("storage", (event) => {
      if (event.storageArea === storage && (event.key === KEY || event.key === null)) this._follow();
    });
  }

  /** @returns {string | null} id of the user */
  get userId() {
    return this._tokens && subject(this._tokens);
  }

  /** @param {string} username name or email  @param {string} password */
  async signIn(username, password) {
    this._keep(await this._post("/auth/token", { username, password }));
    this.dispatchEvent(new Event("began"));
  }

  /**
   * With the code that a sign-in by a provider has put into the page's address.
   * @param {string} provider google or github  @param {string} code  @param {string} verifier of which the code_challenge was made
   */
  async signInBy(provider, code, verifier) {
    this._keep(await this._post(`/auth/${encodeURIComponent(provider)}/exchange`, { code, code_verifier: verifier }));
    this.dispatchEvent(new Event("began"));
  }

  /** Ends the session, here at once and at the server if it answers. */
  async signOut() {
    const tokens = this._tokens;
    this._end("signed_out");
    if (tokens) await this._post("/auth/revoke", { refresh_token: tokens.refresh_token }).catch(() => {});
  }

  /**
   * An access token that is good for a while; rejects with SignedOut, or with what may pass.
   * @param {string} [refused] one that was just answered 401
   */
  async token(refused = "") {
    const tokens = this._tokens;
    if (!tokens) throw new SignedOut();
    if (tokens.access_token !== refused && isGood(tokens)) return tokens.access_token;
    this._renewal ??= this._renew(tokens).finally(() => (this._renewal = null));
    await this._renewal;
    return this._now().access_token;
  }

  /** In one tab at a time: a refresh token is good once, and another tab may have used it. @param {Tokens} tokens */
  _renew(tokens) {
    const locks = globalThis.navigator?.locks;
    return locks ? locks.request(KEY, () => this._renewed(tokens)) : this._renewed(tokens);
  }

  /** @param {Tokens} tokens */
  async _renewed(tokens) {
    this._follow();
    if (this._now().access_token !== tokens.access_token && isGood(this._now())) return;
    try {
      this._keep(await this._post("/auth/refresh", { refresh_token: this._now().refresh_token }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 429 || error.status >= 500) throw error;
      this._end("refused");
      throw new SignedOut();
    }
  }

  /** What another tab has left in the storage: newer tokens, or nobody's. */
  _follow() {
    const kept = read(this._storage);
    if (!this._tokens) return;
    if (kept && subject(kept) === subject(this._tokens)) this._tokens = kept;
    else this._forget("signed_out");
  }

  _now() {
    if (!this._tokens) throw new SignedOut();
    return this._tokens;
  }

  /** @param {Tokens} tokens */
  _keep(tokens) {
    this._tokens = { ...tokens, good_until: Date.now() + tokens.expires_in * 1000 };
    this._storage.setItem(KEY, JSON.stringify(this._tokens));
  }

  /** @param {"signed_out" | "refused"} why */
  _end(why) {
    if (!this._tokens) return;
    this._storage.removeItem(KEY);
    this._forget(why);
  }

  /** @param {"signed_out" | "refused"} why */
  _forget(why) {
    this._tokens = null;
    this.dispatchEvent(new CustomEvent("ended", { detail: { why } }));
  }

  /** @param {string} path  @param {unknown} body */
  async _post(path, body) {
    return answer(this._base + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  }
}

/**
 * The JSON that `url` answers; rejects with ApiError or NetworkError.
 * @param {string} url  @param {RequestInit} request
 */
export async function answer(url, request) {
  let response;
  let text;
  try {
    // No redirects: passwords and refresh tokens stand in bodies, which would go along.
    response = await fetch(url, { redirect: "error", ...request });
    text = await response.text();
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new NetworkError(String(error));
  }
  const document = parsed(text);
  if (response.ok) return document;
  throw new ApiError(response.status, document, Number(response.headers.get("retry-after")) || null);
}

/** @param {string} text */
function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** @param {Pick<Storage, "getItem">} storage  @returns {Tokens | null} */
function read(storage) {
  const kept = parsed(storage.getItem(KEY) ?? "");
  return kept?.access_token && kept?.refresh_token ? kept : null;
}

/** @param {Tokens} tokens */
function isGood({ good_until, expires_at }) {
  return (good_until ?? Date.parse(expires_at)) - Date.now() > EARLY_MS;
}

/** Id of whose tokens these are. @param {Tokens} tokens */
function subject({ access_token }) {
  return String(claims(access_token).sub ?? "");
}

/** Claims of a JWT, unchecked: only its issuer's own pages look at them. @param {string} token */
function claims(token) {
  const bytes = Uint8Array.from(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
