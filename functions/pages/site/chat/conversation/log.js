// The list of rows, of which only those near what is seen are drawn; what is read does not move when others come or change.

import { h } from "../../page/dom.js";

/** @typedef {import("./timeline.js").Row} Row */
/** @typedef {{element: HTMLElement, show: (row: Row) => void, end?: () => void}} Drawn  `end`: it is drawn no more */

const STEP = 60;
const MOST = 240;
const NEAR_PX = 900;
const BOTTOM_PX = 32;

export class Log {
  /**
   * @param {{make: (row: Row) => Drawn, onOlder: () => void, onSeen: (last: Row | null, isAtBottom: boolean) => void}} given
   *   `make` draws a row; `onOlder`: the first row is near; `onSeen`: the last row that is seen whole, after each change and scroll
   */
  constructor({ make, onOlder, onSeen }) {
    this._make = make;
    this._onOlder = onOlder;
    this._onSeen = onSeen;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Map<string, number>} */
    this._at = new Map();
    /** @type {Map<string, Drawn>} */
    this._drawn = new Map();
    this._from = 0;
    this._to = 0;
    this._isStuck = true;
    this._isAsked = false;
    this.list = h("div", { class: "log-rows" });
    this.element = h("div", { class: "log", tabindex: "-1" }, this.list);
    this.element.addEventListener("scroll", () => this._soon(), { passive: true });
    this.element.addEventListener("keydown", (event) => {
      if (event.target !== this.element || event.key !== "ArrowUp") return;
      event.preventDefault();
      this.focusLast();
    });
    this._watch = new ResizeObserver(() => this._settled());
    this._watch.observe(this.list);
    this._watch.observe(this.element);
  }

  /** Whether the newest is seen, which then stays so. */
  get isAtBottom() {
    return this._isStuck;
  }

  /** Show another conversation: nothing of what was drawn is kept. */
  clear() {
    this.list.replaceChildren();
    for (const drawn of this._drawn.values()) drawn.end?.();
    this._drawn.clear();
    this._at.clear();
    this.rows = [];
    this._from = this._to = 0;
    this._isStuck = true;
  }

  /** Show these rows, where what is seen stays where it is. @param {Row[]} rows */
  show(rows) {
    const wasEmpty = this.rows.length === 0;
    const anchor = this._isStuck ? null : this._anchor();
    const stood = anchor ? (this._at.get(anchor.key) ?? 0) - this._from : 0;
    const drawn = this._to - this._from;
    this.rows = rows;
    this._at = new Map(rows.map((row, at) => [row.key, at]));
    const at = anchor ? this._at.get(anchor.key) : undefined;
    if (this._isStuck || wasEmpty || at === undefined) this._frame(rows.length - STEP * 2, rows.length);
    else this._frame(at - stood, at - stood + Math.max(drawn, STEP * 2));
    this._draw(anchor);
    // At the upper end there is no scrolling that would ask for what was loaded above it.
    this._soon();
  }

  /** To the newest. */
  toBottom() {
    this._isStuck = true;
    this._frame(this.rows.length - STEP * 2, this.rows.length);
    this._draw(null);
  }

  /** Bring a row into view; false where there is none. @param {string} key  @param {ScrollLogicalPosition} [block] */
  reveal(key, block = "center") {
    const at = this._at.get(key);
    if (at === undefined) return false;
    this._isStuck = false;
    if (!this._drawn.has(key)) {
      this._frame(at - STEP, at + STEP);
      this._draw(null);
    }
    this.drawn(key)?.scrollIntoView({ block });
    this.look();
    return true;
  }

  /** @param {string} key */
  drawn(key) {
    return this._drawn.get(key)?.element;
  }

  /**
   * What is drawn of the next row before or after another that fits.
   * @param {string} key  @param {1 | -1} step  @param {(row: Row) => boolean} fits  @returns {HTMLElement | null}
   */
  beside(key, step, fits) {
    for (let at = (this._at.get(key) ?? -1) + step; at >= 0 && at < this.rows.length; at += step) {
      if (!fits(this.rows[at])) continue;
      if (!this._drawn.has(this.rows[at].key)) this._grow(step);
      return this.drawn(this.rows[at].key) ?? null;
    }
    return null;
  }

  /** The newest message takes the focus. */
  focusLast() {
    const last = this.rows.findLast((row) => row.kind === "message");
    if (!last || !this.reveal(last.key, "nearest")) return;
    this.drawn(last.key)?.focus();
  }

  end() {
    this._watch.disconnect();
  }

  /** @param {number} from  @param {number} to */
  _frame(from, to) {
    this._to = Math.min(this.rows.length, Math.max(to, STEP * 2));
    this._from = Math.max(0, Math.min(from, this._to - 1));
  }

  /** @param {{key: string, top: number} | null} anchor the row that stays where it is; null: as it comes */
  _draw(anchor) {
    const wanted = this.rows.slice(this._from, this._to);
    const keys = new Set(wanted.map((row) => row.key));
    const focused = this.list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
    const focusedIn = /** @type {HTMLElement | null} */ (focused?.closest(".message") ?? null);
    for (const [key, drawn] of this._drawn) {
      if (keys.has(key)) continue;
      drawn.element.remove();
      drawn.end?.();
      this._drawn.delete(key);
    }
    let next = this.list.firstElementChild;
    for (const row of wanted) {
      const drawn = this._drawn.get(row.key) ?? this._new(row);
      drawn.show(row);
      if (drawn.element === next) next = next.nextElementSibling;
      else this.list.insertBefore(drawn.element, next);
    }
    if (this._isStuck) this._scrollDown();
    else if (anchor) this._hold(anchor);
    if (focused && document.activeElement !== focused) refocus(focused, focusedIn);
    this.look();
  }

  /** @param {Row} row */
  _new(row) {
    const drawn = this._make(row);
    this._drawn.set(row.key, drawn);
    return drawn;
  }

  /** The first message that is seen, and where; not the line of a day, which moves up when older ones of that day come. */
  _anchor() {
    const top = this.element.getBoundingClientRect().top;
    for (let at = this._from; at < this._to; at++) {
      const { key, kind } = this.rows[at];
      const box = kind === "message" ? this._drawn.get(key)?.element.getBoundingClientRect() : null;
      if (box && box.bottom > top) return { key, top: box.top };
    }
    return null;
  }

  /** @param {{key: string, top: number}} anchor */
  _hold({ key, top }) {
    const now = this._drawn.get(key)?.element.getBoundingClientRect().top;
    if (now !== undefined && now !== top) this.element.scrollTop += now - top;
  }

  _scrollDown() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  /** A row, or the window, has another size. */
  _settled() {
    if (this._isStuck) this._scrollDown();
    this._soon();
  }

  _soon() {
    if (this._isAsked) return;
    this._isAsked = true;
    requestAnimationFrame(() => {
      this._isAsked = false;
      const { scrollTop, scrollHeight, clientHeight } = this.element;
      if (!clientHeight) return;
      const below = scrollHeight - scrollTop - clientHeight;
      this._isStuck = this._to === this.rows.length && below < BOTTOM_PX;
      if (scrollTop < NEAR_PX) this._grow(-1);
      else if (below < NEAR_PX && this._to < this.rows.length) this._grow(1);
      this.look();
    });
  }

  /** @param {1 | -1} step */
  _grow(step) {
    if (step < 0 && this._from === 0) {
      this._onOlder();
      return;
    }
    const anchor = this._anchor();
    if (step < 0) {
      const from = Math.max(0, this._from - STEP);
      this._frame(from, Math.min(this._to, from + MOST));
    } else {
      const to = Math.min(this.rows.length, this._to + STEP);
      this._frame(Math.max(this._from, to - MOST), to);
    }
    this._draw(anchor);
  }

  /** Tell what is seen. */
  look() {
    const bottom = this.element.getBoundingClientRect().bottom + 1;
    for (let at = this._to - 1; at >= this._from; at--) {
      const row = this.rows[at];
      const box = this._drawn.get(row.key)?.element.getBoundingClientRect();
      if (box && box.top < bottom && Math.min(box.bottom, box.top + 60) <= bottom) {
        this._onSeen(row, this._isStuck);
        return;
      }
    }
    this._onSeen(null, this._isStuck);
  }
}

/** What had the focus was moved, or made anew: then its message has it. @param {HTMLElement} element  @param {HTMLElement | null} message */
function refocus(element, message) {
  (element.isConnected ? element : message)?.focus({ preventScroll: true });
}
