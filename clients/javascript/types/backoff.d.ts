export declare const FIRST_MS = 500;
export declare const LONGEST_MS = 30000;
/**
 * Milliseconds before the next try: twice as long each time, and somewhere in its upper half, so that many clients that failed
 * at once do not come back at once (AWS Architecture Blog, "Exponential Backoff And Jitter": equal jitter).
 * @param {number} failures how many tries have failed, 1 or more
 * @param {number | null} retryAfter seconds that the server asks for
 * @param {() => number} random
 */
export declare function delayMs(failures: number, retryAfter?: number | null, random?: () => number): number;
/**
 * Wait, or until `signal` is aborted, or `waking` tells `wake`.
 * @param {number} ms  @param {AbortSignal} signal  @param {EventTarget} waking
 * @param {{setTimeout: (act: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} [clock]
 * @returns {Promise<void>}
 */
export declare function pause(ms: number, signal: AbortSignal, waking: EventTarget, clock?: {
    setTimeout: (act: () => void, ms: number) => any;
    clearTimeout: (timer: any) => void;
}): Promise<void>;
