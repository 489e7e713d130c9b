/**
 * Yields {number, sha256} for each part, then {whole}, some made ahead of who asks; rejects with FileUnreadable.
 * @param {File} file  @param {number} size bytes that it had when it was chosen  @param {number} partSize  @param {(bytes: number) => void} [onRead] how many bytes have been read
 * @returns {AsyncGenerator<{number?: number, sha256?: string, whole?: string}>}
 */
export declare function digestsOf(file: File, size: number, partSize: number, onRead?: (bytes: number) => void): AsyncGenerator<{
    number?: number;
    sha256?: string;
    whole?: string;
}>;
