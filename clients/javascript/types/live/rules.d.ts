export type Message = import("./types.js").Message;
export type Conversation = import("./types.js").Conversation;
export type Frame = import("./types.js").Frame;
export type View = {
    me: string;
    conversation: Conversation;
    at: (seq: number) => Message | undefined;
    find: (messageId: string) => Message | undefined;
    /**
     * how many messages of others are held behind a number
     */
    othersAfter: (seq: number) => number;
};
export type Effect = {
    conversation: Conversation;
    messages: Message[];
    /**
     * the whole document of the conversation has to be asked for
     */
    isStale?: boolean;
    /**
     * data about a message that is not held: of use where its page is on its way
     */
    late?: any;
};
/** What `frame` makes of what is held; null where it says nothing about it. @param {View} view  @param {Frame} frame  @returns {Effect | null} */
export declare function effect(view: View, frame: Frame): Effect | null;
export declare const KNOWN: Set<string>;
/** The user's own watermarks raised, and what is unread after it. @param {View} view  @param {Conversation} conversation  @param {number} delivered  @param {number} read */
export declare function readUpTo(view: View, conversation: Conversation, delivered: number, read: number): import("./types.js").Conversation;
/** A message taken as it is given, where it is newer than what is held. @param {View} view  @param {Message} given  @returns {Effect} */
export declare function taken(view: View, given: Message): Effect;
/** @param {Conversation} conversation  @param {Message} message  @returns {Conversation} */
export declare function withLast(conversation: Conversation, message: Message): Conversation;
/**
 * The newer of two states of a message: its text by `revision`, its reactions by `reactions_version`, its status as high as either
 * says; `held` itself where nothing is newer.
 * @param {Message | undefined} held  @param {Message} given  @returns {Message}
 */
export declare function merged(held: Message | undefined, given: Message): Message;
/**
 * `through` moved as far as the numbers reach without a hole.
 * @param {Conversation} conversation  @param {number} through  @param {number[]} [more]  @returns {Conversation}
 */
export declare function advanced(conversation: Conversation, through: number, more?: number[]): Conversation;
/** There is something up to `seq`; whether it is held is another matter. @param {Conversation} conversation  @param {number} seq  @returns {Conversation} */
export declare function noticed(conversation: Conversation, seq: number): Conversation;
/** Whether something is missing that was told of. @param {Conversation} conversation */
export declare function hasHole(conversation: Conversation): boolean;
/** Messages of a page, with what was told of them while it was on its way. @param {Message[]} messages  @param {any[]} late  @returns {Message[]} */
export declare function withLate(messages: Message[], late: any[]): Message[];
