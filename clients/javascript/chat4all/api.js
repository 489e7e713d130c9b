// The HTTP API: what files need by name, all else by `request`. Each call is one try; who calls repeats it.

import { ApiError } from "./errors.js";
import { answer } from "./session.js";

/**
 * @typedef {{file_id: string, filename: string, content_type: string, status: string, size?: number, reason?: string,
 *   sha256?: string, part_size?: number, part_count?: number, upload_expires_at?: string,
 *   verification?: {checked_bytes: number},
 *   upload?: {part_size: number, part_count: number, arrived: number[], arrived_bytes: number, expires_at: string}}} FileDocument
 * @typedef {{number: number, url: string, headers: Record<string, string>}} SignedPart
 */

export class Api {
  /** @param {import("./session.js").Session} session  @param {string} [base] of the API; empty: the page's own origin */
  constructor(session, base = "") {
    this._session = session;
    this._base = base;
  }

  /**
   * Each part will come with its SHA-256: S3 takes either all parts of an upload so or none.
   * @param {{filename: string, size: number, content_type: string, part_size?: number}} file  @param {string} key the same again is the same file
   * @param {AbortSignal} signal  @returns {Promise<FileDocument>}
   */
  initiate(file, key, signal) {
    return this._send("POST", "/v1/files/initiate", { ...file, part_checksum: "sha256" }, signal, { "idempotency-key": key });
  }

  /**
   * Addresses for parts of these SHA-256 (hex, by number), which S3 then insists on.
   * @param {string} fileId  @param {Record<string, string>} sha256  @param {AbortSignal} signal
   * @returns {Promise<{parts: SignedPart[], expires_at: string}>}
   */
  parts(fileId, sha256, signal) {
    return this._send("POST", `/v1/files/${fileId}/parts`, { numbers: Object.keys(sha256).map(Number), sha256 }, signal);
  }

  /** @param {string} fileId  @param {string} sha256  @param {AbortSignal} signal  @returns {Promise<FileDocument>} */
  complete(fileId, sha256, signal) {
    return this._send("POST", "/v1/files/complete", { file_id: fileId, sha256 }, signal);
  }

  /** @param {string} fileId  @param {AbortSignal} [signal]  @returns {Promise<FileDocument>} */
  file(fileId, signal) {
    return this._send("GET", `/v1/files/${fileId}`, undefined, signal);
  }

  /** @param {string} fileId  @returns {Promise<{url: string, expires_at: string}>} an address for the download */
  presigned(fileId) {
    return this._send("GET", `/v1/files/${fileId}/presigned`);
  }

  /** Aborts an upload, or deletes a file; also one that is gone. @param {string} fileId */
  async delete(fileId) {
    try {
      await this._send("DELETE", `/v1/files/${fileId}`);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  /**
   * The JSON that a route answers; rejects with ApiError, NetworkError or SignedOut.
   * @param {string} method  @param {string} path  @param {{body?: unknown, signal?: AbortSignal, headers?: Record<string, string>}} [more]
   * @returns {Promise<any>}
   */
  request(method, path, { body, signal, headers } = {}) {
    return this._send(method, path, body, signal, headers);
  }

  /**
   * @param {string} method  @param {string} path  @param {unknown} [body]  @param {AbortSignal} [signal]
   * @param {Record<string, string>} [more] headers
   */
  async _send(method, path, body, signal, more = {}) {
    const token = await this._session.token();
    try {
      return await this._once(method, path, body, signal, more, token);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      return await this._once(method, path, body, signal, more, await this._session.token(token));
    }
  }

  /**
   * @param {string} method  @param {string} path  @param {unknown} body  @param {AbortSignal | undefined} signal
   * @param {Record<string, string>} more  @param {string} token
   */
  _once(method, path, body, signal, more, token) {
    /** @type {Record<string, string>} */
    const headers = { authorization: `Bearer ${token}`, ...more };
    if (body !== undefined) headers["content-type"] = "application/json";
    return answer(this._base + path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  }
}
