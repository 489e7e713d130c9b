// Messages whose files are still on their way: sent when the last has arrived, also after a reload.

import { newId } from "../../chat4all/ids.js";
import { TABS_AGREE, whenNowhereElse } from "../../chat4all/one_tab.js";
import { soon } from "../../page/soon.js";

/** @typedef {import("../../chat4all/upload.js").Upload} Upload */
/**
 * @typedef {{key: string, fileId: string | null, name: string}} KeptFile
 * @typedef {{key: string, conversationId: string, caption: string, replyTo: string | null, at: number, files: KeptFile[]}} Kept
 * @typedef {Kept & {uploads: Upload[], there: any[]}} Waiting  `there`: documents of files that had arrived before a reload
 * @typedef {{userId: string, uploads: import("../../chat4all/uploads.js").Uploads, file: (fileId: string) => Promise<any>,
 *   send: (conversationId: string, message: any, documents: any[]) => void, giveBack: (conversationId: string, text: string) => void,
 *   choose: import("./transfer.js").Acts["choose"]}} Given
 */

const KEY = "chat4all.outgoing";
/** Where tabs cannot agree on who sends, each goes on with its own only. */
const STORAGE = TABS_AGREE ? localStorage : sessionStorage;

/** Tells `change` when there are others. */
export class Outgoing extends EventTarget {
  /** @param {Given} given */
  constructor(given) {
    super();
    this._given = given;
    /** @type {Waiting[]} */
    this.list = [];
    /** @type {Map<string, () => void>} */
    this._locks = new Map();
    this._isEnded = false;
    this._look = soon(() => this._moved());
    given.uploads.addEventListener("change", this._look);
  }

  /** @param {string} conversationId */
  of(conversationId) {
    return this.list.filter((one) => one.conversationId === conversationId);
  }

  /** @param {string} conversationId  @param {{caption: string, replyTo: string | null, uploads: Upload[]}} message */
  async add(conversationId, { caption, replyTo, uploads }) {
    const waiting = { key: newId(), conversationId, caption, replyTo, at: Date.now(), uploads, there: [], files: uploads.map(keptFile) };
    this.list = [...this.list, waiting];
    void this._hold(waiting.key);
    this._moved();
    this._changed();
  }

  /** What was waiting when the page was left, and, when it closes, what another tab does. */
  restore() {
    for (const { key } of this._read()) {
      void this._hold(key, async () => {
        // As it is then: what another tab has finished is not there any more.
        const kept = this._read().find((one) => one.key === key);
        if (kept && !this._isEnded) await this._again(kept);
        else this._release(key);
      });
    }
  }

  /** Without the file; without the last one there is no message, and its caption goes back to who wrote it. @param {Waiting} waiting  @param {Upload} upload */
  async remove(waiting, upload) {
    waiting.uploads = waiting.uploads.filter((one) => one !== upload);
    if (!waiting.uploads.length && !waiting.there.length) {
      this._over(waiting);
      if (waiting.caption) this._given.giveBack(waiting.conversationId, waiting.caption);
    }
    this._moved();
    this._changed();
    await upload.cancel();
    this._given.uploads.remove(upload);
  }

  /** @param {Waiting} waiting  @param {Upload} upload */
  async again(waiting, upload) {
    const before = new Set(this._given.uploads.list);
    if (!(await this._given.uploads.again(upload))) return;
    const others = this._given.uploads.list.filter((one) => !before.has(one));
    waiting.uploads = waiting.uploads.flatMap((one) => (one === upload ? others : [one]));
    this._moved();
    this._changed();
  }

  /** @param {Upload} upload */
  choose(upload) {
    this._given.choose(upload);
  }

  end() {
    this._isEnded = true;
    this._given.uploads.removeEventListener("change", this._look);
    for (const release of this._locks.values()) release();
  }

  /** @param {Kept} kept */
  async _again(kept) {
    await this._given.uploads.restore();
    const uploads = kept.files.flatMap((file) => this._given.uploads.list.find((one) => one.key === file.key) ?? []);
    const lost = kept.files.filter((file) => file.fileId && !uploads.some((one) => one.key === file.key));
    const asked = await Promise.all(lost.map((file) => this._given.file(String(file.fileId)).catch(() => null)));
    const there = asked.filter((document) => document?.status === "completed");
    const waiting = { ...kept, uploads, there };
    if (!uploads.length && !there.length) {
      this._over(waiting);
      if (kept.caption) this._given.giveBack(kept.conversationId, kept.caption);
      return;
    }
    this.list = [...this.list, waiting];
    this._moved();
    this._changed();
  }

  /** One tab does it, for as long as it lives. @param {string} key  @param {() => Promise<void>} [act] */
  _hold(key, act = async () => {}) {
    return whenNowhereElse(`${KEY}.${key}`, async () => {
      const released = new Promise((release) => this._locks.set(key, () => release(null)));
      await act();
      await released;
    });
  }

  /** @param {string} key */
  _release(key) {
    this._locks.get(key)?.();
    this._locks.delete(key);
  }

  _moved() {
    if (this._isEnded) return;
    for (const waiting of [...this.list]) {
      waiting.files = waiting.uploads.map(keptFile).concat(waiting.there.map((one) => ({ key: "", fileId: one.file_id, name: one.filename })));
      if (waiting.uploads.every((upload) => upload.state === "completed")) this._send(waiting);
    }
    this._write();
    this.dispatchEvent(new Event("moved"));
  }

  /** @param {Waiting} waiting */
  _send(waiting) {
    const documents = [...waiting.there, ...waiting.uploads.map((upload) => upload.document)];
    if (!documents.length) return;
    this._over(waiting);
    const message = { type: "file", content: waiting.caption, file_ids: documents.map((one) => one.file_id) };
    this._given.send(waiting.conversationId, waiting.replyTo ? { ...message, reply_to: waiting.replyTo } : message, documents);
    for (const upload of waiting.uploads) this._given.uploads.remove(upload);
    this._changed();
  }

  /** @param {Kept} waiting */
  _over(waiting) {
    this.list = this.list.filter((one) => one.key !== waiting.key);
    this._write([waiting.key]);
    this._release(waiting.key);
  }

  _changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** @returns {Kept[]} */
  _read() {
    try {
      return JSON.parse(STORAGE.getItem(this._place) ?? "[]");
    } catch {
      return [];
    }
  }

  /** Ours as they are now, and those of other tabs as they were. @param {string[]} [over] */
  _write(over = []) {
    const own = this.list.map(({ key, conversationId, caption, replyTo, at, files }) => ({ key, conversationId, caption, replyTo, at, files }));
    const ours = new Set([...own.map((one) => one.key), ...over]);
    const all = [...this._read().filter((one) => !ours.has(one.key)), ...own];
    try {
      if (all.length) STORAGE.setItem(this._place, JSON.stringify(all));
      else STORAGE.removeItem(this._place);
    } catch {
      // No room: it is sent all the same, unless the page is left before.
    }
  }

  get _place() {
    return `${KEY}.${this._given.userId}`;
  }
}

/** @param {Upload} upload  @returns {KeptFile} */
function keptFile(upload) {
  return { key: upload.key, fileId: upload.fileId, name: upload.name };
}
