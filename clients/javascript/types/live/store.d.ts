import { MemoryStore } from "./memory_store.js";
export type Batch = import("./types.js").Batch;
export type Notice = import("./types.js").Notice;
export type Message = import("./types.js").Message;
/**
 * @param {IDBFactory | null | undefined} factory  @param {string} name of the database
 * @returns {Promise<{store: MemoryStore | IndexedDbStore, notice: Notice | null}>}
 */
export declare function openStore(factory: IDBFactory | null | undefined, name: string): Promise<{
    store: MemoryStore | IndexedDbStore;
    notice: Notice | null;
}>;
/**
 * Empty the database when somebody signs out, also where the client was closed before.
 * @param {EventTarget} session  @param {IDBFactory | null | undefined} factory  @param {string} name
 */
export declare function forgetAfter(session: EventTarget, factory: IDBFactory | null | undefined, name: string): void;
export declare class IndexedDbStore {
    isLasting: boolean;
    _database: IDBDatabase;
    _mark: string;
    /** @param {IDBDatabase} database */
    static begun(database: IDBDatabase): Promise<IndexedDbStore>;
    /** @param {IDBDatabase} database */
    constructor(database: IDBDatabase);
    /** What is there when a client begins; messages come by `messages`. */
    all(): Promise<{
        conversations: any;
        entries: any;
        marks: any;
        users: any;
    }>;
    /** Of a conversation, oldest first. @param {string} id  @returns {Promise<Message[]>} */
    messages(id: string): Promise<Message[]>;
    /**
     * All of it or nothing. Rejects where the disk is full, and where everything was cleared since this client began: what belongs to
     * somebody who has signed out is not written again.
     * @param {Batch} batch  @returns {Promise<void>}
     */
    commit(batch: Batch): Promise<void>;
    /** @param {import("./types.js").User[]} users */
    keepUsers(users: import("./types.js").User[]): Promise<void>;
    /** Everything, for good. */
    clear(): Promise<void>;
    close(): void;
    /** Clients that are open at once have one mark, which `clear` takes from them. */
    _visit(): Promise<void>;
    /**
     * What the requests found, when the transaction is over.
     * @param {string[]} names  @param {IDBTransactionMode} mode  @param {(of: (name: string) => IDBObjectStore) => IDBRequest[]} act
     * @returns {Promise<any[]>}
     */
    _do(names: string[], mode: IDBTransactionMode, act: (of: (name: string) => IDBObjectStore) => IDBRequest[]): Promise<any[]>;
}
