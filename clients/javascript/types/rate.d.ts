/** Bytes a second over the last seconds, without the jumps of single parts. */
export declare class Rate {
    _clock: () => number;
    _total: number;
    /** @type {{at: number, total: number}[]} */
    _seen: {
        at: number;
        total: number;
    }[];
    /** @param {() => number} clock milliseconds */
    constructor(clock?: () => number);
    /** Bytes that have gone since the last call; also 0, so that a standstill shows. @param {number} bytes */
    add(bytes: number): void;
    /** Begin anew, after a pause. */
    reset(): void;
    /** @returns {number | null} bytes a second; null before it can be told */
    get value(): number | null;
    /** @param {number} bytes still to go  @returns {number | null} seconds */
    secondsFor(bytes: number): number | null;
}
