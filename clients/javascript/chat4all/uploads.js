// All uploads of a page: several files at once, and those of earlier days that are not finished.

import { Slots } from "./gate.js";
import { newId } from "./ids.js";
import { KeptUploads } from "./kept.js";
import { Upload } from "./upload.js";

/** @typedef {{file: File, handle: FileSystemFileHandle | null}} Chosen */

const UNTYPED = "application/octet-stream";

/** Tells `change` with the upload as `detail`, and with null when there are others in `list`. */
export class Uploads extends EventTarget {
  /**
   * @param {{session: import("./session.js").Session, api: import("./api.js").Api, partsAtOnce?: number, filesAtOnce?: number}} given
   *   `partsAtOnce` over all files: browsers open six connections to a host where it has no HTTP/2, as S3 has not
   */
  constructor({ session, api, partsAtOnce = 4, filesAtOnce = 3 }) {
    super();
    this._session = session;
    this._kept = new KeptUploads();
    this._means = { api, kept: this._kept, slots: new Slots(partsAtOnce), turns: new Slots(filesAtOnce), lanes: partsAtOnce };
    /** @type {Upload[]} */
    this.list = [];
    this._userId = session.userId;
    session.addEventListener("began", () => void this._signedIn());
    session.addEventListener("ended", () => this._each((upload) => upload.pause("signed_out")));
    globalThis.addEventListener?.("online", () => this._each((upload) => upload.wake()));
  }

  get isBusy() {
    return this.list.some((upload) => upload.isMoving);
  }

  /** Upload these, or go on with those of which an upload was begun. @param {Chosen[]} chosen  @returns {Promise<Upload[]>} */
  async add(chosen) {
    const uploads = [];
    for (const { file, handle } of chosen) {
      const known = this.list.find((upload) => upload.state === "needs_file" && upload.resembles(file));
      if (known?.attach(file, handle)) uploads.push(known);
      else uploads.push(await this._begin(file, handle));
    }
    return uploads;
  }

  /** What this user has begun and not finished. */
  async restore() {
    this._userId = this._session.userId;
    if (!this._userId) return;
    const isKnown = (/** @type {import("./kept.js").Kept} */ { key }) => this.list.some((upload) => upload.key === key);
    for (const kept of await this._kept.of(this._userId)) {
      if (isKnown(kept)) continue;
      const file = kept.isCancelled ? null : await readable(kept.handle);
      if (isKnown(kept)) continue; // restored twice at once
      const upload = new Upload(this._means, kept, null);
      if (kept.isCancelled) {
        void upload.callOff();
        continue;
      }
      this._append(upload);
      if (file && !kept.isHeld) upload.attach(file, kept.handle);
      else void upload.look();
    }
  }

  /** Go on with one that needs its file, by the handle that is kept; false where the person has to choose. @param {Upload} upload */
  async reopen(upload) {
    const file = await readable(upload.handle, true);
    return file !== null && upload.attach(file, upload.handle);
  }

  /** One that has failed, from its beginning; false where its file is not at hand. @param {Upload} upload */
  async again(upload) {
    if (!upload.file) return false;
    this.remove(upload);
    await this._begin(upload.file, upload.handle);
    return true;
  }

  /** No longer in the list. @param {Upload} upload an ended one */
  remove(upload) {
    this.list = this.list.filter((one) => one !== upload);
    this._tell(null);
  }

  /** @param {File} file  @param {FileSystemFileHandle | null} handle */
  async _begin(file, handle) {
    const kept = {
      key: newId(), userId: String(this._session.userId), fileId: null, name: file.name, size: file.size,
      lastModified: file.lastModified, contentType: file.type || UNTYPED, partSize: 0, handle, isHeld: false, isCancelled: false,
      addedAt: Date.now(),
    };
    await this._kept.keep(kept);
    const upload = new Upload(this._means, kept, file);
    this._append(upload);
    upload.resume();
    return upload;
  }

  /** @param {Upload} upload */
  _append(upload) {
    upload.addEventListener("change", () => this._tell(upload));
    this.list = [...this.list, upload];
    this._tell(null);
  }

  async _signedIn() {
    if (this._userId !== this._session.userId) {
      this.list = [];
      this._tell(null);
    }
    this._each((upload) => upload.state === "paused" && upload.why === "signed_out" && upload.resume());
    await this.restore();
  }

  /** @param {(upload: Upload) => unknown} act */
  _each(act) {
    for (const upload of this.list) act(upload);
  }

  /** @param {Upload | null} upload */
  _tell(upload) {
    this.dispatchEvent(new CustomEvent("change", { detail: upload }));
  }
}

/**
 * The file behind a handle that was kept, where the browser still lets us read it.
 * @param {FileSystemFileHandle | null} handle  @param {boolean} [mayAsk] after a click the browser may ask the person
 */
async function readable(handle, mayAsk = false) {
  try {
    const may = /** @type {any} */ (handle);
    if (!handle) return null;
    const state = await (mayAsk ? may.requestPermission({ mode: "read" }) : may.queryPermission({ mode: "read" }));
    return state === "granted" ? await handle.getFile() : null;
  } catch {
    return null; // moved or deleted
  }
}
