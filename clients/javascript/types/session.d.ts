export type Tokens = {
    access_token: string;
    refresh_token: string;
    expires_at: string;
    expires_in: number;
    good_until?: number;
};
/**
 * Tells `ended` when nobody is signed in any more (CustomEvent, `detail.why`: "signed_out", here or in another tab with the same
 * storage, or "refused" by the server), and `began` when somebody is.
 *
 * The tokens lie in `storage`: sessionStorage is gone with the tab, localStorage is that of all tabs, of which one renews at a time.
 */
export declare class Session extends EventTarget {
    _base: string;
    _storage: Pick<Storage, "getItem" | "removeItem" | "setItem">;
    /** @type {Tokens | null} */
    _tokens: Tokens | null;
    /** @type {Promise<void> | null} */
    _renewal: Promise<void> | null;
    /**
     * @param {{base?: string, storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">}} [options] `base`: of the API; empty: the
     *   page's own origin. Where there is no sessionStorage, as in Node, the tokens are kept in memory
     */
    constructor({ base, storage }?: {
        base?: string;
        storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
    });
    /** @returns {string | null} id of the user */
    get userId(): string | null;
    /** @param {string} username name or email  @param {string} password */
    signIn(username: string, password: string): Promise<void>;
    /**
     * With the code that a sign-in by a provider has put into the page's address.
     * @param {string} provider google or github  @param {string} code  @param {string} verifier of which the code_challenge was made
     */
    signInBy(provider: string, code: string, verifier: string): Promise<void>;
    /** Ends the session, here at once and at the server if it answers. */
    signOut(): Promise<void>;
    /**
     * An access token that is good for a while; rejects with SignedOut, or with what may pass.
     * @param {string} [refused] one that was just answered 401
     */
    token(refused?: string): Promise<string>;
    /** In one tab at a time: a refresh token is good once, and another tab may have used it. @param {Tokens} tokens */
    _renew(tokens: Tokens): Promise<void>;
    /** @param {Tokens} tokens */
    _renewed(tokens: Tokens): Promise<void>;
    /** What another tab has left in the storage: newer tokens, or nobody's. */
    _follow(): void;
    _now(): Tokens;
    /** @param {Tokens} tokens */
    _keep(tokens: Tokens): void;
    /** @param {"signed_out" | "refused"} why */
    _end(why: "signed_out" | "refused"): void;
    /** @param {"signed_out" | "refused"} why */
    _forget(why: "signed_out" | "refused"): void;
    /** @param {string} path  @param {unknown} body */
    _post(path: string, body: unknown): Promise<any>;
}
/**
 * The JSON that `url` answers; rejects with ApiError or NetworkError.
 * @param {string} url  @param {RequestInit} request
 */
export declare function answer(url: string, request: RequestInit): Promise<any>;
