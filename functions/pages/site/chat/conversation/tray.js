// Files that are attached to what is being written, for each conversation; they are uploaded at once.

import { h } from "../../page/dom.js";
import { soon } from "../../page/soon.js";
import { Transfer } from "./transfer.js";

/** @typedef {import("../../chat4all/upload.js").Upload} Upload */
/** @typedef {import("../../chat4all/uploads.js").Uploads} Uploads */
/** @typedef {import("../../chat4all/uploads.js").Chosen} Chosen */

/** Of one message (chat4all.domain.message.FILES_MAX). */
export const FILES_MAX = 10;

/** Tells `change` when there are others, and when one of them has moved. */
export class Tray extends EventTarget {
  /** @param {Uploads} uploads  @param {import("./transfer.js").Acts["choose"]} choose a file that has to be chosen again */
  constructor(uploads, choose) {
    super();
    this._uploads = uploads;
    this._choose = choose;
    /** @type {Map<string, Upload[]>} */
    this._of = new Map();
    /** @type {Map<Upload, Transfer>} */
    this._drawn = new Map();
    this._id = "";
    this.element = h("div", { class: "tray", hidden: true });
    this._show = soon(() => this.show());
    this._moved = () => this._show();
    uploads.addEventListener("change", this._moved);
  }

  /** @param {string} conversationId whose files are shown */
  open(conversationId) {
    this._id = conversationId;
    this.show();
  }

  /** @returns {Upload[]} */
  get list() {
    return this._of.get(this._id) ?? [];
  }

  /** Attach these. @param {Chosen[]} chosen  @returns {Promise<number>} how many were left out */
  async add(chosen) {
    const id = this._id;
    const room = Math.max(0, FILES_MAX - this.list.length);
    const uploads = await this._uploads.add(chosen.slice(0, room));
    this._of.set(id, [...(this._of.get(id) ?? []), ...uploads]);
    this.show();
    return Math.max(0, chosen.length - room);
  }

  /** They belong to a message now. @returns {Upload[]} */
  take() {
    const taken = this.list;
    this._of.delete(this._id);
    this.show();
    return taken;
  }

  show() {
    const list = this.list;
    for (const [upload, transfer] of this._drawn) {
      if (list.includes(upload)) continue;
      transfer.end();
      transfer.element.remove();
      this._drawn.delete(upload);
    }
    for (const upload of list) {
      const drawn = this._drawn.get(upload) ?? this._new(upload);
      drawn.show();
    }
    this.element.hidden = list.length === 0;
    this.dispatchEvent(new Event("change"));
  }

  end() {
    this._uploads.removeEventListener("change", this._moved);
    for (const transfer of this._drawn.values()) transfer.end();
  }

  /** @param {Upload} upload */
  _new(upload) {
    const transfer = new Transfer(upload, {
      remove: (one) => void this._remove(one),
      again: (one) => void this._again(one),
      choose: this._choose,
    });
    this._drawn.set(upload, transfer);
    this.element.append(transfer.element);
    return transfer;
  }

  /** @param {Upload} upload */
  async _remove(upload) {
    this._replace(upload, []);
    await upload.cancel();
    this._uploads.remove(upload);
  }

  /** @param {Upload} upload */
  async _again(upload) {
    const before = new Set(this._uploads.list);
    if (!(await this._uploads.again(upload))) return;
    this._replace(upload, this._uploads.list.filter((one) => !before.has(one)));
  }

  /** @param {Upload} upload  @param {Upload[]} others */
  _replace(upload, others) {
    for (const [id, list] of this._of) {
      if (list.includes(upload)) this._of.set(id, list.flatMap((one) => (one === upload ? others : [one])));
    }
    this.show();
  }
}
