// Where a client keeps what it holds: one database of each user in IndexedDB, or where there is none the memory of the page.

import { newId } from "../ids.js";
import { MemoryStore } from "./memory_store.js";

/**
 * @typedef {import("./types.js").Batch} Batch
 * @typedef {import("./types.js").Notice} Notice
 * @typedef {import("./types.js").Message} Message
 */

const VERSION = 1;
/** @type {Record<string, string | string[] | null>} */
const STORES = {
  conversations: "id",
  messages: ["conversation_id", "seq"],
  entries: "message_id",
  marks: "conversation_id",
  users: "id",
  visit: null,
};

/** What is being emptied. @type {Map<string, Promise<void>>} */
const emptying = new Map();

/**
 * @param {IDBFactory | null | undefined} factory  @param {string} name of the database
 * @returns {Promise<{store: MemoryStore | IndexedDbStore, notice: Notice | null}>}
 */
export async function openStore(factory, name) {
  await emptying.get(name);
  return opened(factory, name);
}

/**
 * Empty the database when somebody signs out, also where the client was closed before.
 * @param {EventTarget} session  @param {IDBFactory | null | undefined} factory  @param {string} name
 */
export function forgetAfter(session, factory, name) {
  const forget = (/** @type {any} */ event) => {
    session.removeEventListener("ended", forget);
    if (event.detail?.why === "refused" || emptying.has(name)) return;
    emptying.set(name, empty(factory, name).finally(() => emptying.delete(name)));
  };
  session.addEventListener("ended", forget);
}

/** @param {IDBFactory | null | undefined} factory  @param {string} name */
async function empty(factory, name) {
  const { store } = await opened(factory, name);
  await store.clear();
  store.close();
}

/**
 * @param {IDBFactory | null | undefined} factory  @param {string} name
 * @returns {Promise<{store: MemoryStore | IndexedDbStore, notice: Notice | null}>}
 */
async function opened(factory, name) {
  try {
    if (!factory) throw new Error("no IndexedDB");
    if (!globalThis.navigator?.locks) throw new Error("no Web Locks");
    const database = await open(factory, name);
    return { store: await IndexedDbStore.begun(database), notice: null };
  } catch (error) {
    return { store: new MemoryStore(), notice: { code: "no_storage", detail: String(error) } };
  }
}

export class IndexedDbStore {
  /** @param {IDBDatabase} database */
  static async begun(database) {
    const store = new IndexedDbStore(database);
    await store._visit();
    return store;
  }

  /** @param {IDBDatabase} database */
  constructor(database) {
    this.isLasting = true;
    this._database = database;
    this._mark = "";
    database.addEventListener("versionchange", () => database.close());
  }

  /** What is there when a client begins; messages come by `messages`. */
  async all() {
    const names = ["conversations", "entries", "marks", "users"];
    const [conversations, entries, marks, users] = await this._do(names, "readonly", (of) => names.map((name) => of(name).getAll()));
    return { conversations, entries, marks, users };
  }

  /** Of a conversation, oldest first. @param {string} id  @returns {Promise<Message[]>} */
  async messages(id) {
    const [messages] = await this._do(["messages"], "readonly", (of) => [of("messages").getAll(below(id, Infinity))]);
    return messages;
  }

  /**
   * All of it or nothing. Rejects where the disk is full, and where everything was cleared since this client began: what belongs to
   * somebody who has signed out is not written again.
   * @param {Batch} batch  @returns {Promise<void>}
   */
  async commit(batch) {
    const names = Object.keys(STORES).filter((name) => name !== "users");
    await this._do(names, "readwrite", (of) => {
      const check = of("visit").get("mark");
      check.onsuccess = () => (check.result === this._mark ? put(of, batch) : check.transaction?.abort());
      return [];
    });
  }

  /** @param {import("./types.js").User[]} users */
  async keepUsers(users) {
    await this._do(["users"], "readwrite", (of) => users.map((user) => of("users").put(user)));
  }

  /** Everything, for good. */
  async clear() {
    const names = Object.keys(STORES);
    await this._do(names, "readwrite", (of) => names.map((name) => of(name).clear()));
  }

  close() {
    this._database.close();
  }

  /** Clients that are open at once have one mark, which `clear` takes from them. */
  async _visit() {
    await this._do(["visit"], "readwrite", (of) => {
      const found = of("visit").get("mark");
      found.onsuccess = () => {
        this._mark = found.result ?? newId();
        if (!found.result) of("visit").put(this._mark, "mark");
      };
      return [];
    });
  }

  /**
   * What the requests found, when the transaction is over.
   * @param {string[]} names  @param {IDBTransactionMode} mode  @param {(of: (name: string) => IDBObjectStore) => IDBRequest[]} act
   * @returns {Promise<any[]>}
   */
  _do(names, mode, act) {
    return new Promise((resolve, reject) => {
      const transaction = this._database.transaction(names, mode, { durability: "relaxed" });
      const requests = act((name) => transaction.objectStore(name));
      transaction.oncomplete = () => resolve(requests.map((request) => request.result));
      transaction.onabort = () => reject(transaction.error ?? new Error("cleared meanwhile"));
    });
  }
}

/** @param {(name: string) => IDBObjectStore} of  @param {Batch} batch */
function put(of, batch) {
  for (const id of batch.lost) {
    of("conversations").delete(id);
    of("marks").delete(id);
    of("messages").delete(below(id, Infinity));
  }
  for (const [id, seq] of batch.forgotten) of("messages").delete(below(id, seq));
  for (const one of batch.conversations) of("conversations").put(one);
  for (const one of batch.messages) of("messages").put(one);
  for (const one of batch.entries) of("entries").put(one);
  for (const id of batch.settled) of("entries").delete(id);
  for (const mark of batch.marks) {
    if (mark.delivered_seq || mark.read_seq) of("marks").put(mark);
    else of("marks").delete(mark.conversation_id);
  }
}

/** @param {string} id  @param {number} seq */
function below(id, seq) {
  return IDBKeyRange.bound([id, 0], [id, seq], false, true);
}

/** @param {IDBFactory} factory  @param {string} name  @returns {Promise<IDBDatabase>} */
function open(factory, name) {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, VERSION);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) request.result.createObjectStore(store, { keyPath });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
