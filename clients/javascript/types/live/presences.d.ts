export type Presence = import("./types.js").Presence;
export type PresenceDocument = {
    user_id: string;
    status: Presence["status"];
    version?: number;
    last_seen_at?: string | null;
    expires_in?: number;
};
/** @typedef {import("./types.js").Presence} Presence */
/** @typedef {{user_id: string, status: Presence["status"], version?: number, last_seen_at?: string | null, expires_in?: number}} PresenceDocument */
export declare class Presences {
    _clock: import("./types.js").Clock;
    _onChange: (userIds: string[]) => void;
    /** @type {Map<string, {presence: Presence, version: number, timer: any, until: number}>} */
    _known: Map<string, {
        presence: Presence;
        version: number;
        timer: any;
        until: number;
    }>;
    /** @param {import("./types.js").Clock} clock  @param {(userIds: string[]) => void} onChange */
    constructor(clock: import("./types.js").Clock, onChange: (userIds: string[]) => void);
    /** @param {string} userId  @returns {Presence | null} null: not known, or not any more */
    of(userId: string): Presence | null;
    /** @param {PresenceDocument[]} documents */
    take(documents: PresenceDocument[]): void;
    /** What is known, for another tab. @returns {PresenceDocument[]} */
    documents(): PresenceDocument[];
    /** Nothing is known any more. */
    clear(): void;
    /** @param {PresenceDocument} document */
    _takeOne({ user_id: userId, status, version, last_seen_at, expires_in }: PresenceDocument): boolean;
    /** @param {string} userId */
    _expire(userId: string): void;
}
