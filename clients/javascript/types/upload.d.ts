import { Gate } from "./gate.js";
import { Rate } from "./rate.js";
export type State = "waiting" | "needs_file" | "checking" | "uploading" | "paused" | "elsewhere" | "finishing" | "completed" | "failed" | "cancelled";
export type Means = {
    api: import("./api.js").Api;
    kept: import("./kept.js").KeptUploads;
    slots: import("./gate.js").Slots;
    turns: import("./gate.js").Slots;
    lanes: number;
};
/** Tells `change` when something of it has changed. */
export declare class Upload extends EventTarget {
    _means: Means;
    _kept: import("./kept.js").Kept;
    _file: File | null;
    _gate: Gate;
    _rate: Rate;
    /** Bytes that have left, by part. @type {Map<number, number>} */
    _left: Map<number, number>;
    /** @type {"none" | "wanted" | "mine"} */
    _turn: "none" | "wanted" | "mine";
    _isRunning: boolean;
    _isSuspended: boolean;
    /** What a pause interrupted. @type {State} */
    _stateBefore: State;
    /** @type {State} */
    state: State;
    /** Why it is paused, failed or needs its file: a stable word. */
    why: string;
    /** What the server says of it. */
    detail: string;
    /** Bytes that are in S3 or have left for it. */
    sent: number;
    /** Bytes that were read and compared. */
    checked: number;
    /** Bytes that the server has read and checked. */
    verified: number;
    /** What is being waited for, while nothing moves. @type {import("./trying.js").Trouble | null} */
    trouble: import("./trying.js").Trouble | null;
    /** @type {import("./api.js").FileDocument | null} */
    document: import("./api.js").FileDocument | null;
    /** @param {Means} means  @param {import("./kept.js").Kept} kept  @param {File | null} file */
    constructor(means: Means, kept: import("./kept.js").Kept, file: File | null);
    get key(): string;
    get name(): string;
    get size(): number;
    get fileId(): string | null;
    get handle(): FileSystemFileHandle | null;
    get file(): File | null;
    get isEnded(): boolean;
    /** Whether closing the page would interrupt it. */
    get isMoving(): boolean;
    /** Bytes a second, null while it cannot be told. */
    get rate(): number | null;
    get secondsLeft(): number | null;
    /** Begin, or go on. */
    resume(): void;
    /** Stop until `resume`; parts that are under way are sent again. @param {string} why */
    pause(why?: string): void;
    /** Try at once what is being waited for. */
    wake(): void;
    /** Call it off, at the server too. */
    cancel(): Promise<void>;
    /** Whether `file` looks like the one whose upload this is, so that the comparison of its parts can decide. @param {File} file */
    resembles(file: File): boolean;
    /**
     * Go on with the file that somebody chose; false where it cannot be the one.
     * @param {File} file  @param {FileSystemFileHandle | null} handle
     */
    attach(file: File, handle: FileSystemFileHandle | null): boolean;
    /** How it stands at the server, for one whose file is not chosen yet. */
    look(): Promise<void>;
    /** Abort it at the server, as long as that takes, and forget it. */
    callOff(): Promise<void>;
    _takeTurn(): Promise<void>;
    _giveTurnBack(): void;
    _run(): Promise<void>;
    _newGate(): void;
    _drive(): Promise<void>;
    /** @returns {Promise<Set<number> | null>} the parts that are there; null where all is over */
    _begin(): Promise<Set<number> | null>;
    /** As the server has it. */
    _standing(): Promise<import("./api.js").FileDocument>;
    /** @param {import("./api.js").FileDocument} document of a pending one  @returns {Set<number>} */
    _arrived(document: import("./api.js").FileDocument): Set<number>;
    /** @param {Set<number>} arrived  @returns {import("./sending.js").Job} */
    _job(arrived: Set<number>): import("./sending.js").Job;
    /** @param {number} number  @param {number} bytes  @param {Set<number>} arrived */
    _progress(number: number, bytes: number, arrived: Set<number>): void;
    /** Wait until the server has checked the whole. @param {import("./api.js").FileDocument} document */
    _settle(document: import("./api.js").FileDocument): Promise<void>;
    /** Run `act` and say how it ended. @param {() => Promise<void>} act */
    _ended(act: () => Promise<void>): Promise<void>;
    /** @param {Error} error */
    _without(error: Error): void;
    /** @param {unknown} error */
    _refused(error: unknown): Promise<void>;
    /** @param {string} why  @param {string} detail */
    _fail(why: string, detail: string): void;
    /** @template T  @param {(signal: AbortSignal) => Promise<T>} task  @param {(error: unknown) => boolean} [mayPass] */
    _persist<T>(task: (signal: AbortSignal) => Promise<T>, mayPass?: (error: unknown) => boolean): Promise<T>;
    _wanted(): {
        filename: string;
        size: number;
        content_type: string;
    } | {
        filename: string;
        size: number;
        content_type: string;
        part_size: number;
    };
    _count(): void;
    /** @param {Partial<import("./kept.js").Kept>} changes */
    _keep(changes: Partial<import("./kept.js").Kept>): Promise<void>;
    /** @param {State} state  @param {string} why */
    _to(state: State, why?: string): void;
    _changed(): void;
}
