export type Batch = import("./types.js").Batch;
export type Message = import("./types.js").Message;
/** @typedef {import("./types.js").Batch} Batch */
/** @typedef {import("./types.js").Message} Message */
export declare class MemoryStore {
    isLasting: boolean;
    /** @type {Map<string, import("./types.js").Conversation>} */
    _conversations: Map<string, import("./types.js").Conversation>;
    /** @type {Map<string, Map<number, Message>>} */
    _messages: Map<string, Map<number, Message>>;
    /** @type {Map<string, import("./types.js").Entry>} */
    _entries: Map<string, import("./types.js").Entry>;
    /** @type {Map<string, import("./types.js").Mark>} */
    _marks: Map<string, import("./types.js").Mark>;
    constructor();
    /** What is there when a client begins; messages come by `messages`. */
    all(): Promise<{
        conversations: import("./types.js").Conversation[];
        entries: import("./types.js").Entry[];
        marks: import("./types.js").Mark[];
        users: never[];
    }>;
    /** Of a conversation, oldest first. @param {string} id  @returns {Promise<Message[]>} */
    messages(id: string): Promise<Message[]>;
    /** @param {Batch} batch */
    commit(batch: Batch): Promise<void>;
    /** @param {import("./types.js").User[]} _users */
    keepUsers(_users: import("./types.js").User[]): Promise<void>;
    clear(): Promise<void>;
    close(): void;
    /** @param {Message} message */
    _put(message: Message): void;
    /** @param {import("./types.js").Mark} mark */
    _mark(mark: import("./types.js").Mark): void;
}
