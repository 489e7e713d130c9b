export type User = import("./types.js").User;
export declare class People {
    _asking: import("./asking.js").Asking;
    _clock: import("./types.js").Clock;
    _onChange: (users: User[]) => void;
    /** @type {Map<string, User>} */
    _known: Map<string, User>;
    /** When they were asked for last. @type {Map<string, number>} */
    _asked: Map<string, number>;
    /** @type {Set<string>} */
    _wanted: Set<string>;
    /** @type {any} */
    _timer: any;
    /**
     * @param {{asking: import("./asking.js").Asking, clock: import("./types.js").Clock,
     *   onChange: (users: User[]) => void}} given
     */
    constructor({ asking, clock, onChange }: {
        asking: import("./asking.js").Asking;
        clock: import("./types.js").Clock;
        onChange: (users: User[]) => void;
    });
    /** What is known of a user, asked for where that is nothing or old. @param {string} id  @returns {User | null} */
    of(id: string): User | null;
    /** What was kept of an earlier visit. @param {User[]} users */
    know(users: User[]): void;
    /** @param {User[]} users */
    take(users: User[]): void;
    /** Nobody is asked for any more. */
    rest(): void;
    /** @param {string} id */
    _want(id: string): void;
    _fetch(): Promise<void>;
}
