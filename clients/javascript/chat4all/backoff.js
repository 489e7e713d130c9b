// When what failed is tried again.

export const FIRST_MS = 500;
export const LONGEST_MS = 30_000;
/** @type {{setTimeout: (act: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} */
const REAL = { setTimeout: (act, ms) => setTimeout(act, ms), clearTimeout: (timer) => clearTimeout(timer) };

/**
 * Milliseconds before the next try: twice as long each time, and somewhere in its upper half, so that many clients that failed
 * at once do not come back at once (AWS Architecture Blog, "Exponential Backoff And Jitter": equal jitter).
 * @param {number} failures how many tries have failed, 1 or more
 * @param {number | null} retryAfter seconds that the server asks for
 * @param {() => number} random
 */
export function delayMs(failures, retryAfter = null, random = Math.random) {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.max(whole / 2 + (random() * whole) / 2, (retryAfter ?? 0) * 1000);
}

/**
 * Wait, or until `signal` is aborted, or `waking` tells `wake`.
 * @param {number} ms  @param {AbortSignal} signal  @param {EventTarget} waking
 * @param {{setTimeout: (act: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} [clock]
 * @returns {Promise<void>}
 */
export function pause(ms, signal, waking, clock = REAL) {
  return new Promise((resolve) => {
    const done = () => {
      clock.clearTimeout(timer);
      signal.removeEventListener("abort", done);
      waking.removeEventListener("wake", done);
      resolve();
    };
    const timer = clock.setTimeout(done, ms);
    signal.addEventListener("abort", done);
    waking.addEventListener("wake", done);
    if (signal.aborted) done();
  });
}
