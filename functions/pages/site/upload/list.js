// All uploads, and what is said of them together.

import { byId } from "../page/dom.js";
import { percent, size, speed, time } from "../page/format.js";
import { Row } from "./row.js";
import { words } from "./words.js";

/** @typedef {import("../chat4all/uploads.js").Uploads} Uploads */
/** @typedef {import("../chat4all/upload.js").Upload} Upload */

const TICK_MS = 500;
const TOLD = ["completed", "failed", "paused", "needs_file"];

export class List {
  /** @param {Uploads} uploads  @param {import("./row.js").Acts} acts */
  constructor(uploads, acts) {
    this._uploads = uploads;
    this._acts = acts;
    /** @type {Map<Upload, Row>} */
    this._rows = new Map();
    /** @type {Map<Upload, string>} */
    this._states = new Map();
    this._isDrawn = true;
    uploads.addEventListener("change", () => this._soon());
    setInterval(() => uploads.isBusy && this._soon(), TICK_MS);
    byId("pause-all").addEventListener("click", () => this._each((upload) => upload.isMoving && upload.pause()));
    byId("resume-all").addEventListener("click", () => this._each((upload) => upload.state === "paused" && upload.resume()));
    byId("clear").addEventListener("click", () => this._each((upload) => upload.isEnded && uploads.remove(upload)));
  }

  /** At most once for what the screen shows. */
  _soon() {
    if (!this._isDrawn) return;
    this._isDrawn = false;
    // Not by requestAnimationFrame: a tab in the background has none, and its title goes on.
    setTimeout(() => {
      this._isDrawn = true;
      this.show();
    }, 60);
  }

  show() {
    const all = this._uploads.list;
    for (const upload of [...this._rows.keys()].filter((one) => !all.includes(one))) {
      this._rows.get(upload)?.element.remove();
      this._rows.delete(upload);
      this._states.delete(upload);
    }
    for (const upload of all) {
      const row = this._rows.get(upload) ?? this._add(upload);
      row.show();
      this._tell(upload);
    }
    byId("uploads").hidden = all.length === 0;
    byId("drop").classList.toggle("slim", all.length > 0);
    this._together(all);
  }

  /** @param {Upload} upload */
  _add(upload) {
    const row = new Row(upload, this._acts);
    this._rows.set(upload, row);
    byId("list").prepend(row.element);
    return row;
  }

  /** @param {Upload[]} all */
  _together(all) {
    const say = words();
    const moving = all.filter((upload) => upload.isMoving);
    const sum = (/** @type {(upload: Upload) => number} */ of) => moving.reduce((total, upload) => total + of(upload), 0);
    const [whole, sent, rate] = [sum((one) => one.size), sum((one) => one.sent), sum((one) => one.rate ?? 0)];
    const done = all.filter((upload) => upload.state === "completed").length;
    const parts = [say.summary(done, all.length)];
    if (rate > 0 && sent < whole) parts.push(speed(rate), say.left(time((whole - sent) / rate)));
    byId("summary").textContent = parts.join(" · ");
    byId("pause-all").hidden = moving.length < 2;
    byId("resume-all").hidden = all.filter((upload) => upload.state === "paused" && upload.why === "person").length < 2;
    byId("clear").hidden = !all.some((upload) => upload.isEnded);
    document.title = whole ? `${percent(sent, whole)} · ${say.page}` : say.page;
  }

  /** To those who do not see it: what has become of a file, not every percent. @param {Upload} upload */
  _tell(upload) {
    const before = this._states.get(upload);
    this._states.set(upload, upload.state);
    if (before === undefined || before === upload.state || !TOLD.includes(upload.state)) return;
    byId("said").textContent = `${upload.name}: ${this._rows.get(upload)?.element.querySelector(".row-text")?.textContent ?? ""} (${size(upload.size)})`;
  }

  /** @param {(upload: Upload) => unknown} act */
  _each(act) {
    for (const upload of this._uploads.list) act(upload);
  }
}
