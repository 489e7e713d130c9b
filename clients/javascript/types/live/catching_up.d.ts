import { Jobs } from "./jobs.js";
export type Line = import("./line.js").Line;
export declare class CatchingUp {
    _held: import("./held.js").Held;
    _writer: import("./writer.js").Writer;
    _asking: import("./asking.js").Asking;
    _clock: import("./types.js").Clock;
    _line: () => Line | null;
    _turns: Jobs;
    /** @type {any} */
    _done: any;
    /** Conversations that have to be looked at, and which of them changed again meanwhile. @type {Set<string>} */
    _toLook: Set<string>;
    _looking: any;
    /** Whose document was asked for in this connection. @type {Set<string>} */
    _fresh: Set<string>;
    /** Holes that were asked for, and how often in vain. @type {Map<string, {through: number, tries: number}>} */
    _holes: Map<string, {
        through: number;
        tries: number;
    }>;
    /** @type {any} */
    _holeTimer: any;
    /** @type {Map<string, Promise<boolean>>} */
    _pages: Map<string, Promise<boolean>>;
    /**
     * @param {{held: import("./held.js").Held, writer: import("./writer.js").Writer, asking: import("./asking.js").Asking,
     *   clock: import("./types.js").Clock, line: () => Line | null}} given
     */
    constructor({ held, writer, asking, clock, line }: {
        held: import("./held.js").Held;
        writer: import("./writer.js").Writer;
        asking: import("./asking.js").Asking;
        clock: import("./types.js").Clock;
        line: () => Line | null;
    });
    /** Everything that was missed; rejects where the connection does not hold. @returns {Promise<void>} */
    all(): Promise<void>;
    /** A conversation that was just made. @param {any} document */
    adopt(document: any): Promise<void>;
    /** Watermarks and members may have changed while nobody told: ask once in each connection. @param {string} id */
    freshen(id: string): void;
    /** What may have been missed in this connection. */
    again(): Promise<void>;
    /** What `sync.done` said, in the order of frames. @param {any} data */
    synced(data: any): void;
    /** Ask for the document of a conversation that is new or has changed, soon. @param {string} id */
    look(id: string): void;
    /** Where something is missing that was told of, ask for it if it stays so. @param {string[]} ids */
    watchHoles(ids: string[]): void;
    /**
     * A page of older messages into the store; false when the beginning is held.
     * @param {string} id  @param {number} limit  @returns {Promise<boolean>}
     */
    older(id: string, limit: number): Promise<boolean>;
    /** The newest messages once more: status of what was sent changes without a number. @param {string} id */
    newest(id: string): Promise<void>;
    /** The connection has ended, or the client: nothing is asked any more. */
    rest(): void;
    _list(): Promise<void>;
    /** Whose members are to be asked for at once: not known, shown, or waited for by the last message. @returns {string[]} */
    _unsure(): string[];
    /** @param {import("./types.js").Conversation} conversation */
    _isAwaited({ last_message: last, members }: import("./types.js").Conversation): boolean;
    _lookSoon(): void;
    /** Take documents; within the writer's run. @param {any[]} documents  @returns {Promise<string[]>} of which nothing is held now */
    _describe(documents: any[]): Promise<string[]>;
    /** @param {string[]} ids */
    _sync(ids: string[]): Promise<void>;
    /** @param {string[]} ids */
    _meet(ids: string[]): void;
    /** @param {string[]} ids  @returns {Promise<{other: string[], next?: string}>} */
    _syncChunk(ids: string[]): Promise<{
        other: string[];
        next?: string;
    }>;
    /** @param {string[]} ids  @returns {[string, number][]} */
    _throughs(ids: string[]): [string, number][];
    /** @param {{conversations?: Record<string, number>, after?: string}} asked */
    _askSync(asked: {
        conversations?: Record<string, number>;
        after?: string;
    }): Promise<any>;
    /** @param {string[]} lost */
    _lose(lost: string[]): Promise<void>;
    _lookAll(): Promise<void>;
    /** @param {string} id  @returns {Promise<string[]>} the same, where nothing is held of it now */
    _lookAt(id: string): Promise<string[]>;
    /** Null where it is the user's no more, or nobody answers. @param {string} id */
    _document(id: string): Promise<any>;
    _holeMs(): number;
    _askForHoles(): void;
    /** @param {string} id  @param {number} limit */
    _older(id: string, limit: number): Promise<boolean>;
    /** @param {string} id  @param {number} before  @param {{items: any[], next_cursor: string | null}} page */
    _prepend(id: string, before: number, page: {
        items: any[];
        next_cursor: string | null;
    }): Promise<boolean>;
    /** @param {string} id  @param {any[]} messages */
    _merge(id: string, messages: any[]): Promise<void>;
}
