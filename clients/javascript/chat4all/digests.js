// The SHA-256 of a file's parts, made in a worker as they are asked for.

import { FileUnreadable } from "./errors.js";

const AHEAD = 3;

/**
 * Yields {number, sha256} for each part, then {whole}, some made ahead of who asks; rejects with FileUnreadable.
 * @param {File} file  @param {number} size bytes that it had when it was chosen  @param {number} partSize  @param {(bytes: number) => void} [onRead] how many bytes have been read
 * @returns {AsyncGenerator<{number?: number, sha256?: string, whole?: string}>}
 */
export async function* digestsOf(file, size, partSize, onRead = () => {}) {
  const worker = new Worker(new URL("./digest_worker.js", import.meta.url), { type: "module" });
  /** @type {any[]} */
  const made = [];
  let wake = () => {};
  worker.onmessage = ({ data }) => {
    made.push(data);
    if (data.number) onRead(Math.min(size, data.number * partSize));
    wake();
  };
  worker.onerror = (event) => {
    made.push({ failed: event.message || "the worker could not be loaded" });
    wake();
  };
  try {
    worker.postMessage({ file, size, partSize });
    for (let at = 0; at < AHEAD; at++) worker.postMessage({ next: true });
    for (;;) {
      while (!made.length) await new Promise((resolve) => (wake = () => resolve(undefined)));
      const one = made.shift();
      if (one.unreadable) throw new FileUnreadable(one.unreadable);
      if (one.failed) throw new Error(one.failed);
      worker.postMessage({ next: true });
      yield one;
      if (one.whole) return;
    }
  } finally {
    worker.terminate();
  }
}
