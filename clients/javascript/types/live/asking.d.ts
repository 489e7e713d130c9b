export type HttpApi = {
    request: (method: string, path: string, more?: {
        body?: unknown;
        signal?: AbortSignal;
        headers?: Record<string, string>;
    }) => Promise<any>;
};
/** @typedef {{request: (method: string, path: string, more?: {body?: unknown, signal?: AbortSignal, headers?: Record<string, string>}) => Promise<any>}} HttpApi */
export declare class Asking {
    _api: HttpApi;
    _clock: import("./types.js").Clock;
    _random: () => number;
    _ended: AbortSignal;
    _waking: EventTarget;
    /**
     * @param {{api: HttpApi, clock: import("./types.js").Clock, random: () => number, ended: AbortSignal, waking: EventTarget}} given
     *   `waking`: tells `wake` when a try may succeed again
     */
    constructor({ api, clock, random, ended, waking }: {
        api: HttpApi;
        clock: import("./types.js").Clock;
        random: () => number;
        ended: AbortSignal;
        waking: EventTarget;
    });
    /** One try. @param {string} method  @param {string} path  @param {unknown} [body]  @param {Record<string, string>} [headers]  @returns {Promise<any>} */
    once(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<any>;
    /**
     * Some tries, later each time; rejects with what does not pass, and with what the last one met.
     * @param {string} method  @param {string} path  @param {unknown} [body]  @param {Record<string, string>} [headers]  @returns {Promise<any>}
     */
    patiently(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<any>;
    /** Wait before the next try. @param {number} failures  @param {number | null} [retryAfter] seconds */
    rest(failures: number, retryAfter?: number | null): Promise<void>;
}
