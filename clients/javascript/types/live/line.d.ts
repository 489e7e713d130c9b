export type Frame = import("./types.js").Frame;
export type WebSocketClass = typeof globalThis.WebSocket;
export type Waiting = {
    resolve: (data: any) => void;
    reject: (error: Error) => void;
    timer: any;
};
export declare class Line {
    token: string;
    _clock: import("./types.js").Clock;
    _onFrame: (frame: Frame) => void;
    _number: number;
    /** @type {Map<number, Waiting>} */
    _waiting: Map<number, Waiting>;
    _socket: WebSocket;
    /** @type {() => void} */
    _tellClosed: () => void;
    /** Resolves when it is open no more, whoever closed it. @type {Promise<void>} */
    closed: Promise<void>;
    isOpen: boolean;
    /**
     * @param {{url: string, token: string, WebSocket: WebSocketClass, clock: import("./types.js").Clock,
     *   onFrame: (frame: Frame) => void}} given
     */
    constructor({ url, token, WebSocket, clock, onFrame }: {
        url: string;
        token: string;
        WebSocket: WebSocketClass;
        clock: import("./types.js").Clock;
        onFrame: (frame: Frame) => void;
    });
    /** Resolves when it is open; rejects with NetworkError. @returns {Promise<void>} */
    opened(): Promise<void>;
    /**
     * Data of the ack; rejects with ApiError, and with NetworkError where no answer comes.
     * @param {string} action  @param {any} data  @param {number} [withinMs]  @returns {Promise<any>}
     */
    request(action: string, data: any, withinMs?: number): Promise<any>;
    close(): void;
    /** A message is one frame, or several in an array (docs/clients.md, "Frames"). @param {any} text */
    _take(text: any): void;
    /** @param {Frame | null} frame */
    _takeFrame(frame: Frame | null): void;
    /** @param {Frame} frame */
    _refused({ id, error }: Frame): void;
    /** A frame without a type is the gateway's own and does not say what it answers: whatever waits is to be tried again. */
    _gatewayFailed(): void;
    /** @param {number} id  @param {(one: Waiting) => void} how */
    _answer(id: number, how: (one: Waiting) => void): void;
    _end(): void;
}
