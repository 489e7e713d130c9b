export type FileDocument = {
    file_id: string;
    filename: string;
    content_type: string;
    status: string;
    size?: number;
    reason?: string;
    sha256?: string;
    part_size?: number;
    part_count?: number;
    upload_expires_at?: string;
    verification?: {
        checked_bytes: number;
    };
    upload?: {
        part_size: number;
        part_count: number;
        arrived: number[];
        arrived_bytes: number;
        expires_at: string;
    };
};
export type SignedPart = {
    number: number;
    url: string;
    headers: Record<string, string>;
};
/**
 * @typedef {{file_id: string, filename: string, content_type: string, status: string, size?: number, reason?: string,
 *   sha256?: string, part_size?: number, part_count?: number, upload_expires_at?: string,
 *   verification?: {checked_bytes: number},
 *   upload?: {part_size: number, part_count: number, arrived: number[], arrived_bytes: number, expires_at: string}}} FileDocument
 * @typedef {{number: number, url: string, headers: Record<string, string>}} SignedPart
 */
export declare class Api {
    _session: import("./session.js").Session;
    _base: string;
    /** @param {import("./session.js").Session} session  @param {string} [base] of the API; empty: the page's own origin */
    constructor(session: import("./session.js").Session, base?: string);
    /**
     * Each part will come with its SHA-256: S3 takes either all parts of an upload so or none.
     * @param {{filename: string, size: number, content_type: string, part_size?: number}} file  @param {string} key the same again is the same file
     * @param {AbortSignal} signal  @returns {Promise<FileDocument>}
     */
    initiate(file: {
        filename: string;
        size: number;
        content_type: string;
        part_size?: number;
    }, key: string, signal: AbortSignal): Promise<FileDocument>;
    /**
     * Addresses for parts of these SHA-256 (hex, by number), which S3 then insists on.
     * @param {string} fileId  @param {Record<string, string>} sha256  @param {AbortSignal} signal
     * @returns {Promise<{parts: SignedPart[], expires_at: string}>}
     */
    parts(fileId: string, sha256: Record<string, string>, signal: AbortSignal): Promise<{
        parts: SignedPart[];
        expires_at: string;
    }>;
    /** @param {string} fileId  @param {string} sha256  @param {AbortSignal} signal  @returns {Promise<FileDocument>} */
    complete(fileId: string, sha256: string, signal: AbortSignal): Promise<FileDocument>;
    /** @param {string} fileId  @param {AbortSignal} [signal]  @returns {Promise<FileDocument>} */
    file(fileId: string, signal?: AbortSignal): Promise<FileDocument>;
    /** @param {string} fileId  @returns {Promise<{url: string, expires_at: string}>} an address for the download */
    presigned(fileId: string): Promise<{
        url: string;
        expires_at: string;
    }>;
    /** Aborts an upload, or deletes a file; also one that is gone. @param {string} fileId */
    delete(fileId: string): Promise<void>;
    /**
     * The JSON that a route answers; rejects with ApiError, NetworkError or SignedOut.
     * @param {string} method  @param {string} path  @param {{body?: unknown, signal?: AbortSignal, headers?: Record<string, string>}} [more]
     * @returns {Promise<any>}
     */
    request(method: string, path: string, { body, signal, headers }?: {
        body?: unknown;
        signal?: AbortSignal;
        headers?: Record<string, string>;
    }): Promise<any>;
    /**
     * @param {string} method  @param {string} path  @param {unknown} [body]  @param {AbortSignal} [signal]
     * @param {Record<string, string>} [more] headers
     */
    _send(method: string, path: string, body?: unknown, signal?: AbortSignal, more?: Record<string, string>): Promise<any>;
    /**
     * @param {string} method  @param {string} path  @param {unknown} body  @param {AbortSignal | undefined} signal
     * @param {Record<string, string>} more  @param {string} token
     */
    _once(method: string, path: string, body: unknown, signal: AbortSignal | undefined, more: Record<string, string>, token: string): Promise<any>;
}
