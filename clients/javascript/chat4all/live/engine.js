// The one who is connected: holds the WebSocket, catches up, sends what waits. One tab of a user has it (tabs.js).

import { ApiError, NetworkError, SignedOut, isPassing } from "../errors.js";
import { CatchingUp } from "./catching_up.js";
import { Heart } from "./heart.js";
import { Line } from "./line.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").Batch} Batch
 *
 * @typedef {object} Means
 * @property {import("./held.js").Held} held
 * @property {import("./writer.js").Writer} writer
 * @property {import("./asking.js").Asking} asking
 * @property {{token: (refused?: string) => Promise<string>}} session
 * @property {string} url
 * @property {typeof WebSocket} WebSocket
 * @property {import("./types.js").Clock} clock
 * @property {AbortSignal} ended
 * @property {EventTarget} waking  `wake`: a try may succeed, and what seems open may not be
 * @property {() => boolean} isOnline
 * @property {() => string[]} watched  conversations whose members' presence is wanted
 * @property {(state: State) => void} onState
 * @property {(documents: any[]) => void} onPresence
 */

/** Connections in a row that did not open though the API answers. */
const REFUSALS = 3;

export class Engine {
  /** @param {Means} means */
  constructor(means) {
    const { held, writer, asking, clock, ended } = means;
    this._means = means;
    /** @type {Line | null} */
    this._line = null;
    this._refusals = 0;
    const line = () => (this._line?.isOpen ? this._line : null);
    this.catchingUp = new CatchingUp({ held, writer, asking, clock, line });
    this.marks = new Marks({ held, writer, clock, line });
    this.heart = new Heart({ ...means, line, onMissed: () => void this.catchingUp.again() });
    this.outbox = new Outbox({
      ...{ held, writer, asking, clock, ended },
      onTrouble: (error) => error instanceof NetworkError && void this.heart.beat(true),
      onHole: (id) => this.catchingUp.watchHoles([id]),
    });
    this._onWake = () => void this.heart.beat(true);
  }

  /** Connect, and again whenever it ends, until the client ends or nobody is signed in. */
  async run() {
    const { waking, ended, asking } = this._means;
    waking.addEventListener("wake", this._onWake);
    this.outbox.wake();
    for (let failures = 0; !ended.aborted; ) {
      const began = this._means.clock.now();
      try {
        await this._connected();
        failures = 0;
      } catch (error) {
        if (error instanceof SignedOut) return;
        if (this._means.clock.now() - began > 60_000) failures = 0;
      }
      this._means.onState("offline");
      if (!ended.aborted) await asking.rest(++failures + 1);
    }
  }

  /** Frames that change nothing that is stored. @param {Frame} frame */
  other(frame) {
    if (frame.type === "sync.done") this.catchingUp.synced(frame.data);
    else if (frame.type === "token.expiring" || isEnded(frame)) void this.heart.renew();
  }

  /** What was applied may have left holes, and may be told to others as delivered. @param {Batch} batch */
  applied(batch) {
    const ids = batch.conversations.map((one) => one.id);
    this.catchingUp.watchHoles(ids);
    if (ids.length || batch.marks.length) this.marks.noteDelivered(ids);
    if (batch.entries.length) this.outbox.wake();
  }

  /** What came over this connection cannot be taken: the next one begins with a sync. */
  reconnect() {
    this._line?.close();
  }

  /** @param {string} conversationId  @param {boolean} isOver */
  typing(conversationId, isOver) {
    const data = { conversation_id: conversationId, ...(isOver ? { stopped: true } : {}) };
    this._open()?.request("typing", data).catch(() => {});
  }

  end() {
    this._means.waking.removeEventListener("wake", this._onWake);
    this._line?.close();
    this._rest();
  }

  _open() {
    return this._line?.isOpen ? this._line : null;
  }

  /** One connection from its beginning to its end. */
  async _connected() {
    const { session, url, WebSocket, clock, onState, writer } = this._means;
    onState("connecting");
    const token = await session.token();
    const line = new Line({ url, token, WebSocket, clock, onFrame: (frame) => writer.take(frame) });
    this._line = line;
    try {
      await this._opened(line);
      onState("syncing");
      this.heart.begin();
      await this.catchingUp.all();
      onState("live");
      for (const id of this._means.watched()) this.catchingUp.newest(id).catch(() => {});
      this.marks.wake();
      this.outbox.wake();
      await line.closed;
    } finally {
      line.close();
      this._rest();
    }
  }

  /** A refused token looks as a lost connection does; a call of the API tells which it is, and has the token renewed. @param {Line} line */
  async _opened(line) {
    try {
      await line.opened();
      this._refusals = 0;
    } catch (error) {
      if (this._means.isOnline()) await this._check(line).catch(signedOut);
      throw error;
    }
  }

  /** A session that was ended still has an access token that is good for a while; to renew it tells. @param {Line} line */
  async _check(line) {
    await this._means.asking.once("GET", "/v1/users/me");
    if (++this._refusals % REFUSALS === 0) await this._means.session.token(line.token);
  }

  _rest() {
    this.heart.rest();
    this.marks.rest();
    this.catchingUp.rest();
  }
}

/** Whether the server says that the session was ended: the renewal that follows is refused, and so everybody knows. @param {Frame} frame */
function isEnded({ type, error }) {
  return type === "error" && error?.code === "session_ended";
}

/** @param {unknown} error */
function signedOut(error) {
  if (error instanceof SignedOut) throw error;
  if (error instanceof ApiError && !isPassing(error) && error.status === 401) throw new SignedOut();
}
