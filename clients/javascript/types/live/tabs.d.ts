export type Batch = import("./types.js").Batch;
export type Told = {
    kind: "batch";
    batch: Batch;
} | {
    kind: "state";
    state: import("./types.js").State;
} | {
    kind: "presence";
    documents: any[];
} | {
    kind: "frame";
    frame: import("./types.js").Frame;
} | {
    kind: "watch";
    tab: string;
    id: string | null;
} | {
    kind: "hello";
    tab: string;
} | {
    kind: "leads";
} | {
    kind: "signed_out";
} | {
    kind: "users";
    users: import("./types.js").User[];
} | {
    kind: "typing";
    id: string;
    isOver: boolean;
} | {
    kind: "ask";
    number: string;
    what: string;
    given: any[];
} | {
    kind: "answer";
    number: string;
    value?: any;
    error?: any;
};
/**
 * @typedef {import("./types.js").Batch} Batch
 * @typedef {{kind: "batch", batch: Batch} | {kind: "state", state: import("./types.js").State} | {kind: "presence", documents: any[]}
 *   | {kind: "frame", frame: import("./types.js").Frame} | {kind: "watch", tab: string, id: string | null}
 *   | {kind: "hello", tab: string} | {kind: "leads"} | {kind: "signed_out"} | {kind: "users", users: import("./types.js").User[]}
 *   | {kind: "typing", id: string, isOver: boolean}
 *   | {kind: "ask", number: string, what: string, given: any[]} | {kind: "answer", number: string, value?: any, error?: any}} Told
 */
export declare class Tabs {
    _name: string;
    id: string;
    _channel: BroadcastChannel;
    _onTold: (told: Told) => void;
    _ending: AbortController;
    /** @type {() => void} */
    _release: () => void;
    /** What the leader was asked and has not answered. @type {Map<string, {what: string, given: any[], resolve: (value: any) => void, reject: (error: any) => void}>} */
    _asked: Map<string, {
        what: string;
        given: any[];
        resolve: (value: any) => void;
        reject: (error: any) => void;
    }>;
    /** @param {{name: string, clock: import("./types.js").Clock, onTold: (told: Told) => void}} given */
    constructor({ name, onTold }: {
        name: string;
        clock: import("./types.js").Clock;
        onTold: (told: Told) => void;
    });
    /** Resolves when this tab leads; it leads until `end`. Rejects where it ended before. @returns {Promise<void>} */
    lead(): Promise<void>;
    /** @param {Told} message */
    tell(message: Told): void;
    /** Have the leader do something, whoever leads meanwhile. @param {string} what  @param {any[]} given  @returns {Promise<any>} */
    ask(what: string, given: any[]): Promise<any>;
    /** What was asked and is not answered, for this tab to do itself. @param {(what: string, given: any[]) => Promise<any>} act */
    takeOver(act: (what: string, given: any[]) => Promise<any>): void;
    /** @param {string} number  @param {Promise<any>} doing */
    answer(number: string, doing: Promise<any>): Promise<void>;
    end(): void;
    /** @param {Told} message */
    _take(message: Told): void;
    /** @param {{number: string, value?: any, error?: any}} answer */
    _answered({ number, value, error }: {
        number: string;
        value?: any;
        error?: any;
    }): void;
}
