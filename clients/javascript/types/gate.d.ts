/** While it is open, `signal` is not aborted. To close it aborts what runs; to open it lets those go on who wait in `open()`. */
export declare class Gate {
    _controller: AbortController;
    /** @type {(() => void)[]} */
    _waiting: (() => void)[];
    _isEnded: boolean;
    constructor();
    get isOpen(): boolean;
    /** Wait until it is open. @returns {Promise<AbortSignal>} of this time that it is open; rejects with Cancelled */
    open(): Promise<AbortSignal>;
    close(): void;
    letThrough(): void;
    /** For good. */
    end(): void;
    _wake(): void;
}
/** At most `size` at once, first come, first served. */
export declare class Slots {
    _free: number;
    /** @type {(() => void)[]} */
    _waiting: (() => void)[];
    /** @param {number} size */
    constructor(size: number);
    /** Wait for one; who has it releases it. */
    acquire(): Promise<void>;
    release(): void;
    /** @template T  @param {() => Promise<T>} task  @returns {Promise<T>} */
    run<T>(task: () => Promise<T>): Promise<T>;
}
/** What one makes and others take, at most `size` waiting between them. @template T */
export declare class Channel<T> {
    _size: number;
    /** @type {T[]} */
    _items: T[];
    /** @type {(() => void)[]} */
    _waiting: (() => void)[];
    _isEnded: boolean;
    /** @param {number} size */
    constructor(size: number);
    /** Waits for room; what is put after the end is dropped. @param {T} item */
    put(item: T): Promise<void>;
    /** @returns {Promise<T | null>} null after the last */
    take(): Promise<T | null>;
    /** Nothing comes any more. */
    end(): void;
    _change(): Promise<any>;
    _wake(): void;
}
