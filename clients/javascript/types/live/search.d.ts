export type Message = import("./types.js").Message;
/** @typedef {import("./types.js").Message} Message */
/** @param {readonly Message[]} messages  @param {string} words  @returns {Message[]} those that have all of them */
export declare function found(messages: readonly Message[], words: string): Message[];
