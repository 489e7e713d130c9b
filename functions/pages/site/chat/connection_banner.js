// How the connection stands, where that is worth telling: not for the moments that every connecting takes.

/** @typedef {import("./words.js").Words} Words */

const PATIENCE_MS = 1_500;
const GOOD_MS = 2_500;

export class ConnectionBanner {
  /** @param {HTMLElement} root  @param {import("../chat4all/index.js").LiveClient} live  @param {() => Words} words */
  constructor(root, live, words) {
    this._root = root;
    this._live = live;
    this._words = words;
    this._wasLive = false;
    this._isBad = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._timer = undefined;
  }

  /** To be called when the state of the client has changed, and when the device is offline or online. */
  show() {
    clearTimeout(this._timer);
    const { state } = this._live;
    if (state === "live") return this._good();
    if (state === "signed_out") return this._hide();
    if (this._isBad || !navigator.onLine) return this._bad(state);
    this._timer = setTimeout(() => this._bad(this._live.state), PATIENCE_MS);
    return undefined;
  }

  close() {
    clearTimeout(this._timer);
    this._hide();
  }

  _good() {
    const wasBad = this._isBad;
    this._wasLive = true;
    this._isBad = false;
    if (!wasBad) return this._hide();
    this._say("good", this._words().backOnline);
    this._timer = setTimeout(() => this._hide(), GOOD_MS);
    return undefined;
  }

  /** @param {string} state */
  _bad(state) {
    const say = this._words();
    this._isBad = true;
    if (!navigator.onLine) return this._say("offline", say.offlineBanner);
    if (state === "syncing") return this._say("busy", say.syncing);
    return this._say("busy", this._wasLive ? say.reconnecting : say.connecting);
  }

  /** @param {string} tone  @param {string} text */
  _say(tone, text) {
    this._root.dataset.tone = tone;
    this._root.hidden = false;
    if (this._root.textContent !== text) this._root.textContent = text;
  }

  _hide() {
    this._root.hidden = true;
    this._root.textContent = "";
  }
}
