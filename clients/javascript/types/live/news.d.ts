export type Changed = {
    conversations: Set<string>;
    messages: Set<string>;
    users: Set<string>;
    presence: Set<string>;
    typing: Set<string>;
};
/** @typedef {{conversations: Set<string>, messages: Set<string>, users: Set<string>, presence: Set<string>, typing: Set<string>}} Changed */
export declare class News {
    _clock: import("./types.js").Clock;
    _tell: (changed: Changed) => void;
    _changed: Changed;
    _isPlanned: boolean;
    /** @param {import("./types.js").Clock} clock  @param {(changed: Changed) => void} tell */
    constructor(clock: import("./types.js").Clock, tell: (changed: Changed) => void);
    /** @param {keyof Changed} kind  @param {Iterable<string>} ids */
    add(kind: keyof Changed, ids: Iterable<string>): void;
    _now(): void;
}
