export type Entry = import("./types.js").Entry;
export declare class Outbox {
    _held: import("./held.js").Held;
    _writer: import("./writer.js").Writer;
    _asking: import("./asking.js").Asking;
    _clock: import("./types.js").Clock;
    _ended: AbortSignal;
    _onTrouble: (error: unknown) => void;
    _onHole: (id: string) => void;
    /** @type {Set<string>} */
    _sending: Set<string>;
    /** Message ids of which a try is under way. @type {Set<string>} */
    _underWay: Set<string>;
    /**
     * @param {{held: import("./held.js").Held, writer: import("./writer.js").Writer, asking: import("./asking.js").Asking,
     *   clock: import("./types.js").Clock, ended: AbortSignal, onTrouble: (error: unknown) => void, onHole: (id: string) => void}} given
     *   `onTrouble`: nobody answers; `onHole`: what was sent was not told of for a while
     */
    constructor({ held, writer, asking, clock, ended, onTrouble, onHole }: {
        held: import("./held.js").Held;
        writer: import("./writer.js").Writer;
        asking: import("./asking.js").Asking;
        clock: import("./types.js").Clock;
        ended: AbortSignal;
        onTrouble: (error: unknown) => void;
        onHole: (id: string) => void;
    });
    /** Send what waits, where nobody is at it. */
    wake(): void;
    /** Whether it may be taken back: the server cannot have it. @param {Entry} entry */
    isOurs(entry: Entry): boolean;
    /** @param {string} id */
    _sendAll(id: string): Promise<void>;
    /** @param {string} id  @returns {Entry | undefined} */
    _next(id: string): Entry | undefined;
    /** One try; rejects with what may pass. @param {Entry} entry */
    _send(entry: Entry): Promise<void>;
    /** @param {Entry} entry  @param {{seq: number, created_at: string}} answer */
    _answered(entry: Entry, { seq, created_at }: {
        seq: number;
        created_at: string;
    }): Promise<void>;
    /** @param {string} id  @param {number} seq */
    _notice(id: string, seq: number): Promise<void>;
    /** @param {Entry} entry  @param {(now: Entry) => Entry} how */
    _change({ message_id: messageId }: Entry, how: (now: Entry) => Entry): Promise<void>;
}
