/** The API refused: a problem document (RFC 9457), or the gateway's own `{"message"}`. */
export declare class ApiError extends Error {
    status: number;
    /** A stable word, such as `file_pending`; empty where the gateway answered. @type {string} */
    code: string;
    /** @type {{pointer: string, detail: string}[]} */
    errors: {
        pointer: string;
        detail: string;
    }[];
    /** Numbers of 409 `parts_missing`, and whatever else the document has. @type {any} */
    problem: any;
    retryAfter: number | null;
    /** @param {number} status  @param {any} problem  @param {number | null} retryAfter seconds, of the header Retry-After */
    constructor(status: number, problem: any, retryAfter?: number | null);
}
/** S3 refused a part; `code` is that of its error document (Amazon S3 API Reference, "Error Responses"). */
export declare class StorageError extends Error {
    status: number;
    code: string;
    /** @param {number} status  @param {string} code */
    constructor(status: number, code: string);
}
/** Nobody answered: no connection, or none that holds. */
export declare class NetworkError extends Error {
    constructor(message?: string);
}
/** The session has ended; somebody has to sign in. */
export declare class SignedOut extends Error {
    constructor();
}
/** The file on this device cannot be read any more: changed, moved or deleted since it was chosen. */
export declare class FileUnreadable extends Error {
    constructor(message?: string);
}
/** Another file than the one whose upload was begun. */
export declare class WrongFile extends Error {
    constructor(message?: string);
}
/** Somebody called it off. */
export declare class Cancelled extends Error {
    constructor();
}
/**
 * Whether the same may work a while later.
 * @param {unknown} error
 */
export declare function isPassing(error: unknown): boolean;
