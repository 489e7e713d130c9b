// One file on its way: its name, how far it is, and what can be done with it.

import { h, icon } from "../../page/dom.js";
import { percent, size } from "../../page/format.js";
import { fileName } from "./files.js";
import { words } from "./words.js";

/** @typedef {import("../../chat4all/upload.js").Upload} Upload */
/** @typedef {{remove: (upload: Upload) => void, again: (upload: Upload) => void, choose: (upload: Upload) => void}} Acts */

/** Tone, which its colours follow. @type {Record<string, string>} */
const TONES = { completed: "good", failed: "bad", needs_file: "warn", elsewhere: "warn" };
const PICTURE_BYTES = 20_000_000;

export class Transfer {
  /** @param {Upload} upload  @param {Acts} acts */
  constructor(upload, acts) {
    this.upload = upload;
    this._acts = acts;
    this._shown = "";
    this._name = fileName(upload.name);
    this._address = isPicture(upload.file) ? URL.createObjectURL(/** @type {File} */ (upload.file)) : "";
    this._text = h("span", { class: "file-size" });
    this._progress = /** @type {HTMLProgressElement} */ (h("progress", { max: "1" }));
    this._buttons = h("div", { class: "file-acts" });
    const name = h("span", { class: "file-name", dir: "auto", title: this._name }, this._name);
    this.element = h("div", { class: "file is-moving", dir: "ltr" }, this._art(), h("div", { class: "file-text" }, name, this._text), this._buttons, this._progress);
    this.show();
  }

  /** Show it as it is now. */
  show() {
    const { upload } = this;
    this.element.dataset.tone = upload.trouble ? "warn" : (TONES[upload.state] ?? "busy");
    this.element.dataset.state = upload.state;
    const text = this._said();
    if (this._text.textContent !== text) this._text.textContent = text;
    this._showProgress();
    // Buttons are made anew only when they are others: who is about to press one must not lose it.
    const wanted = [upload.state, words().pauseFile(this._name)].join();
    if (wanted === this._shown) return;
    this._shown = wanted;
    const had = this._buttons.contains(document.activeElement);
    this._buttons.replaceChildren(...this._made());
    if (had) this._buttons.querySelector("button")?.focus();
  }

  end() {
    if (this._address) URL.revokeObjectURL(this._address);
  }

  _art() {
    if (this._address) return h("img", { class: "file-art", alt: "", src: this._address });
    const ending = /\.([A-Za-z0-9]{1,4})$/.exec(this._name)?.[1].toUpperCase();
    return h("span", { class: "file-art", "aria-hidden": "true" }, ending ?? icon("clip"));
  }

  _showProgress() {
    const { upload } = this;
    this._progress.setAttribute("aria-label", words().progressOf(this._name));
    this._progress.hidden = upload.isEnded;
    if (upload.state === "finishing" && !upload.verified) this._progress.removeAttribute("value");
    else this._progress.value = upload.size ? Math.min(1, upload.sent / upload.size) : 0;
  }

  _said() {
    const { upload } = this;
    const say = words();
    const whole = size(upload.size);
    if (upload.trouble) return `${whole} · ${say.fileWaits}`;
    if (upload.state === "failed") return upload.detail || say.fileStates.failed;
    if (upload.state === "completed") return whole;
    if (upload.state !== "uploading" || !upload.sent) return `${whole} · ${say.fileStates[upload.state]}`;
    return `${say.of(size(upload.sent), whole)} · ${percent(upload.sent, upload.size)}`;
  }

  /** @returns {HTMLElement[]} */
  _made() {
    const { upload, _acts: acts, _name: name } = this;
    const say = words();
    const remove = this._button("cross", say.removeFile(name), () => acts.remove(upload));
    switch (upload.state) {
      case "waiting": case "checking": case "uploading": return [this._button("pause", say.pauseFile(name), () => upload.pause()), remove];
      case "paused": return [this._button("play", say.resumeFile(name), () => upload.resume()), remove];
      case "elsewhere": return [this._button("again", say.resumeFile(name), () => upload.resume()), remove];
      case "needs_file": return [this._button("upload", say.chooseFile(name), () => acts.choose(upload)), remove];
      case "failed": return [...(upload.size ? [this._button("again", say.againFile(name), () => acts.again(upload))] : []), remove];
      case "finishing": return [];
      default: return [remove];
    }
  }

  /** @param {Parameters<typeof icon>[0]} picture  @param {string} label  @param {() => void} act */
  _button(picture, label, act) {
    return h("button", { type: "button", class: "quiet icon", title: label, "aria-label": label, onclick: act }, icon(picture));
  }
}

/** @param {File | null} file */
function isPicture(file) {
  return file !== null && /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type) && file.size < PICTURE_BYTES;
}
