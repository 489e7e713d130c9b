// A worker that reads a file once and tells the SHA-256 of each part, and of the whole at the end.
// In: {file, size, partSize} first, then {next: true} for each part. Out: {number, sha256}, {whole}, {unreadable} or {failed}.

import "./vendor/hash-wasm/sha256.umd.min.js";

const AT_ONCE = 64 * 1024 * 1024;
const PIECE = 16 * 1024 * 1024;

/** @type {() => Promise<any>} */
const createSHA256 = /** @type {any} */ (globalThis).hashwasm.createSHA256;
/** @type {AsyncGenerator<any> | null} */
let digests = null;

/** @param {File} file  @param {number} size  @param {number} partSize */
async function* all(file, size, partSize) {
  // One that was deleted meanwhile has 0 bytes in Chromium, and reading these is no error.
  if (file.size !== size) throw new DOMException(`${file.size} bytes are left of ${size}`, "NotReadableError");
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
  const bytes = await part.arrayBuffer();
  const digest = crypto.subtle.digest("SHA-256", bytes);
  whole.update(new Uint8Array(bytes));
  return hex(await digest);
}

/** @param {Blob} part  @param {any} whole */
async function inPieces(part, whole) {
  const own = await createSHA256();
  for (let from = 0; from < part.size; from += PIECE) {
    const bytes = new Uint8Array(await part.slice(from, from + PIECE).arrayBuffer());
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
