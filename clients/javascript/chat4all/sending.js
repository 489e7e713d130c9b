// All parts of a file that are not in S3 yet, some at once, each with its SHA-256 signed in.

import { Addresses } from "./addresses.js";
import { digestsOf } from "./digests.js";
import { FileUnreadable, NetworkError, StorageError, WrongFile, isPassing } from "./errors.js";
import { Channel } from "./gate.js";
import { put } from "./put.js";

const REFUSALS = 5;
const MISMATCHES = 3;

/**
 * @typedef {import("./addresses.js").Part} Part
 * @typedef {object} Job
 * @property {import("./api.js").Api} api
 * @property {import("./kept.js").KeptUploads} kept
 * @property {string} key  of the kept upload
 * @property {string} fileId
 * @property {File} file
 * @property {number} size  of the whole, bytes
 * @property {number} partSize
 * @property {Set<number>} arrived  parts that S3 has
 * @property {number} lanes  parts at once
 * @property {import("./gate.js").Slots} slots  shared with other files
 * @property {import("./gate.js").Gate} gate
 * @property {<T>(task: (signal: AbortSignal) => Promise<T>, mayPass: (error: unknown) => boolean) => Promise<T>} persist
 * @property {(bytes: number) => void} onChecked  read and compared so far
 * @property {(number: number, bytes: number) => void} onProgress  how much of a part has left; all of it when it is there
 */

/**
 * Rejects with WrongFile, FileUnreadable, or what S3 and the API refuse for good; then the gate has ended, and nothing goes on.
 * @param {Job} job
 * @returns {Promise<string>} SHA-256 of the whole file, hex
 */
export async function sendParts(job) {
  const addresses = new Addresses(job.api, job.fileId);
  /** @type {Channel<Part>} */
  const ready = new Channel(job.lanes);
  const lane = async () => {
    for (let part = await ready.take(); part; part = await ready.take()) await sendPart(job, addresses, part);
  };
  const made = digest(job, addresses, ready).finally(() => ready.end());
  const lanes = Array.from({ length: job.lanes }, lane);
  try {
    const [whole] = await Promise.all([made, ...lanes]);
    return whole;
  } catch (error) {
    job.gate.end();
    ready.end();
    await Promise.allSettled([made, ...lanes]);
    throw error;
  }
}

/**
 * Reads the file once, hands over what is missing, and compares what is there.
 * @param {Job} job  @param {Addresses} addresses  @param {Channel<Part>} ready
 */
async function digest(job, addresses, ready) {
  const before = await job.kept.digests(job.key);
  for await (const { number, sha256, whole } of digestsOf(job.file, job.size, job.partSize, job.onChecked)) {
    await job.gate.open();
    if (whole) return whole;
    if (!number || !sha256) continue;
    const known = before.get(number);
    if (job.arrived.has(number) && known === sha256) {
      job.onProgress(number, sizeOf(job, number));
      continue;
    }
    if (job.arrived.has(number) && known) throw new WrongFile(`part ${number} is another`);
    if (known !== sha256) await job.kept.keepDigest(job.key, number, sha256);
    addresses.want({ number, sha256 });
    await ready.put({ number, sha256 });
  }
  throw new Error("the worker ended early");
}

/** @param {Job} job  @param {Addresses} addresses  @param {Part} part */
async function sendPart(job, addresses, part) {
  const from = (part.number - 1) * job.partSize;
  const body = job.file.slice(from, from + sizeOf(job, part.number));
  const counts = { refused: 0, mismatched: 0 };
  await job.persist(async (signal) => {
    const to = await addresses.of(part, signal);
    try {
      await job.slots.run(() => put(to, body, signal, (bytes) => job.onProgress(part.number, bytes)));
    } catch (error) {
      job.onProgress(part.number, 0);
      if (!signal.aborted) await explain(error, body, () => addresses.forget(part.number), counts);
      throw error;
    }
  }, (error) => isPassing(error) || isWorthAnother(error, counts));
  addresses.forget(part.number);
  job.arrived.add(part.number);
  job.onProgress(part.number, body.size);
}

/**
 * What is behind a failed PUT: an address that has ended, a file that is another now, or one that is gone.
 * @param {unknown} error  @param {Blob} body  @param {() => void} forget  @param {{refused: number, mismatched: number}} counts
 */
async function explain(error, body, forget, counts) {
  if (error instanceof StorageError && error.status === 403) {
    forget();
    counts.refused += 1;
  } else if (isMismatch(error)) {
    counts.mismatched += 1;
    if (counts.mismatched >= MISMATCHES) throw new FileUnreadable("it has changed");
  } else if (error instanceof NetworkError) {
    // A browser says no more than that of a file which was changed or deleted since it was chosen.
    await body.slice(0, 1).arrayBuffer().catch((cause) => {
      throw new FileUnreadable(String(cause));
    });
  }
}

/** @param {unknown} error  @param {{refused: number}} counts */
function isWorthAnother(error, counts) {
  return isMismatch(error) || (error instanceof StorageError && error.status === 403 && counts.refused < REFUSALS);
}

/** S3 got other bytes than were signed for. @param {unknown} error */
function isMismatch(error) {
  return error instanceof StorageError && error.status === 400 && /Digest|SHA256|Checksum|IncompleteBody|RequestTimeout/i.test(error.code);
}

/** @param {Job} job  @param {number} number  @returns {number} bytes */
function sizeOf(job, number) {
  return Math.min(job.partSize, job.size - (number - 1) * job.partSize);
}
