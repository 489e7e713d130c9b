// One upload as people see it.

import { h, icon } from "../page/dom.js";
import { percent, size, speed, time } from "../page/format.js";
import { words } from "./words.js";

/** @typedef {import("../chat4all/upload.js").Upload} Upload */
/** @typedef {{cancel: (upload: Upload) => void, choose: (upload: Upload) => void, reopen: (upload: Upload) => void,
 *   again: (upload: Upload) => void, download: (upload: Upload) => void, copy: (upload: Upload) => void,
 *   remove: (upload: Upload) => void}} Acts */

/** Tone of the row, which its colours follow. @type {Record<string, string>} */
const TONES = { completed: "good", failed: "bad", needs_file: "warn", paused: "quiet", cancelled: "quiet", elsewhere: "quiet", waiting: "quiet" };

/** The same file will always fail so. */
const HOPELESS = new Set(["empty_file", "file_too_large", "infected", "too_large"]);

/** Marks of direction make "gpj.exe" look like "exe.jpg" (Unicode Technical Report 36, 2.1). */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export class Row {
  /** @param {Upload} upload  @param {Acts} acts */
  constructor(upload, acts) {
    this._upload = upload;
    this._acts = acts;
    this._shown = "";
    const ending = /\.([A-Za-z0-9]{1,4})$/.exec(upload.name)?.[1].toUpperCase() ?? "";
    this._text = h("p", { class: "row-text" });
    this._progress = h("progress", { max: "1" });
    this._bar = h("div", { class: "row-progress" }, this._progress);
    this._buttons = h("div", { class: "row-acts" });
    const kind = h("span", { class: "row-kind", "aria-hidden": "true" }, ending || icon("upload"));
    const shown = upload.name.replace(TURNING, "");
    const name = h("p", { class: "row-name", title: shown, dir: "auto" }, shown);
    this.element = h("li", { class: "row" }, kind, name, this._text, this._buttons, this._bar);
    this.show();
  }

  /** Show it as it is now. */
  show() {
    const upload = this._upload;
    this.element.dataset.tone = upload.trouble ? "warn" : (TONES[upload.state] ?? "busy");
    this.element.dataset.state = upload.state;
    this._set(this._text, textOf(upload));
    this._showProgress();
    // Buttons are made anew only when they are others: who is about to press one must not lose it.
    const wanted = [upload.state, upload.why, upload.handle !== null, upload.trouble !== null, words().pause].join();
    if (wanted === this._shown) return;
    this._shown = wanted;
    const had = this._buttons.contains(document.activeElement);
    this._buttons.replaceChildren(...this._made());
    if (had) this._buttons.querySelector("button")?.focus();
  }

  _showProgress() {
    const upload = this._upload;
    const progress = /** @type {HTMLProgressElement} */ (this._progress);
    progress.setAttribute("aria-label", words().progress(upload.name));
    this._bar.hidden = upload.isEnded;
    if (upload.state === "finishing" && !upload.verified) progress.removeAttribute("value");
    else progress.value = upload.size ? shareOf(upload) : 0;
  }

  /** @returns {HTMLElement[]} */
  _made() {
    const upload = this._upload;
    const { pause, resume, again, chooseFile, tryNow, download } = words();
    const acts = this._acts;
    switch (upload.state) {
      case "waiting": case "checking": case "uploading": {
        const now = upload.trouble ? [this._button(tryNow, "again", () => upload.wake())] : [];
        return [...now, this._button(pause, "pause", () => upload.pause()), this._cancel()];
      }
      case "paused": return upload.why === "signed_out" ? [this._cancel()] : [this._button(resume, "play", () => upload.resume()), this._cancel()];
      case "elsewhere": return [this._button(again, "again", () => upload.resume())];
      case "needs_file": {
        const mayReopen = upload.handle !== null && upload.why === "";
        return [mayReopen ? this._button(resume, "play", () => acts.reopen(upload), true) : this._button(chooseFile, "upload", () => acts.choose(upload), true), this._cancel()];
      }
      case "completed": return [this._button(download, "down", () => acts.download(upload)), this._small("copyId", "copy", () => acts.copy(upload)), this._remove()];
      case "failed": return HOPELESS.has(upload.why) ? [this._remove()] : [this._button(again, "again", () => acts.again(upload), true), this._remove()];
      case "cancelled": return [this._remove()];
      default: return [];
    }
  }

  _cancel() {
    return this._small("cancel", "cross", () => this._acts.cancel(this._upload));
  }

  _remove() {
    return this._small("remove", "cross", () => this._acts.remove(this._upload));
  }

  /** @param {string} label  @param {Parameters<typeof icon>[0]} picture  @param {() => void} act  @param {boolean} [isPrimary] */
  _button(label, picture, act, isPrimary = false) {
    return h("button", { type: "button", class: isPrimary ? "primary" : null, "aria-label": `${label}: ${this._upload.name}`, onclick: act }, icon(picture), label);
  }

  /** @param {"cancel" | "remove" | "copyId"} word  @param {Parameters<typeof icon>[0]} picture  @param {() => void} act */
  _small(word, picture, act) {
    const label = words()[word];
    return h("button", { type: "button", class: "quiet icon", title: label, "aria-label": `${label}: ${this._upload.name}`, onclick: act }, icon(picture));
  }

  /** @param {HTMLElement} element  @param {string} text */
  _set(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }
}

