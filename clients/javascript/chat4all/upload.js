// One file on its way into S3: begun, sent in parts, completed; paused, resumed and called off at any point.

import { delayMs, pause } from "./backoff.js";
import { ApiError, Cancelled, FileUnreadable, SignedOut, StorageError, WrongFile, isPassing } from "./errors.js";
import { Gate } from "./gate.js";
import { unlessElsewhere, whenNowhereElse } from "./one_tab.js";
import { Rate } from "./rate.js";
import { sendParts } from "./sending.js";
import { persist } from "./trying.js";

/**
 * @typedef {"waiting" | "needs_file" | "checking" | "uploading" | "paused" | "elsewhere" | "finishing" | "completed" | "failed"
 *   | "cancelled"} State
 *   waiting: for its turn; needs_file: the person has to choose it again; checking: what is there already is compared with the file;
 *   elsewhere: another tab does it; finishing: the server checks the whole.
 * @typedef {{api: import("./api.js").Api, kept: import("./kept.js").KeptUploads, slots: import("./gate.js").Slots,
 *   turns: import("./gate.js").Slots, lanes: number}} Means
 */

const POLL_FIRST_MS = 500;
const POLL_LONGEST_MS = 5_000;
const AGAIN = 3;
/** Smaller than the server's own choice: a pause and a lost connection lose what is under way, which on a slow line is much. */
const SMALL_PART = 8 * 1024 * 1024;
const SMALL_PARTS = 1024;
const GONE = new Set(["upload_expired", "upload_gone"]);
/** Of the API and of S3: it is not as we thought, and looking again tells how. */
const STANDS_OTHERWISE = new Set(["parts_missing", "upload_over", "NoSuchUpload"]);

/** Tells `change` when something of it has changed. */
export class Upload extends EventTarget {
  /** @param {Means} means  @param {import("./kept.js").Kept} kept  @param {File | null} file */
  constructor(means, kept, file) {
    super();
    this._means = means;
    this._kept = kept;
    this._file = file;
    this._gate = new Gate();
    this._rate = new Rate();
    /** Bytes that have left, by part. @type {Map<number, number>} */
    this._left = new Map();
    /** @type {"none" | "wanted" | "mine"} */
    this._turn = "none";
    this._isRunning = false;
    this._isSuspended = false;
    /** What a pause interrupted. @type {State} */
    this._stateBefore = "uploading";
    /** @type {State} */
    this.state = file ? "waiting" : "needs_file";
    /** Why it is paused, failed or needs its file: a stable word. */
    this.why = "";
    /** What the server says of it. */
    this.detail = "";
    /** Bytes that are in S3 or have left for it. */
    this.sent = 0;
    /** Bytes that were read and compared. */
    this.checked = 0;
    /** Bytes that the server has read and checked. */
    this.verified = 0;
    /** What is being waited for, while nothing moves. @type {import("./trying.js").Trouble | null} */
    this.trouble = null;
    /** @type {import("./api.js").FileDocument | null} */
    this.document = null;
  }

  get key() { return this._kept.key; }
  get name() { return this._kept.name; }
  get size() { return this._kept.size; }
  get fileId() { return this._kept.fileId; }
  get handle() { return this._kept.handle; }
  get file() { return this._file; }
  get isEnded() { return ["completed", "failed", "cancelled"].includes(this.state); }
  /** Whether closing the page would interrupt it. */
  get isMoving() { return ["waiting", "checking", "uploading"].includes(this.state); }
  /** Bytes a second, null while it cannot be told. */
  get rate() { return this.state === "uploading" ? this._rate.value : null; }
  get secondsLeft() { return this.state === "uploading" ? this._rate.secondsFor(this.size - this.sent) : null; }

  /** Begin, or go on. */
  resume() {
    if (this.isEnded || !this._file) return;
    this._isSuspended = false;
    if (this._kept.isHeld) this._keep({ isHeld: false });
    if (this._turn === "none") void this._takeTurn();
    else if (this._turn === "wanted") this._to("waiting");
  }

  /** Stop until `resume`; parts that are under way are sent again. @param {string} why */
  pause(why = "person") {
    if (this.isEnded || this.state === "finishing" || this.state === "needs_file") return;
    if (this.state === "checking" || this.state === "uploading") this._stateBefore = this.state;
    this._isSuspended = true;
    if (why === "person") this._keep({ isHeld: true });
    this._gate.close();
    this._giveTurnBack();
    this._to("paused", why);
  }

  /** Try at once what is being waited for. */
  wake() {
    this.dispatchEvent(new Event("wake"));
  }

  /** Call it off, at the server too. */
  async cancel() {
    if (this.isEnded) return;
    this._keep({ isCancelled: true });
    this._gate.end();
    this._giveTurnBack();
    this._to("cancelled");
    await this.callOff();
  }

