export type Trouble = {
    code: "offline" | "server" | "storage";
    until: number;
    failures: number;
};
export type Surroundings = {
    gate: () => import("./gate.js").Gate;
    waking: EventTarget;
    onTrouble: (trouble: Trouble | null) => void;
    onSignedOut: () => void;
};
/** @typedef {{code: "offline" | "server" | "storage", until: number, failures: number}} Trouble  waited for until then (ms) */
/** @typedef {{gate: () => import("./gate.js").Gate, waking: EventTarget, onTrouble: (trouble: Trouble | null) => void,
 *   onSignedOut: () => void}} Surroundings */
/**
 * Try until it works, with growing delays; waits while the gate is closed. Rejects with Cancelled when it has ended, and with what
 * will not pass.
 * @template T  @param {Surroundings} around  @param {(signal: AbortSignal) => Promise<T>} task
 * @param {(error: unknown) => boolean} [mayPass]  @returns {Promise<T>}
 */
export declare function persist<T>(around: Surroundings, task: (signal: AbortSignal) => Promise<T>, mayPass?: (error: unknown) => boolean): Promise<T>;
