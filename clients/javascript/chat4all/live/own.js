// An own message that waits, as messages are shown.

/** @param {import("./types.js").Entry} entry  @param {string} me  @returns {import("./types.js").Message} */
export function asMessage(entry, me) {
  const { message_id, conversation_id, seq, type, content, created_at, file_ids, reply_to, failed } = entry;
  const message = { message_id, conversation_id, seq, sender_id: me, channel: "in_app", type, content, reactions: {}, created_at };
  /** @type {Partial<import("./types.js").Message>} */
  const more = {};
  if (file_ids) more.file_ids = file_ids;
  if (reply_to) more.reply_to = reply_to;
  if (seq) more.status = "accepted";
  else more.local = failed ? "failed" : "sending";
  if (failed) more.why = failed;
  return { ...message, ...more };
}
