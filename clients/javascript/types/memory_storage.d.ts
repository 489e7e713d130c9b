/** As sessionStorage, gone with the program. */
export declare class MemoryStorage {
    /** @type {Map<string, string>} */
    _kept: Map<string, string>;
    constructor();
    /** @param {string} key */
    getItem(key: string): string | null;
    /** @param {string} key  @param {string} value */
    setItem(key: string, value: string): void;
    /** @param {string} key */
    removeItem(key: string): void;
}
