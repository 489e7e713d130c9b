// One WebSocket: opened with the token as a subprotocol, requests and their answers, and everything else as frames.

import { ApiError, NetworkError } from "../errors.js";

/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {typeof globalThis.WebSocket} WebSocketClass */
/** @typedef {{resolve: (data: any) => void, reject: (error: Error) => void, timer: any}} Waiting */

const OPEN_MS = 15_000;
const ANSWER_MS = 20_000;

export class Line {
  /**
   * @param {{url: string, token: string, WebSocket: WebSocketClass, clock: import("./types.js").Clock,
   *   onFrame: (frame: Frame) => void}} given
   */
  constructor({ url, token, WebSocket, clock, onFrame }) {
    this.token = token;
    this._clock = clock;
    this._onFrame = onFrame;
    this._number = 0;
    /** @type {Map<number, Waiting>} */
    this._waiting = new Map();
    this._socket = new WebSocket(url, ["chat4all.v1", `bearer.${token}`, "chat4all.v1.batches"]);
    this._socket.addEventListener("message", (event) => this._take(event.data));
    this._socket.addEventListener("close", () => this._end());
    /** @type {() => void} */
    this._tellClosed = () => {};
    /** Resolves when it is open no more, whoever closed it. @type {Promise<void>} */
    this.closed = new Promise((resolve) => (this._tellClosed = resolve));
    this.isOpen = false;
  }

  /** Resolves when it is open; rejects with NetworkError. @returns {Promise<void>} */
  opened() {
    return new Promise((resolve, reject) => {
      const timer = this._clock.setTimeout(() => this.close(), OPEN_MS);
      this._socket.addEventListener("open", () => {
        this._clock.clearTimeout(timer);
        this.isOpen = true;
        resolve();
      });
      void this.closed.then(() => {
        this._clock.clearTimeout(timer);
        reject(new NetworkError("the WebSocket does not open"));
      });
    });
  }

  /**
   * Data of the ack; rejects with ApiError, and with NetworkError where no answer comes.
   * @param {string} action  @param {any} data  @param {number} [withinMs]  @returns {Promise<any>}
   */
  request(action, data, withinMs = ANSWER_MS) {
    if (!this.isOpen) return Promise.reject(new NetworkError("no connection"));
    const id = ++this._number;
    return new Promise((resolve, reject) => {
      const timer = this._clock.setTimeout(() => this._answer(id, (one) => one.reject(new NetworkError("no answer"))), withinMs);
      this._waiting.set(id, { resolve, reject, timer });
      this._socket.send(JSON.stringify({ action, id, data }));
    });
  }

  close() {
    this._end();
    this._socket.close();
  }

  /** A message is one frame, or several in an array (docs/clients.md, "Frames"). @param {any} text */
  _take(text) {
    const message = parsed(text);
    for (const frame of Array.isArray(message) ? message : [message]) this._takeFrame(frame);
  }

  /** @param {Frame | null} frame */
  _takeFrame(frame) {
    if (!frame?.type) return this._gatewayFailed();
    if (frame.type === "ack") this._answer(Number(frame.id), (one) => one.resolve(frame.data));
    else if (frame.type === "error") this._refused(frame);
    else this._onFrame(frame);
  }

  /** @param {Frame} frame */
  _refused({ id, error }) {
    if (id != null) this._answer(Number(id), (one) => one.reject(refusal(error)));
    if (error?.code === "token_expired") this.close(); // the server does so, too; the next one has a new token
    else this._onFrame({ type: "error", error });
  }

  /** A frame without a type is the gateway's own and does not say what it answers: whatever waits is to be tried again. */
  _gatewayFailed() {
    for (const id of [...this._waiting.keys()]) this._answer(id, (one) => one.reject(new NetworkError("the gateway failed")));
  }

  /** @param {number} id  @param {(one: Waiting) => void} how */
  _answer(id, how) {
    const one = this._waiting.get(id);
    if (!one) return;
    this._waiting.delete(id);
    this._clock.clearTimeout(one.timer);
    how(one);
  }

  _end() {
    this.isOpen = false;
    for (const id of [...this._waiting.keys()]) this._answer(id, (one) => one.reject(new NetworkError("the connection has ended")));
    this._onFrame = () => {};
    this._tellClosed();
  }
}

/** @param {any} problem */
function refusal(problem) {
  return new ApiError(Number(problem?.status ?? 500), problem, Number(problem?.retry_after) || null);
}

/** @param {any} text  @returns {Frame | Frame[] | null} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
