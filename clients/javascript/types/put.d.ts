/**
 * Put `body` to a presigned address; rejects with StorageError, NetworkError, or what `signal` was aborted with.
 * @param {import("./api.js").SignedPart} to `headers` are signed: S3 refuses others. Content-Length browsers set themselves
 * @param {Blob} body
 * @param {AbortSignal} signal
 * @param {(bytes: number) => void} onProgress how many have left so far
 * @returns {Promise<void>}
 */
export declare function put(to: import("./api.js").SignedPart, body: Blob, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<void>;
