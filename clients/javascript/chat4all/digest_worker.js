// A worker that reads a file once and tells the SHA-256 of each part, and of the whole at the end.
// In: {file, size, partSize} first, then {next: true} for each part. Out: {number, sha256}, {whole}, {unreadable} or {failed}.

import "./vendor/hash-wasm/sha256.umd.min.js";

const AT_ONCE = 64 * 1024 * 1024;
const PIECE = 16 * 1024 * 1024;

/** @type {() => Promise<any>} */
const createSHA256 = /** @type {any} */ (globalThis).hashwasm.createSHA256;
/** @type {AsyncGenerator<any> | null} */
let digests = null;
let buffer = new ArrayBuffer(0);

/** @param {File} file  @param {number} size  @param {number} partSize */
async function* all(file, size, partSize) {
  // One that was deleted meanwhile has 0 bytes in Chromium, and reading these is no error.
  if (file.size !== size) unreadable(`${file.size} bytes are left of ${size}`);
  const whole = await createSHA256();
  let number = 0;
  for (let from = 0; from < size; from += partSize) {
    const part = file.slice(from, Math.min(from + partSize, size));
    yield { number: ++number, sha256: await (part.size <= AT_ONCE && crypto.subtle ? atOnce(part, whole) : inPieces(part, whole)) };
  }
  yield { whole: whole.digest("hex") };
}

/** SubtleCrypto takes a part at once, in a thread of its own, while this one goes on with the whole. @param {Blob} part  @param {any} whole */
async function atOnce(part, whole) {
  const bytes = await read(part);
  const digest = crypto.subtle.digest("SHA-256", bytes);
  whole.update(bytes);
  return hex(await digest);
}

/**
 * Its bytes, in the one buffer that all are read into: of new ones hundreds of MB gather until they are collected.
 * @param {Blob} part
 */
async function read(part) {
  const reader = byteReader(part);
  if (!reader) return new Uint8Array(await part.arrayBuffer());
  if (buffer.byteLength < part.size) buffer = new ArrayBuffer(part.size);
  let at = 0;
  while (at < part.size) {
    const { value, done } = await reader.read(new Uint8Array(buffer, at, part.size - at)).catch(unreadable);
    if (done) unreadable(`${at} bytes of ${part.size}`);
    buffer = value.buffer;
    at += value.byteLength;
  }
  await reader.cancel();
  return new Uint8Array(buffer, 0, at);
}

/** Null where the browser's streams of files have none. @param {Blob} part */
function byteReader(part) {
  try {
    return part.stream().getReader({ mode: "byob" });
  } catch {
    return null;
  }
}

/** @param {unknown} cause  @returns {never} */
function unreadable(cause) {
  throw new DOMException(String(cause), "NotReadableError");
}

/** @param {Blob} part  @param {any} whole */
async function inPieces(part, whole) {
  const own = await createSHA256();
  for (let from = 0; from < part.size; from += PIECE) {
    const bytes = await read(part.slice(from, from + PIECE));
    own.update(bytes);
    whole.update(bytes);
  }
  return own.digest("hex");
}

/** @param {ArrayBuffer} digest */
function hex(digest) {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

self.onmessage = async ({ data }) => {
  try {
    if (data.file) {
      digests = all(data.file, data.size, data.partSize);
      return;
    }
    const made = await digests?.next();
    if (made?.value) self.postMessage(made.value);
  } catch (error) {
    const isOfFile = error instanceof DOMException;
    self.postMessage(isOfFile ? { unreadable: String(error) } : { failed: String(error) });
  }
};