  /** Whether `file` looks like the one whose upload this is, so that the comparison of its parts can decide. @param {File} file */
  resembles(file) {
    return file.size === this.size && file.name === this.name && file.lastModified === this._kept.lastModified;
  }

  /**
   * Go on with the file that somebody chose; false where it cannot be the one.
   * @param {File} file  @param {FileSystemFileHandle | null} handle
   */
  attach(file, handle) {
    if (file.size !== this.size || (file.name !== this.name && !this._left.size)) {
      this._to("needs_file", "wrong_file");
      return false;
    }
    this._file = file;
    Object.assign(this._kept, { handle, lastModified: file.lastModified });
    this._to("waiting");
    this.resume();
    return true;
  }

  /** How it stands at the server, for one whose file is not chosen yet. */
  async look() {
    await this._ended(async () => {
      if (!this.fileId) return;
      const document = await this._standing();
      if (document.status === "pending") this._arrived(document);
      else await this._settle(document);
    });
  }

  /** Abort it at the server, as long as that takes, and forget it. */
  async callOff() {
    const { api, kept } = this._means;
    const never = new AbortController().signal;
    for (let failures = 1; ; failures++) {
      try {
        // Without an id it may have been begun all the same: the same key tells.
        const id = this.fileId ?? (await api.initiate(this._wanted(), this.key, never)).file_id;
        await api.delete(id);
        break;
      } catch (error) {
        if (error instanceof SignedOut) return;
        if (!isPassing(error)) break;
        await pause(delayMs(failures), never, this);
      }
    }
    await kept.forget(this.key);
  }

  async _takeTurn() {
    this._turn = "wanted";
    if (!this._isRunning) this._to("waiting");
    await this._means.turns.acquire();
    if (this.isEnded || this._isSuspended || !this._file) {
      this._turn = "none";
      this._means.turns.release();
      return;
    }
    this._turn = "mine";
    this._rate.reset();
    if (this._isRunning) {
      this._to(this._stateBefore);
      this._gate.letThrough();
    } else {
      await this._run();
    }
  }

  _giveTurnBack() {
    if (this._turn !== "mine") return;
    this._turn = "none";
    this._means.turns.release();
  }

  async _run() {
    this._isRunning = true;
    this._newGate();
    const name = `chat4all.upload.${this.key}`;
    const isOurs = await unlessElsewhere(name, () => this._ended(() => this._drive()));
    this._isRunning = false;
    this._giveTurnBack();
    if (isOurs) return;
    this._to("elsewhere");
    await whenNowhereElse(name, async () => {});
    if (this.state === "elsewhere") this.resume();
  }

  _newGate() {
    this._gate = new Gate();
    if (this._isSuspended) this._gate.close();
  }

  async _drive() {
    const { api } = this._means;
    let arrived = await this._begin();
    for (let tries = 1; arrived; tries++) {
      try {
        const whole = await sendParts(this._job(arrived));
        this._to("finishing");
        // A part that was broken off here may still be arriving there.
        const mayPass = (/** @type {unknown} */ error) => isPassing(error) || codeOf(error) === "parts_changed";
        await this._settle(await this._persist((signal) => api.complete(String(this.fileId), whole, signal), mayPass));
        return;
      } catch (error) {
        if (!STANDS_OTHERWISE.has(codeOf(error)) || tries === AGAIN) throw error;
        this._newGate();
        arrived = await this._begin();
      }
    }
  }

  /** @returns {Promise<Set<number> | null>} the parts that are there; null where all is over */
  async _begin() {
    const { api, kept } = this._means;
    this._to("uploading");
    // Another tab may have gone on with it, or ended it.
    const stored = await kept.find(this.key);
    if (!stored && !this.fileId) throw new Cancelled();
    await this._keep({ fileId: stored?.fileId ?? this.fileId, partSize: stored?.partSize || this._kept.partSize });
    if (!this.fileId) {
      const document = await this._persist((signal) => api.initiate(this._wanted(), this.key, signal));
      await this._keep({ fileId: document.file_id, partSize: Number(document.part_size) });
      return new Set();
    }
    const document = await this._standing();
    if (document.status === "pending") return this._arrived(document);
    await this._settle(document);
    return null;
  }

  /** As the server has it. */
  _standing() {
    return this._persist((signal) => this._means.api.file(String(this.fileId), signal));
  }

