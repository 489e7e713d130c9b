// Who is signed in: tokens, kept for one tab, and renewed before they end.

import { ApiError, NetworkError, SignedOut } from "./errors.js";

/** @typedef {{access_token: string, refresh_token: string, expires_at: string}} Tokens  what POST /auth/token answers */

const KEY = "chat4all.session";
const EARLY_MS = 60_000;

/**
 * Tells `ended` when nobody is signed in any more, and `began` when somebody is.
 *
 * The tokens lie in `storage` (sessionStorage: gone with the tab, and no other site's).
 */
export class Session extends EventTarget {
  /** @param {{base?: string, storage?: Storage}} [options] `base`: of the API; empty: the page's own origin */
  constructor({ base = "", storage = sessionStorage } = {}) {
    super();
    this._base = base;
    this._storage = storage;
    /** @type {Tokens | null} */
    this._tokens = read(storage);
    /** @type {Promise<void> | null} */
    this._renewal = null;
  }

  /** @returns {string | null} id of the user */
  get userId() {
    return this._tokens && String(claims(this._tokens.access_token).sub ?? "");
  }

  /** @param {string} username name or email  @param {string} password */
  async signIn(username, password) {
    this._keep(await this._post("/auth/token", { username, password }));
    this.dispatchEvent(new Event("began"));
  }

  /** Ends the session, here at once and at the server if it answers. */
  async signOut() {
    const tokens = this._tokens;
    this._end();
    if (tokens) await this._post("/auth/revoke", { refresh_token: tokens.refresh_token }).catch(() => {});
  }

  /**
   * An access token that is good for a while; rejects with SignedOut, or with what may pass.
   * @param {string} [refused] one that was just answered 401
   */
  async token(refused = "") {
    const tokens = this._tokens;
    if (!tokens) throw new SignedOut();
    if (tokens.access_token !== refused && Date.parse(tokens.expires_at) - Date.now() > EARLY_MS) return tokens.access_token;
    this._renewal ??= this._renew(tokens).finally(() => (this._renewal = null));
    await this._renewal;
    return this._now().access_token;
  }

  /** @param {Tokens} tokens */
  async _renew(tokens) {
    try {
      this._keep(await this._post("/auth/refresh", { refresh_token: tokens.refresh_token }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 429 || error.status >= 500) throw error;
      this._end();
      throw new SignedOut();
    }
  }

  _now() {
    if (!this._tokens) throw new SignedOut();
    return this._tokens;
  }

  /** @param {Tokens} tokens */
  _keep(tokens) {
    this._tokens = tokens;
    this._storage.setItem(KEY, JSON.stringify(tokens));
  }

  _end() {
    if (!this._tokens) return;
    this._tokens = null;
    this._storage.removeItem(KEY);
    this.dispatchEvent(new Event("ended"));
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
    response = await fetch(url, request);
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

/** @param {Storage} storage  @returns {Tokens | null} */
function read(storage) {
  const kept = parsed(storage.getItem(KEY) ?? "");
  return kept?.access_token && kept?.refresh_token ? kept : null;
}

/** Claims of a JWT, unchecked: only its issuer's own pages look at them. @param {string} token */
function claims(token) {
  const bytes = Uint8Array.from(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
