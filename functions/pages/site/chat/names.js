// What conversations, people and messages are called. Pure.

/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("../chat4all/index.js").LiveClient} LiveClient */

const TONES = 8;
const SHOWN_NAMES = 3;
const PREVIEW_CHARS = 160;
/** Marks of direction make a name turn what stands around it (Unicode Technical Report 36, 2.1). */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** @param {any} user  @param {Words} say */
export function nameOf(user, say) {
  if (!user) return say.somebody;
  if (user.deleted_at) return say.deletedUser;
  return clean(user.display_name || user.username || say.guest);
}

/** The other one of a private conversation. @param {any} conversation  @param {string} ownId  @returns {string | null} */
export function otherOf(conversation, ownId) {
  if (conversation.type !== "private") return null;
  return [...conversation.members.keys()].find((id) => id !== ownId) ?? null;
}

/** @param {any} conversation  @param {LiveClient} live  @param {Words} say */
export function titleOf(conversation, live, say) {
  const otherId = otherOf(conversation, live.userId);
  if (otherId) return nameOf(live.user(otherId), say);
  if (conversation.title) return clean(conversation.title);
  const others = [...conversation.members.keys()].filter((id) => id !== live.userId);
  if (!others.length) return conversation.type === "group" ? say.group : conversation.members.size ? say.somebody : "…";
  const names = others.slice(0, SHOWN_NAMES).map((id) => nameOf(live.user(id), say));
  return say.names(names, others.length - names.length);
}

/** The channels by which others of it are reached besides the app. @param {any} conversation  @param {string} ownId  @returns {string[]} */
export function channelsOf(conversation, ownId) {
  const found = new Set();
  for (const [id, member] of conversation.members) {
    if (id !== ownId) for (const channel of member.channels ?? []) found.add(channel);
  }
  found.delete("in_app");
  return [...found].sort();
}

/**
 * One line of a message, without who said it.
 * @param {any} message  a message, or `last_message` of a conversation  @param {{unsent: string, types: Record<string, string>}} say
 */
export function previewOf(message, say) {
  if (message.deleted_at) return say.unsent;
  const files = message.files ?? (message.file ? [message.file] : []);
  const said = message.preview ?? (typeof message.content === "string" ? message.content : "");
  const text = line(said || files.map((/** @type {any} */ file) => file.filename).join(", "));
  const kind = say.types[message.type];
  if (!kind || (message.type === "file" && text)) return text;
  return text ? `${kind}: ${text}` : kind;
}

/** Who said it, where that is worth telling; empty in private conversations for the other one's. @param {any} message  @param {any} conversation  @param {LiveClient} live  @param {Words} say */
export function speakerOf(message, conversation, live, say) {
  if (message.sender_id === live.userId) return say.you;
  return conversation.type === "group" ? nameOf(live.user(message.sender_id), say).split(" ")[0] : "";
}

/** One or two letters for who has no picture. @param {string} name */
export function initialsOf(name) {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => first(word)).join("").toLocaleUpperCase() || firstEmoji(name) || "#";
}

/** A colour that stays with an id. @param {string} id  @returns {number} 0 to 7 */
export function toneOf(id) {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return sum % TONES;
}

/** For comparing with what somebody looks for: without case and accents. @param {string} text */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** @param {string} text */
function clean(text) {
  return text.replace(TURNING, "");
}

/** @param {string} text */
function line(text) {
  return clean(text.slice(0, PREVIEW_CHARS * 2)).replace(/\s+/gu, " ").trim().slice(0, PREVIEW_CHARS);
}

/** @param {string} word */
function first(word) {
  const letters = word.match(/[\p{L}\p{N}]/u);
  return letters ? letters[0] : "";
}

/** @param {string} name  @returns {string} whole: a family is one, a flag too */
function firstEmoji(name) {
  const all = [...new Intl.Segmenter().segment(name)].map(({ segment }) => segment);
  return all.find((one) => /[\p{Emoji_Presentation}\ufe0f]/u.test(one)) ?? "";
}
