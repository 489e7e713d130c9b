export type Part = {
    number: number;
    sha256: string;
};
/** @typedef {{number: number, sha256: string}} Part */
export declare class Addresses {
    _api: import("./api.js").Api;
    _fileId: string;
    /** @type {Map<number, {part: import("./api.js").SignedPart, until: number}>} */
    _signed: Map<number, {
        part: import("./api.js").SignedPart;
        until: number;
    }>;
    /** @type {Map<number, string>} */
    _wanted: Map<number, string>;
    /** @type {Promise<void> | null} */
    _signing: Promise<void> | null;
    /** @param {import("./api.js").Api} api  @param {string} fileId */
    constructor(api: import("./api.js").Api, fileId: string);
    /** This one will be asked for soon: it is signed with the next that is. @param {Part} part */
    want({ number, sha256 }: Part): void;
    /** @param {Part} part  @param {AbortSignal} signal  @returns {Promise<import("./api.js").SignedPart>} */
    of(part: Part, signal: AbortSignal): Promise<import("./api.js").SignedPart>;
    /** It was refused, or is done with. @param {number} number */
    forget(number: number): void;
    /** @param {Part} first  @param {AbortSignal} signal */
    _sign(first: Part, signal: AbortSignal): Promise<void>;
}
