/** @param {import("./types.js").Message} message  @returns {import("./types.js").LastMessage} */
export declare function previewOf(message: import("./types.js").Message): import("./types.js").LastMessage;
