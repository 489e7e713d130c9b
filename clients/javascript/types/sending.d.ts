export type Part = import("./addresses.js").Part;
export type Job = {
    api: import("./api.js").Api;
    kept: import("./kept.js").KeptUploads;
    /**
     * of the kept upload
     */
    key: string;
    fileId: string;
    file: File;
    /**
     * of the whole, bytes
     */
    size: number;
    partSize: number;
    /**
     * parts that S3 has
     */
    arrived: Set<number>;
    /**
     * parts at once
     */
    lanes: number;
    /**
     * shared with other files
     */
    slots: import("./gate.js").Slots;
    gate: import("./gate.js").Gate;
    persist: <T>(task: (signal: AbortSignal) => Promise<T>, mayPass: (error: unknown) => boolean) => Promise<T>;
    /**
     * read and compared so far
     */
    onChecked: (bytes: number) => void;
    /**
     * how much of a part has left; all of it when it is there
     */
    onProgress: (number: number, bytes: number) => void;
};
/**
 * @typedef {import("./addresses.js").Part} Part
 * @typedef {object} Job
 * @property {import("./api.js").Api} api
 * @property {import("./kept.js").KeptUploads} kept
 * @property {string} key  of the kept upload
 * @property {string} fileId
 * @property {File} file
 * @property {number} size  of the whole, bytes
 * @property {number} partSize
 * @property {Set<number>} arrived  parts that S3 has
 * @property {number} lanes  parts at once
 * @property {import("./gate.js").Slots} slots  shared with other files
 * @property {import("./gate.js").Gate} gate
 * @property {<T>(task: (signal: AbortSignal) => Promise<T>, mayPass: (error: unknown) => boolean) => Promise<T>} persist
 * @property {(bytes: number) => void} onChecked  read and compared so far
 * @property {(number: number, bytes: number) => void} onProgress  how much of a part has left; all of it when it is there
 */
/**
 * Rejects with WrongFile, FileUnreadable, or what S3 and the API refuse for good; then the gate has ended, and nothing goes on.
 * @param {Job} job
 * @returns {Promise<string>} SHA-256 of the whole file, hex
 */
export declare function sendParts(job: Job): Promise<string>;
