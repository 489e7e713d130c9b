// What the browser does for this page beside its thread, and has not told yet: a clock that went on meanwhile would tell of the machine.

let others = 0;
/** Who waits until nothing is under way. @type {(() => void)[]} */
let waiting = [];

/** How much of each kind is under way. */
export function inFlight() {
  const grants = [...locks.values()].filter((one) => one.asked > 0 && one.held === 0).length;
  const messages = [...channels].reduce((sum, one) => sum + one.expected, 0);
  return { grants, messages, others };
}

/** Resolves when nothing is under way. @returns {Promise<void> | null} null: nothing is */
export function landed() {
  return isBusy() ? new Promise((resolve) => void waiting.push(() => resolve(undefined))) : null;
}

function isBusy() {
  return Object.values(inFlight()).some((count) => count > 0);
}

function ended() {
  if (isBusy()) return;
  for (const go of waiting) go();
  waiting = [];
}

/** @param {EventTarget} target  @param {string[]} ends events, one of which comes */
function follow(target, ends) {
  others += 1;
  let isOver = false;
  const over = () => {
    if (isOver) return;
    isOver = true;
    others -= 1;
    ended();
  };
  for (const end of ends) target.addEventListener(end, over);
}

// IndexedDB: opening, and transactions.
const { open } = IDBFactory.prototype;
IDBFactory.prototype.open = function (...given) {
  const request = open.apply(this, given);
  follow(request, ["success", "error"]);
  return request;
};
const { transaction } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (...given) {
  const begun = transaction.apply(this, given);
  follow(begun, ["complete", "abort"]);
  return begun;
};

// Messages from tab to tab.
/** @type {Set<Channel>} */
const channels = new Set();
class Channel extends BroadcastChannel {
  constructor(/** @type {string} */ name) {
    super(name);
    this.expected = 0;
    channels.add(this);
    this.addEventListener("message", () => {
      this.expected -= 1;
      ended();
    });
  }

  postMessage(/** @type {any} */ message) {
    super.postMessage(message);
    for (const one of channels) if (one !== this && one.name === this.name) one.expected += 1;
  }

  close() {
    super.close();
    channels.delete(this);
    ended();
  }
}
globalThis.BroadcastChannel = Channel;

// Locks: one that nobody holds and somebody has asked for is about to be given.
/** @type {Map<string, {asked: number, held: number}>} */
const locks = new Map();
const { request } = LockManager.prototype;
LockManager.prototype.request = function (/** @type {string} */ name, /** @type {any} */ options, /** @type {any} */ act) {
  const known = locks.get(name) ?? { asked: 0, held: 0 };
  locks.set(name, known);
  known.asked += 1;
  let isAsked = true;
  const answered = () => {
    if (isAsked) known.asked -= 1;
    isAsked = false;
    ended();
  };
  const held = async (/** @type {any} */ lock) => {
    known.held += 1;
    answered();
    try {
      return await act(lock);
    } finally {
      known.held -= 1;
      ended();
    }
  };
  return request.call(this, name, options, held).finally(answered);
};
