/** @param {import("./types.js").Entry} entry  @param {string} me  @returns {import("./types.js").Message} */
export declare function asMessage(entry: import("./types.js").Entry, me: string): import("./types.js").Message;