  /** @param {import("./api.js").FileDocument} document of a pending one  @returns {Set<number>} */
  _arrived(document) {
    const { part_size: size = this._kept.partSize, arrived = [] } = document.upload ?? {};
    if (size !== this._kept.partSize) this._keep({ partSize: size });
    this._left = new Map(arrived.map((number) => [number, Math.min(size, this.size - (number - 1) * size)]));
    this._count();
    if (arrived.length && this._file) this._to("checking");
    else this._changed();
    return new Set(arrived);
  }

  /** @param {Set<number>} arrived  @returns {import("./sending.js").Job} */
  _job(arrived) {
    const { api, kept, slots, lanes } = this._means;
    return {
      api, kept, slots, lanes, arrived, key: this.key, fileId: String(this.fileId), file: /** @type {File} */ (this._file),
      size: this.size, partSize: this._kept.partSize, gate: this._gate, persist: (task, mayPass) => this._persist(task, mayPass),
      onChecked: (bytes) => {
        this.checked = bytes;
        if (bytes === this.size && this.state === "checking") this._to("uploading");
        else this._changed();
      },
      onProgress: (number, bytes) => this._progress(number, bytes, arrived),
    };
  }

  /** @param {number} number  @param {number} bytes  @param {Set<number>} arrived */
  _progress(number, bytes, arrived) {
    const more = bytes - (this._left.get(number) ?? 0);
    this._left.set(number, bytes);
    if (more > 0) this._rate.add(more);
    this._count();
    if (more > 0 && !arrived.has(number)) this.trouble = null;
    if (this.state === "checking" && more > 0) this._to("uploading");
    else this._changed();
  }

  /** Wait until the server has checked the whole. @param {import("./api.js").FileDocument} document */
  async _settle(document) {
    this._to("finishing");
    for (let ms = POLL_FIRST_MS; document.status === "verifying"; ms = Math.min(ms * 1.5, POLL_LONGEST_MS)) {
      await pause(ms, await this._gate.open(), this);
      document = await this._standing();
      this.verified = document.verification?.checked_bytes ?? this.verified;
      this._changed();
    }
    await this._means.kept.forget(this.key);
    this.document = document;
    if (document.status === "completed") {
      this.sent = this.size;
      this._to("completed");
    } else {
      const [why, ...detail] = (document.reason ?? "unknown").split(": ");
      this._fail(why, detail.join(": "));
    }
  }

  /** Run `act` and say how it ended. @param {() => Promise<void>} act */
  async _ended(act) {
    try {
      await act();
    } catch (error) {
      this._gate.end();
      if (error instanceof Cancelled) this._to("cancelled");
      else if (error instanceof WrongFile || error instanceof FileUnreadable) this._without(error);
      else await this._refused(error);
    }
  }

  /** @param {Error} error */
  _without(error) {
    this._file = null;
    this._keep({ handle: null });
    this._to("needs_file", error instanceof WrongFile ? "wrong_file" : "unreadable");
  }

  /** @param {unknown} error */
  async _refused(error) {
    const code = codeOf(error);
    const isGone = error instanceof ApiError && (error.status === 404 || GONE.has(code));
    if (isGone || (error instanceof ApiError && !this.fileId)) await this._means.kept.forget(this.key);
    if (isGone) this._fail("gone", "");
    else this._fail(code || "unexpected", error instanceof Error ? error.message : String(error));
  }

  /** @param {string} why  @param {string} detail */
  _fail(why, detail) {
    this.detail = detail;
    this._to("failed", why);
  }

  /** @template T  @param {(signal: AbortSignal) => Promise<T>} task  @param {(error: unknown) => boolean} [mayPass] */
  _persist(task, mayPass) {
    const onTrouble = (/** @type {import("./trying.js").Trouble | null} */ trouble) => {
      this.trouble = trouble;
      if (trouble) this._changed();
    };
    return persist({ gate: () => this._gate, waking: this, onTrouble, onSignedOut: () => this.pause("signed_out") }, task, mayPass);
  }

  _wanted() {
    const said = { filename: this.name, size: this.size, content_type: this._kept.contentType };
    return this.size > SMALL_PART && this.size <= SMALL_PARTS * SMALL_PART ? { ...said, part_size: SMALL_PART } : said;
  }

  _count() {
    let sent = 0;
    for (const bytes of this._left.values()) sent += bytes;
    this.sent = sent;
  }

  /** @param {Partial<import("./kept.js").Kept>} changes */
  _keep(changes) {
    Object.assign(this._kept, changes);
    return this._means.kept.keep(this._kept);
  }

  /** @param {State} state  @param {string} why */
  _to(state, why = "") {
    this.state = state;
    this.why = why;
    if (state !== "uploading") this.trouble = null;
    this._changed();
  }

  _changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {unknown} error  @returns {string} its stable word, where it has one */
function codeOf(error) {
  return error instanceof ApiError || error instanceof StorageError ? error.code : "";
}
