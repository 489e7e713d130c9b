import { CatchingUp } from "./catching_up.js";
import { Heart } from "./heart.js";
import { Line } from "./line.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
export type State = import("./types.js").State;
export type Frame = import("./types.js").Frame;
export type Batch = import("./types.js").Batch;
export type Means = {
    held: import("./held.js").Held;
    writer: import("./writer.js").Writer;
    asking: import("./asking.js").Asking;
    session: {
        token: (refused?: string) => Promise<string>;
    };
    url: string;
    WebSocket: typeof WebSocket;
    clock: import("./types.js").Clock;
    ended: AbortSignal;
    /**
     * `wake`: a try may succeed, and what seems open may not be
     */
    waking: EventTarget;
    isOnline: () => boolean;
    /**
     * conversations whose members' presence is wanted
     */
    watched: () => string[];
    onState: (state: State) => void;
    onPresence: (documents: any[]) => void;
};
export declare class Engine {
    _means: Means;
    /** @type {Line | null} */
    _line: Line | null;
    _refusals: number;
    catchingUp: CatchingUp;
    marks: Marks;
    heart: Heart;
    outbox: Outbox;
    _onWake: () => undefined;
    /** @param {Means} means */
    constructor(means: Means);
    /** Connect, and again whenever it ends, until the client ends or nobody is signed in. */
    run(): Promise<void>;
    /** Frames that change nothing that is stored. @param {Frame} frame */
    other(frame: Frame): void;
    /** What was applied may have left holes, and may be told to others as delivered. @param {Batch} batch */
    applied(batch: Batch): void;
    /** What came over this connection cannot be taken: the next one begins with a sync. */
    reconnect(): void;
    /** @param {string} conversationId  @param {boolean} isOver */
    typing(conversationId: string, isOver: boolean): void;
    end(): void;
    _open(): Line | null;
    /** One connection from its beginning to its end. */
    _connected(): Promise<void>;
    /** A refused token looks as a lost connection does; a call of the API tells which it is, and has the token renewed. @param {Line} line */
    _opened(line: Line): Promise<void>;
    /** A session that was ended still has an access token that is good for a while; to renew it tells. @param {Line} line */
    _check(line: Line): Promise<void>;
    _rest(): void;
}
