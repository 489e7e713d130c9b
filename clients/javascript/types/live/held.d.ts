export type Message = import("./types.js").Message;
export type Conversation = import("./types.js").Conversation;
export type Entry = import("./types.js").Entry;
export type Batch = import("./types.js").Batch;
/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Conversation} Conversation
 * @typedef {import("./types.js").Entry} Entry
 * @typedef {import("./types.js").Batch} Batch
 */
export declare class Held {
    me: string;
    /** @type {Map<string, Conversation>} */
    conversations: Map<string, Conversation>;
    /** @type {Map<string, Messages>} */
    _messages: Map<string, Messages>;
    /** @type {Map<string, Entry>} */
    entries: Map<string, Entry>;
    /** @type {Map<string, import("./types.js").Mark>} */
    marks: Map<string, import("./types.js").Mark>;
    /** @param {string} me */
    constructor(me: string);
    /** @param {string} id */
    isLoaded(id: string): boolean;
    clear(): void;
    /** Messages as the store has them. @param {string} id  @param {Message[]} messages */
    load(id: string, messages: Message[]): void;
    /** @param {Batch} batch */
    apply(batch: Batch): void;
    /** Held messages, oldest first. @param {string} id  @returns {readonly Message[]} */
    messages(id: string): readonly Message[];
    /** @param {string} messageId  @returns {Message | undefined} */
    find(messageId: string): Message | undefined;
    /** Entries that wait, in the order of writing. @param {string} [id] of one conversation */
    waiting(id?: string): import("./types.js").Entry[];
    /** @param {Conversation} conversation  @returns {import("./rules.js").View} */
    view(conversation: Conversation): import("./rules.js").View;
    /** The conversation as the user sees it: what was read here counts at once. @param {Conversation} conversation */
    seen(conversation: Conversation): import("./types.js").Conversation;
    /** @param {Conversation} conversation  @param {number} delivered  @param {number} read  @returns {Conversation} with these own watermarks */
    raised(conversation: Conversation, delivered: number, read: number): Conversation;
    /** Number of the last message of somebody else's below which nothing is missing; 0: none. @param {Conversation} conversation */
    lastOfOthers({ id, through, last_message: last }: Conversation): number;
    /** @param {import("./types.js").Mark} mark */
    _mark(mark: import("./types.js").Mark): void;
}
/** Messages of one conversation. */
declare class Messages {
    /** @type {Map<number, Message>} */
    _bySeq: Map<number, Message>;
    /** @type {Map<string, number>} */
    _seqs: Map<string, number>;
    /** @type {Message[] | null} */
    _sorted: Message[] | null;
    /** @param {Message[]} messages */
    constructor(messages: Message[]);
    /** @param {number} seq */
    at(seq: number): import("./types.js").Message | undefined;
    /** @param {string} messageId */
    find(messageId: string): import("./types.js").Message | undefined;
    /** @param {Message} message */
    put(message: Message): void;
    /** @param {number} below */
    forget(below: number): void;
    sorted(): import("./types.js").Message[];
    /** @param {number} seq  @param {string} me */
    othersAfter(seq: number, me: string): number;
}
export {};
