// Presigned addresses of parts, signed some at a time, and anew before they end.

const UNSAID_S = 300;
const MARGIN = 0.8;
const MOST = 100;

/** @typedef {{number: number, sha256: string}} Part */

export class Addresses {
  /** @param {import("./api.js").Api} api  @param {string} fileId */
  constructor(api, fileId) {
    this._api = api;
    this._fileId = fileId;
    /** @type {Map<number, {part: import("./api.js").SignedPart, until: number}>} */
    this._signed = new Map();
    /** @type {Map<number, string>} */
    this._wanted = new Map();
    /** @type {Promise<void> | null} */
    this._signing = null;
  }

  /** This one will be asked for soon: it is signed with the next that is. @param {Part} part */
  want({ number, sha256 }) {
    this._wanted.set(number, sha256);
  }

  /** @param {Part} part  @param {AbortSignal} signal  @returns {Promise<import("./api.js").SignedPart>} */
  async of(part, signal) {
    for (;;) {
      const found = this._signed.get(part.number);
      if (found && Date.now() < found.until) return found.part;
      this.want(part);
      await (this._signing ??= this._sign(part, signal).finally(() => (this._signing = null)));
    }
  }

  /** It was refused, or is done with. @param {number} number */
  forget(number) {
    this._signed.delete(number);
    this._wanted.delete(number);
  }

  /** @param {Part} first  @param {AbortSignal} signal */
  async _sign(first, signal) {
    const others = [...this._wanted].filter(([number]) => number !== first.number).slice(0, MOST - 1);
    const wanted = Object.fromEntries([[first.number, first.sha256], ...others]);
    const answer = await this._api.parts(this._fileId, wanted, signal);
    for (const part of answer.parts) {
      this._signed.set(part.number, { part, until: Date.now() + lifetimeMs(part.url) });
      this._wanted.delete(part.number);
    }
    if (!this._signed.has(first.number)) throw new Error(`part ${first.number} was not signed`);
  }
}

/**
 * How long an address is used. As it says itself (SigV4, "X-Amz-Expires"): the time of day of this device may be wrong.
 * @param {string} url
 */
function lifetimeMs(url) {
  return (Number(new URL(url, "https://x").searchParams.get("X-Amz-Expires")) || UNSAID_S) * 1000 * MARGIN;
}
