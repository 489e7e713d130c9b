// What the address says: which conversation is open, and whether its details are.

/** @typedef {{conversationId: string | null, details: boolean}} Route */

/** @param {string} hash `#/c/<id>`, `#/c/<id>/details`, all else: the list  @returns {Route} */
export function parseRoute(hash) {
  const [, id, panel] = /^#\/c\/([0-9a-f-]{36})(?:\/(details))?$/i.exec(hash) ?? [];
  return { conversationId: id?.toLowerCase() ?? null, details: panel !== undefined };
}

/** @param {string | null} conversationId  @param {boolean} [details] */
export function hashOf(conversationId, details = false) {
  if (!conversationId) return "#/";
  return `#/c/${conversationId}${details ? "/details" : ""}`;
}
