// What must outlast the page: uploads that are not finished, in IndexedDB.

/**
 * @typedef {{key: string, userId: string, fileId: string | null, name: string, size: number, lastModified: number,
 *   contentType: string, partSize: number, handle: FileSystemFileHandle | null, isHeld: boolean, isCancelled: boolean,
 *   addedAt: number}} Kept
 *   `key` is also the Idempotency-Key: it is kept before the upload is begun, so that no death loses sight of one. `isHeld`:
 *   somebody paused it.
 */

const NAME = "chat4all.uploads";

export class KeptUploads {
  constructor() {
    /** @type {Promise<IDBDatabase> | null} */
    this._opening = null;
  }

  /** @param {string} userId  @returns {Promise<Kept[]>} oldest first */
  async of(userId) {
    const all = /** @type {Kept[]} */ (await this._do(["uploads"], "readonly", (store) => store("uploads").getAll()));
    return all.filter((one) => one.userId === userId).sort((a, b) => a.addedAt - b.addedAt);
  }

  /** @param {string} key  @returns {Promise<Kept | undefined>} */
  find(key) {
    return this._do(["uploads"], "readonly", (store) => store("uploads").get(key));
  }

  /** @param {Kept} upload */
  async keep(upload) {
    await this._do(["uploads"], "readwrite", (store) => store("uploads").put(upload));
  }

  /** SHA-256 (hex) of a part of which bytes may have left. @param {string} key  @param {number} number  @param {string} sha256 */
  async keepDigest(key, number, sha256) {
    await this._do(["digests"], "readwrite", (store) => store("digests").put(sha256, [key, number]));
  }

  /** @param {string} key  @returns {Promise<Map<number, string>>} SHA-256 by part */
  async digests(key) {
    const range = of(key);
    const [keys, values] = await Promise.all([
      this._do(["digests"], "readonly", (store) => store("digests").getAllKeys(range)),
      this._do(["digests"], "readonly", (store) => store("digests").getAll(range)),
    ]);
    return new Map(keys.map((/** @type {any} */ [, number], /** @type {number} */ at) => [number, values[at]]));
  }

  /** @param {string} key */
  async forget(key) {
    await this._do(["uploads", "digests"], "readwrite", (store) => {
      store("digests").delete(of(key));
      return store("uploads").delete(key);
    });
  }

  /**
   * @param {string[]} stores  @param {IDBTransactionMode} mode
   * @param {(store: (name: string) => IDBObjectStore) => IDBRequest} act
   * @returns {Promise<any>} what the request found, when the transaction is durable
   */
  async _do(stores, mode, act) {
    const database = await (this._opening ??= open());
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(stores, mode);
      const request = act((name) => transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
    });
  }
}

/** @param {string} key */
function of(key) {
  return IDBKeyRange.bound([key, 0], [key, Infinity]);
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("uploads", { keyPath: "key" });
      request.result.createObjectStore("digests");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
