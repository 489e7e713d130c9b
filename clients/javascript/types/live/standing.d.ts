export type Standing = import("./types.js").Standing;
export type Message = import("./types.js").Message;
export type Member = import("./types.js").Member;
/** Of two, the one that may replace the other: status only rises, and what was delivered cannot fail. @param {string | undefined} held  @param {string | undefined} given */
export declare function higher(held: string | undefined, given: string | undefined): string | undefined;
/**
 * The lowest over the recipients that can still rise, as the server counts it; never below what the server has said.
 * @param {Message} message  @param {{members: Map<string, Member>}} conversation  @returns {Standing}
 */
export declare function standingOf(message: Message, conversation: {
    members: Map<string, Member>;
}): Standing;
