import { Jobs } from "./jobs.js";
export type Frame = import("./types.js").Frame;
export type Batch = import("./types.js").Batch;
export type Message = import("./types.js").Message;
export type Store = import("./memory_store.js").MemoryStore | import("./store.js").IndexedDbStore;
export type Hooks = {
    /**
     * memory is changed
     */
    onApplied: (batch: Batch) => void;
    onStored: (batch: Batch) => void;
    onStoreFailed: (error: unknown) => void;
    /**
     * a conversation of which nothing is held
     */
    onUnknown: (id: string) => void;
    onLoaded: (id: string) => void;
    /**
     * its document has to be asked for
     */
    onStale: (id: string) => void;
    /**
     * the message of a frame that was too large; null: it is there no more
     */
    whole: (messageId: string) => Promise<Message | null>;
    /**
     * frames of this connection cannot be taken
     */
    onBroken: () => void;
    /**
     * frames that change nothing that is stored
     */
    onOther: (frame: Frame) => void;
};
export declare class Writer {
    _held: import("./held.js").Held;
    _store: Store;
    _hooks: Hooks;
    _jobs: Jobs;
    /** @type {Frame[]} */
    _frames: Frame[];
    /** Data about messages that are not held, while a page in which they may stand is on its way. @type {Map<string, any[]>} */
    _late: Map<string, any[]>;
    /** How many frames of each kind came that we do not know. @type {Map<string, number>} */
    unknownKinds: Map<string, number>;
    _isEnded: boolean;
    _hasFailed: boolean;
    _isBroken: boolean;
    /** @param {import("./held.js").Held} held  @param {Store} store  @param {Hooks} hooks */
    constructor(held: import("./held.js").Held, store: Store, hooks: Hooks);
    /** @param {Frame} frame */
    take(frame: Frame): void;
    /** @template T  @param {() => T | Promise<T>} task  @returns {Promise<T>} */
    run<T>(task: () => T | Promise<T>): Promise<T>;
    /** What was taken so far is applied and stored. @returns {Promise<void>} */
    idle(): Promise<void>;
    /** Apply and store; to be called within `run`. @param {Partial<Batch>} some */
    write(some: Partial<Batch>): Promise<void>;
    /** Messages of a conversation in memory; to be called within `run`. @param {string} id */
    load(id: string): Promise<void>;
    /** From now on what is told about messages that are not held is kept for `late`. @param {string} id */
    expectPage(id: string): void;
    /** What was told meanwhile. @param {string} id  @returns {any[]} */
    late(id: string): any[];
    end(): void;
    _drain(): Promise<void>;
    /** What follows may say that what cannot be taken is held: it is left to the next connection's sync. */
    _break(): null;
    /** @param {Frame} given  @returns {Promise<Frame | null>} the same, with all of its message */
    _whole(given: Frame): Promise<Frame | null>;
    /** @param {Frame} given  @returns {Promise<Batch | null>} */
    _effect(given: Frame): Promise<Batch | null>;
    /** @param {import("./types.js").Conversation} conversation  @param {Frame} frame */
    _changed(conversation: import("./types.js").Conversation, frame: Frame): import("./types.js").Batch | null;
    /** @param {Frame} frame */
    _synced(frame: Frame): import("./types.js").Batch;
    /** The same, and entries that are over by it: their message is held, or what stands at their number is. @param {Batch} given */
    _settled(given: Batch): import("./types.js").Batch;
    /** @param {Batch} whole */
    _apply(whole: Batch): void;
    /** @param {Batch} whole */
    _commit(whole: Batch): Promise<void>;
}
