export type Kept = {
    key: string;
    userId: string;
    fileId: string | null;
    name: string;
    size: number;
    lastModified: number;
    contentType: string;
    partSize: number;
    handle: FileSystemFileHandle | null;
    isHeld: boolean;
    isCancelled: boolean;
    addedAt: number;
};
export declare class KeptUploads {
    /** @type {Promise<IDBDatabase> | null} */
    _opening: Promise<IDBDatabase> | null;
    constructor();
    /** @param {string} userId  @returns {Promise<Kept[]>} oldest first */
    of(userId: string): Promise<Kept[]>;
    /** @param {string} key  @returns {Promise<Kept | undefined>} */
    find(key: string): Promise<Kept | undefined>;
    /** @param {Kept} upload */
    keep(upload: Kept): Promise<void>;
    /** SHA-256 (hex) of a part of which bytes may have left. @param {string} key  @param {number} number  @param {string} sha256 */
    keepDigest(key: string, number: number, sha256: string): Promise<void>;
    /** @param {string} key  @returns {Promise<Map<number, string>>} SHA-256 by part */
    digests(key: string): Promise<Map<number, string>>;
    /** @param {string} key */
    forget(key: string): Promise<void>;
    /**
     * @param {string[]} stores  @param {IDBTransactionMode} mode
     * @param {(store: (name: string) => IDBObjectStore) => IDBRequest} act
     * @returns {Promise<any>} what the request found, when the transaction is durable
     */
    _do(stores: string[], mode: IDBTransactionMode, act: (store: (name: string) => IDBObjectStore) => IDBRequest): Promise<any>;
}
