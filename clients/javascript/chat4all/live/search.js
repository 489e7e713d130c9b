// Search in what is held: all words, in any order, whatever their case and accents.

/** @typedef {import("./types.js").Message} Message */

/** @param {readonly Message[]} messages  @param {string} words  @returns {Message[]} those that have all of them */
export function found(messages, words) {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  return messages.filter((message) => {
    const said = plain(textOf(message));
    return wanted.every((word) => said.includes(word));
  });
}

/** @param {Message} message */
function textOf({ content, file, files, deleted_at: deletedAt }) {
  if (deletedAt) return "";
  const names = (files ?? (file ? [file] : [])).map((one) => one.filename);
  const said = typeof content === "string" ? [content] : Object.values(content ?? {}).filter((one) => typeof one === "string");
  return [...said, ...names].join("\n");
}

/** @param {string} text */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