/** @param {Upload} upload */
function shareOf(upload) {
  const done = upload.state === "checking" ? upload.checked : upload.state === "finishing" ? upload.verified : upload.sent;
  return done / upload.size;
}

/** @param {Upload} upload  @returns {string} how it stands, in one line */
export function textOf(upload) {
  const say = words();
  if (upload.trouble) return troubleText(upload.trouble);
  switch (upload.state) {
    case "completed": return `${size(upload.document?.size ?? upload.size)} · ${say.completed}`;
    case "failed": return reasonOf(upload);
    case "needs_file": return missingText(upload);
    case "paused": return `${upload.why === "signed_out" ? say.paused_signed_out : say.paused} · ${say.of(size(upload.sent), size(upload.size))}`;
    case "checking": return say.checking(percent(upload.checked, upload.size));
    case "uploading": return movingText(upload);
    case "finishing": return `${size(upload.size)} · ${say.finishing(upload.verified ? percent(upload.verified, upload.size) : "")}`;
    default: return `${size(upload.size)} · ${say[upload.state]}`;
  }
}

/** @param {import("../chat4all/trying.js").Trouble} trouble */
function troubleText({ code, until }) {
  const say = words();
  const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
  return code === "offline" ? say.offline : code === "server" ? say.server(seconds) : say.storage(seconds);
}

/** @param {Upload} upload */
function missingText(upload) {
  const say = words();
  const share = percent(upload.sent, upload.size);
  if (upload.why === "wrong_file") return say.needs_file_wrong_file;
  if (upload.why === "unreadable") return say.needs_file_unreadable;
  // Just after a reload the server is still asked how much is there.
  if (!upload.sent) return upload.handle ? say.needs_permission_only : say.needs_file_only;
  return upload.handle ? say.needs_permission(share) : say.needs_file(share);
}

/** @param {Upload} upload */
function movingText({ sent, size: whole, rate, secondsLeft }) {
  const say = words();
  if (!sent) return `${size(whole)} · ${say.uploading}`;
  const moved = say.of(size(sent), size(whole));
  return rate && secondsLeft !== null ? `${moved} · ${speed(rate)} · ${say.left(time(secondsLeft))}` : moved;
}

/** @param {Upload} upload */
function reasonOf(upload) {
  const { failures, failed } = words();
  return failures[upload.why] ?? (upload.detail ? `${upload.detail} ${failed}` : failed);
}
