// How fast it goes, and how long it will take.

const WINDOW_MS = 8_000;
const ENOUGH_MS = 1_000;
const STEP_MS = 200;

/** Bytes a second over the last seconds, without the jumps of single parts. */
export class Rate {
  /** @param {() => number} clock milliseconds */
  constructor(clock = () => performance.now()) {
    this._clock = clock;
    this._total = 0;
    /** @type {{at: number, total: number}[]} */
    this._seen = [];
  }

  /** Bytes that have gone since the last call; also 0, so that a standstill shows. @param {number} bytes */
  add(bytes) {
    const at = this._clock();
    this._total += bytes;
    if (!this._seen.length) this._seen.push({ at, total: this._total - bytes });
    const last = this._seen[this._seen.length - 1];
    if (at - last.at >= STEP_MS) this._seen.push({ at, total: this._total });
    while (this._seen.length > 2 && this._seen[1].at <= at - WINDOW_MS) this._seen.shift();
  }

  /** Begin anew, after a pause. */
  reset() {
    this._seen = [];
  }

  /** @returns {number | null} bytes a second; null before it can be told */
  get value() {
    if (!this._seen.length) return null;
    const first = this._seen[0];
    const elapsed = this._clock() - first.at;
    return elapsed < ENOUGH_MS ? null : ((this._total - first.total) * 1000) / elapsed;
  }

  /** @param {number} bytes still to go  @returns {number | null} seconds */
  secondsFor(bytes) {
    const value = this.value;
    return value ? bytes / value : null;
  }
}
