export declare class Typists {
    _clock: import("./types.js").Clock;
    _onChange: (conversationId: string) => void;
    /** Timers by user by conversation. @type {Map<string, Map<string, any>>} */
    _writing: Map<string, Map<string, any>>;
    /** @param {import("./types.js").Clock} clock  @param {(conversationId: string) => void} onChange */
    constructor(clock: import("./types.js").Clock, onChange: (conversationId: string) => void);
    /** @param {string} conversationId  @returns {string[]} user ids */
    of(conversationId: string): string[];
    /** @param {string} conversationId  @param {{user_id: string, expires_in: number}} data */
    take(conversationId: string, { user_id: userId, expires_in: seconds }: {
        user_id: string;
        expires_in: number;
    }): void;
    /** @param {string} conversationId  @param {string} userId */
    stop(conversationId: string, userId: string): void;
    clear(): void;
}
