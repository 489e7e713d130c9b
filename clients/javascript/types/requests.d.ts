export type Asked = {
    signal?: AbortSignal;
    /**
     * the same again does nothing twice; one is made where the operation takes one and none is given
     */
    idempotencyKey?: string;
};
export type Shape = {
    body?: any;
    query?: Record<string, any>;
    takesKey?: boolean;
    /**
     * asked without a token
     */
    isOpen?: boolean;
    isForm?: boolean;
    signal?: AbortSignal;
    idempotencyKey?: string;
};
/** What `Operations` stands on. */
export declare class Requests {
    _base: string;
    _session: import("./session.js").Session | null;
    _patienceMs: number;
    /**
     * @param {{base?: string, session?: import("./session.js").Session | null, patienceMs?: number}} [settings] `base`: of the API, empty
     *   for the page's own origin; without a session only what is open to all can be asked; `patienceMs`: how long one request is repeated
     */
    constructor({ base, session, patienceMs }?: {
        base?: string;
        session?: import("./session.js").Session | null;
        patienceMs?: number;
    });
    /**
     * What an operation answers: JSON, null where it is empty.
     * @param {string} method  @param {string} path  @param {Shape} [shape]  @returns {Promise<any>}
     */
    ask(method: string, path: string, shape?: Shape): Promise<any>;
    /** @param {string} path  @param {RequestInit} request  @param {boolean} isOpen */
    _once(path: string, request: RequestInit, isOpen: boolean): Promise<any>;
}
/**
 * All items of a list, page by page: `for await (const one of every((query) => operations.listMessages(id, query)))`.
 * @template T  @param {(query: {cursor?: string, limit?: number}) => Promise<{items: T[], next_cursor?: string | null}>} ask
 * @param {number} [limit] of a page  @returns {AsyncGenerator<T, void, void>}
 */
export declare function every<T>(ask: (query: {
    cursor?: string;
    limit?: number;
}) => Promise<{
    items: T[];
    next_cursor?: string | null;
}>, limit?: number): AsyncGenerator<T, void, void>;
