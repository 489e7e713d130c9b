// Signs of life: they keep the user online, tell who else is, renew the token of the connection, and find out that it is dead.

import { ApiError, NetworkError, isPassing } from "../errors.js";

const INTERVAL_S = 30;
const ANSWER_MS = 15_000;
const SOON_MS = 5_000;
/** A token that is good for less is renewed: the server warns at five minutes. */
const EARLY_MS = 5 * 60_000;

export class Heart {
  /**
   * @param {{line: () => import("./line.js").Line | null, session: {token: (refused?: string) => Promise<string>},
   *   clock: import("./types.js").Clock, watched: () => string[], onPresence: (documents: any[]) => void, onMissed: () => void}} given
   *   `onMissed`: nothing was pushed for a while
   */
  constructor({ line, session, clock, watched, onPresence, onMissed }) {
    this._onMissed = onMissed;
    this._line = line;
    this._session = session;
    this._clock = clock;
    this._watched = watched;
    this._onPresence = onPresence;
    this._intervalMs = INTERVAL_S * 1000;
    /** @type {any} */
    this._timer = null;
    this._isBeating = false;
    /** Once more, for what was asked for meanwhile. */
    this._isWanted = false;
    this._isRenewing = false;
    /** Of the server, less that of the device (ms). */
    this.skewMs = 0;
  }

  begin() {
    void this.beat();
  }

  /** One sign of life. @param {boolean} [isDoubted] whether the connection may be dead, so that it has to answer soon */
  async beat(isDoubted = false) {
    const line = this._line();
    this._isWanted = this._isBeating;
    if (!line || this._isBeating) return;
    this._isBeating = true;
    this._clock.clearTimeout(this._timer);
    try {
      await this._tell(line, isDoubted);
    } catch (error) {
      if (error instanceof NetworkError) line.close();
    } finally {
      this._isBeating = false;
    }
    if (this._isWanted) void this.beat();
    else if (this._line()) this._plan();
  }

  /** @param {import("./line.js").Line} line  @param {boolean} isDoubted */
  async _tell(line, isDoubted) {
    const token = await this._session.token().catch(() => line.token);
    const renewed = token === line.token ? {} : { token };
    const [first, ...more] = this._watched().map((conversation_id) => ({ conversation_id }));
    for (const data of [{ ...first, ...renewed }, ...more]) {
      await this._send(line, data, isDoubted, token).catch((error) => {
        if (!(error instanceof ApiError) || isPassing(error)) throw error;
        return this._send(line, {}, isDoubted, token); // not a member any more, or no good token: a sign of life all the same
      });
    }
  }

  /** A new token for the connection. */
  async renew() {
    const line = this._line();
    if (!line || this._isRenewing) return;
    this._isRenewing = true;
    try {
      const token = await this._session.token(line.token);
      await this._send(line, { token }, false, token);
    } catch {
      // The next sign of life tries again; at the worst the connection ends, and the next one has a new token.
    } finally {
      this._isRenewing = false;
    }
  }

  rest() {
    this._clock.clearTimeout(this._timer);
    this._timer = null;
  }

  _plan() {
    const planned = this._clock.now() + this._intervalMs;
    this._timer = this._clock.setTimeout(() => {
      const hasSlept = this._clock.now() - planned > this._intervalMs;
      void this.beat(hasSlept);
    }, this._intervalMs);
  }

  /** @param {import("./line.js").Line} line  @param {any} data  @param {boolean} isDoubted  @param {string} token */
  async _send(line, data, isDoubted, token) {
    const answer = await line.request("heartbeat", data, isDoubted ? SOON_MS : ANSWER_MS);
    if (data.token) line.token = token;
    if (answer.interval > 0) this._intervalMs = answer.interval * 1000;
    if (answer.time) this.skewMs = Date.parse(answer.time) - this._clock.now();
    if (answer.presence) this._onPresence(answer.presence);
    if (answer.sync) this._onMissed();
    const left = Date.parse(answer.token_expires_at) - Date.parse(answer.time);
    if (left < EARLY_MS) void this.renew();
  }
}
