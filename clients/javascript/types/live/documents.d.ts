export type Conversation = import("./types.js").Conversation;
export type Member = import("./types.js").Member;
/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").Member} Member */
/** Behind by more entries than this, what is held is forgotten, and loaded again where somebody looks. */
export declare const FAR = 5000;
/**
 * A conversation of which nothing is held yet. Whatever there is up to `last_seq` is applied to what a later read shows, so that
 * what is missed from there on comes by sync, and what is before it by pages.
 * @param {any} document  @param {Conversation} [before] what was held of it and is too old  @returns {Conversation}
 */
export declare function adopted(document: any, before?: Conversation): Conversation;
/** Whether it is further than sync should go. @param {Conversation} held  @param {any} document */
export declare function isFar(held: Conversation, document: any): boolean;
/** @param {import("./rules.js").View} view  @param {any} document  @returns {Conversation} */
export declare function refreshed(view: import("./rules.js").View, document: any): Conversation;
/** What `sync.done` says. @param {Conversation} conversation  @param {number} through */
export declare function complete(conversation: Conversation, through: number): import("./types.js").Conversation;
