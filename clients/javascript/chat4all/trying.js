// Trying until it works.

import { delayMs, pause } from "./backoff.js";
import { ApiError, SignedOut, isPassing } from "./errors.js";

/** @typedef {{code: "offline" | "server" | "storage", until: number, failures: number}} Trouble  waited for until then (ms) */
/** @typedef {{gate: () => import("./gate.js").Gate, waking: EventTarget, onTrouble: (trouble: Trouble | null) => void,
 *   onSignedOut: () => void}} Surroundings */

/**
 * Try until it works, with growing delays; waits while the gate is closed. Rejects with Cancelled when it has ended, and with what
 * will not pass.
 * @template T  @param {Surroundings} around  @param {(signal: AbortSignal) => Promise<T>} task
 * @param {(error: unknown) => boolean} [mayPass]  @returns {Promise<T>}
 */
export async function persist(around, task, mayPass = isPassing) {
  for (let failures = 1; ; failures++) {
    const signal = await around.gate().open();
    try {
      const done = await task(signal);
      around.onTrouble(null);
      return done;
    } catch (error) {
      if (signal.aborted) failures = 0;
      else if (error instanceof SignedOut) around.onSignedOut();
      else if (!mayPass(error)) throw error;
      else await wait(around, failures, signal, error);
    }
  }
}

/** @param {Surroundings} around  @param {number} failures  @param {AbortSignal} signal  @param {any} error */
async function wait(around, failures, signal, error) {
  const ms = delayMs(failures, error?.retryAfter);
  const code = !navigator.onLine ? "offline" : error instanceof ApiError ? "server" : "storage";
  around.onTrouble({ code, until: Date.now() + ms, failures });
  await pause(ms, signal, around.waking);
}
