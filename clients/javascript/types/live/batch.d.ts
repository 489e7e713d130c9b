export type Batch = import("./types.js").Batch;
/** @typedef {import("./types.js").Batch} Batch */
/** @param {Partial<Batch>} [some]  @returns {Batch} */
export declare function batch(some?: Partial<Batch>): Batch;
/** Gathers batches into one, of each thing the newest. */
export declare class Gathering {
    /** @type {Map<string, import("./types.js").Conversation>} */
    _conversations: Map<string, import("./types.js").Conversation>;
    /** @type {Map<string, Map<number, import("./types.js").Message>>} */
    _messages: Map<string, Map<number, import("./types.js").Message>>;
    /** @type {Map<string, import("./types.js").Entry>} */
    _entries: Map<string, import("./types.js").Entry>;
    /** @type {Map<string, import("./types.js").Mark>} */
    _marks: Map<string, import("./types.js").Mark>;
    /** @type {Set<string>} */
    _lost: Set<string>;
    /** @type {Set<string>} */
    _settled: Set<string>;
    /** @type {Map<string, number>} */
    _forgotten: Map<string, number>;
    constructor();
    /** @param {Batch} given */
    add(given: Batch): void;
    /** What was gathered: `lost` and `forgotten` come before what is put. @returns {Batch} */
    take(): Batch;
    /** @param {string} id */
    _of(id: string): Map<any, any>;
    /** @param {string} id */
    _lose(id: string): void;
    /** @param {string} id  @param {number} below */
    _forget(id: string, below: number): void;
}
