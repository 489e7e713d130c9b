// One part into S3, with its progress, which only XMLHttpRequest tells.

import { NetworkError, StorageError } from "./errors.js";

const STALLED_MS = 60_000;
const OWN = new Set(["content-length", "host"]);

/**
 * Put `body` to a presigned address; rejects with StorageError, NetworkError, or what `signal` was aborted with.
 * @param {import("./api.js").SignedPart} to `headers` are signed: S3 refuses others. Content-Length browsers set themselves
 * @param {Blob} body
 * @param {AbortSignal} signal
 * @param {(bytes: number) => void} onProgress how many have left so far
 * @returns {Promise<void>}
 */
export function put(to, body, signal, onProgress) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    let stalled = setTimeout(() => request.abort(), STALLED_MS);
    const abort = () => request.abort();
    const end = (/** @type {() => void} */ how) => {
      clearTimeout(stalled);
      signal.removeEventListener("abort", abort);
      how();
    };
    request.upload.onprogress = (event) => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED_MS);
      onProgress(Math.min(event.loaded, body.size));
    };
    request.onload = () =>
      end(() => (request.status < 300 ? resolve() : reject(new StorageError(request.status, errorCode(request.responseText)))));
    request.onerror = () => end(() => reject(new NetworkError()));
    request.onabort = () => end(() => reject(signal.aborted ? signal.reason : new NetworkError("no progress")));
    request.open("PUT", to.url);
    for (const [name, value] of Object.entries(to.headers ?? {})) {
      if (!OWN.has(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    signal.addEventListener("abort", abort);
    request.send(body);
  });
}

/** @param {string} xml */
function errorCode(xml) {
  return /<Code>([^<]*)<\/Code>/.exec(xml)?.[1] ?? "";
}
