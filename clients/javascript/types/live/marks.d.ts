export type Mark = import("./types.js").Mark;
export declare class Marks {
    _held: import("./held.js").Held;
    _writer: import("./writer.js").Writer;
    _clock: import("./types.js").Clock;
    _line: () => import("./line.js").Line | null;
    /** @type {any} */
    _timer: any;
    _last: number;
    _failures: number;
    _isSending: boolean;
    /**
     * @param {{held: import("./held.js").Held, writer: import("./writer.js").Writer, clock: import("./types.js").Clock,
     *   line: () => import("./line.js").Line | null}} given
     */
    constructor({ held, writer, clock, line }: {
        held: import("./held.js").Held;
        writer: import("./writer.js").Writer;
        clock: import("./types.js").Clock;
        line: () => import("./line.js").Line | null;
    });
    /** What was received is delivered: noted where a message of somebody else's is held without a hole below it. @param {string[]} ids */
    noteDelivered(ids: string[]): void;
    /** Send what waits, soon. */
    wake(): void;
    rest(): void;
    /** @param {string} id  @returns {Mark[]} */
    _delivered(id: string): Mark[];
    _send(): Promise<void>;
    /** False where it has to be sent again. @param {Mark} mark  @returns {Promise<boolean>} */
    _one(mark: Mark): Promise<boolean>;
    /** @param {Mark} mark  @param {{delivered_seq: number, read_seq: number}} answer */
    _taken({ conversation_id: id }: Mark, { delivered_seq, read_seq }: {
        delivered_seq: number;
        read_seq: number;
    }): Promise<void>;
    /** @param {Mark} mark */
    _forget(mark: Mark): Promise<void>;
}
