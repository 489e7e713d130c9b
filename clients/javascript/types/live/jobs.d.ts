export declare class Jobs {
    /** @type {Promise<unknown>} */
    _last: Promise<unknown>;
    constructor();
    /** Runs `task` when what came before is over. @template T  @param {() => T | Promise<T>} task  @returns {Promise<T>} */
    run<T>(task: () => T | Promise<T>): Promise<T>;
}
