// What a list of conversations shows of a message, as the API's `last_message` has it.

const CHARACTERS = 100;

/** @param {import("./types.js").Message} message  @returns {import("./types.js").LastMessage} */
export function previewOf(message) {
  const { message_id, seq, sender_id, type, created_at } = message;
  const shown = { message_id, seq, sender_id, type, preview: text(message), created_at };
  if (message.edited_at) Object.assign(shown, { edited_at: message.edited_at });
  if (message.deleted_at) Object.assign(shown, { deleted_at: message.deleted_at });
  return shown;
}

/** Words of a message that can be shown or searched. @param {import("./types.js").Message} message */
function text(message) {
  const said = typeof message.content === "string" ? message.content : "";
  if (said || !message.file) return [...said].slice(0, CHARACTERS).join("");
  const names = (message.files ?? [message.file]).map((file) => file.filename).join(", ");
  return [...names].slice(0, CHARACTERS).join("");
}
