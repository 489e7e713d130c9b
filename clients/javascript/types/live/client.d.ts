import { Core } from "./core.js";
import { News } from "./news.js";
export type Conversation = import("./types.js").Conversation;
export type Message = import("./types.js").Message;
export type User = import("./types.js").User;
export type Presence = import("./types.js").Presence;
export type Standing = import("./types.js").Standing;
export type Entry = import("./types.js").Entry;
export type Options = {
    /**
     * of somebody who is signed in
     */
    session: import("../session.js").Session;
    api: import("./asking.js").HttpApi;
    websocketUrl: string;
    /**
     * of the database, before the user's id
     */
    storeName?: string;
    clock?: import("./types.js").Clock;
    random?: () => number;
    WebSocket?: typeof WebSocket;
    /**
     * null: nothing outlasts the page
     */
    indexedDB?: IDBFactory | null;
};
/**
 * Tells (CustomEvent, what changed in `detail`): `state`; `conversations` {ids}; `messages` {conversation_id}; `typing` {conversation_id};
 * `presence` {user_ids}; `users` {user_ids}; `notice` {code, detail}: what the person should know of the storage of this device.
 */
export declare class LiveClient extends EventTarget {
    _core: Core;
    _clock: import("./types.js").Clock;
    _news: News;
    _last: number;
    _keeping: number;
    /** @type {Map<string, readonly Message[]>} */
    _shown: Map<string, readonly Message[]>;
    /** When typing was told last. @type {Map<string, number>} */
    _typed: Map<string, number>;
    _listening: AbortController;
    /** The conversation that is to be opened when it is known. @type {string | null} */
    _toOpen: string | null;
    /**
     * Resolves as soon as what the device has kept can be shown; the rest comes with events. Rejects with SignedOut, and with
     * TypeError where there is no WebSocket.
     * @param {Options} options  @returns {Promise<LiveClient>}
     */
    static open(options: Options): Promise<LiveClient>;
    /** Use `LiveClient.open`. */
    constructor();
    /** @type {User | null} the user; null until known */
    get me(): User | null;
    get userId(): string;
    /** "live": everything that was missed is here. "offline": it is tried again. "signed_out": for good. */
    get state(): import("./types.js").State;
    /** Whether all that was given to `send` is in the store; until then it goes with the page. */
    get hasKeptAll(): boolean;
    /** @returns {Conversation[]} newest activity first */
    conversations(): Conversation[];
    /** @param {string} conversationId  @returns {Conversation | null} */
    conversation(conversationId: string): Conversation | null;
    /**
     * What is held, oldest first, then own ones that wait; the same array until something changes.
     * @param {string} conversationId  @returns {readonly Message[]}
     */
    messages(conversationId: string): readonly Message[];
    /**
     * A page of older messages into the store; false when the conversation begins there.
     * @param {string} conversationId  @param {number} [limit] 1 to 100  @returns {Promise<boolean>}
     */
    older(conversationId: string, limit?: number): Promise<boolean>;
    /**
     * Sends when it can; shown at once. Kept on the device before the first try, and sent again with the same id until it is answered.
     * @param {string} conversationId
     * @param {{type?: import("./types.js").MessageType, content?: any, file_ids?: string[], reply_to?: string}} message
     * @returns {string} the message id
     */
    send(conversationId: string, { type, content, file_ids, reply_to }: {
        type?: import("./types.js").MessageType;
        content?: any;
        file_ids?: string[];
        reply_to?: string;
    }): string;
    /** Try one that failed once more. @param {string} messageId  @returns {Promise<void>} */
    resend(messageId: string): Promise<void>;
    /** Give one up that has failed, or was not tried yet; rejects where the server may have it. @param {string} messageId  @returns {Promise<void>} */
    discard(messageId: string): Promise<void>;
    /** Another text; rejects with ApiError (409 `edited_meanwhile`: by another device). @param {string} messageId  @param {any} content  @returns {Promise<void>} */
    edit(messageId: string, content: any): Promise<void>;
    /** Take one back from everybody. @param {string} messageId  @returns {Promise<void>} */
    unsend(messageId: string): Promise<void>;
    /** @param {string} messageId  @param {string} emoji  @param {boolean} [remove]  @returns {Promise<void>} */
    react(messageId: string, emoji: string, remove?: boolean): Promise<void>;
    /** What is shown up to `seq` is read. @param {string} conversationId  @param {number} seq */
    read(conversationId: string, seq: number): void;
    /** At each keystroke; told at most every 4 s. @param {string} conversationId */
    typing(conversationId: string): void;
    /** The field was emptied, or left. @param {string} conversationId */
    stoppedTyping(conversationId: string): void;
    /** @param {string} conversationId  @returns {string[]} ids of users who are writing */
    typists(conversationId: string): string[];
    /** Which conversation is open: its members' presence is asked for, and what is missing of it. @param {string | null} conversationId */
    watch(conversationId: string | null): void;
    /** @param {string} userId  @returns {Presence | null} null: not known */
    presence(userId: string): Presence | null;
    /** What is known of a user; null: nothing yet, and an event `users` tells when. @param {string} userId  @returns {User | null} */
    user(userId: string): User | null;
    /** Every recipient's status and every delivery. @param {string} messageId  @returns {Promise<any>} the document of GET …/status */
    status(messageId: string): Promise<any>;
    /** Where an own message stands, from itself, `message.status` and the others' watermarks. @param {Message} message  @returns {Standing} */
    statusOf(message: Message): Standing;
    /** Held messages that have all the words. @param {string} conversationId  @param {string} words  @returns {Message[]} */
    search(conversationId: string, words: string): Message[];
    /** The user of that exact name, in any case. @param {string} username  @returns {Promise<User | null>} */
    findUser(username: string): Promise<User | null>;
    /** @param {{type: "private" | "group", member_ids: string[], title?: string, metadata?: any}} wanted  @returns {Promise<any>} the API's document */
    createConversation(wanted: {
        type: "private" | "group";
        member_ids: string[];
        title?: string;
        metadata?: any;
    }): Promise<any>;
    /** @param {string} conversationId  @param {string} userId  @param {string} [role]  @returns {Promise<void>} */
    addMember(conversationId: string, userId: string, role?: string): Promise<void>;
    /** @param {string} conversationId  @param {string} userId  @returns {Promise<void>} */
    removeMember(conversationId: string, userId: string): Promise<void>;
    /** @param {string} conversationId  @param {string} [userId] whoever leaves; the user  @returns {Promise<void>} */
    leave(conversationId: string, userId?: string): Promise<void>;
    /** How many frames came of kinds that this client does not know. @returns {Map<string, number>} */
    get unknownKinds(): Map<string, number>;
    /** The connection ends; what is kept stays, and what waits to be sent waits for the next time. */
    close(): void;
    /** @param {Options} options */
    _begin({ session, api, websocketUrl, storeName, clock, random, ...more }: Options): Promise<void>;
    /** The device is online again, or somebody looks at the page again, perhaps after a day. */
    _listen(): void;
    /** @param {string} method  @param {string} path  @param {string} type  @param {unknown} [body] */
    _change(method: string, path: string, type: string, body?: unknown): Promise<void>;
    /** What is missing of the conversation that is watched, as soon as it is known. */
    _open(): void;
    /** @param {string} conversationId */
    _load(conversationId: string): void;
    /** @param {import("./types.js").Batch} batch */
    _changed(batch: import("./types.js").Batch): void;
    /** @param {string} id */
    _changedMessages(id: string): void;
    /** @param {import("./news.js").Changed} changed */
    _tellAll({ conversations, messages, users, presence, typing }: import("./news.js").Changed): void;
    /** @param {string} type  @param {any} detail */
    _tell(type: string, detail: any): void;
}
