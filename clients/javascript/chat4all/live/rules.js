// What a frame does to what is held: pure, and safe to take twice and in any order (docs/clients.md, "Numbers").

import { previewOf } from "./previews.js";
import { higher } from "./standing.js";

/**
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").Conversation} Conversation
 * @typedef {import("./types.js").Frame} Frame
 *
 * @typedef {object} View  what is held of one conversation
 * @property {string} me
 * @property {Conversation} conversation
 * @property {(seq: number) => Message | undefined} at
 * @property {(messageId: string) => Message | undefined} find
 * @property {(seq: number) => number} othersAfter  how many messages of others are held behind a number
 *
 * @typedef {object} Effect
 * @property {Conversation} conversation
 * @property {Message[]} messages
 * @property {boolean} [isStale]  the whole document of the conversation has to be asked for
 * @property {any} [late]  data about a message that is not held: of use where its page is on its way
 */

const BEYOND_MAX = 2_000;

/** What `frame` makes of what is held; null where it says nothing about it. @param {View} view  @param {Frame} frame  @returns {Effect | null} */
export function effect(view, frame) {
  const rule = RULES[frame.type];
  return rule ? rule(view, frame) : null;
}

/** @type {Record<string, (view: View, frame: Frame) => Effect | null>} */
const RULES = {
  "message.created": written,
  "sync.message": written,
  "message.updated": changed,
  "message.deleted": changed,
  "reaction.updated": reacted,
  "message.status": reported,
  "receipt.updated": received,
  "conversation.updated": described,
  "member.updated": joinedOrLeft,
};

export const KNOWN = new Set([...Object.keys(RULES), "sync.done", "typing", "presence.updated", "token.expiring", "error"]);

/** What is told of is routed, and so `sent`. @param {View} view  @param {Frame} frame */
function written(view, frame) {
  const message = frame.type === "message.created" ? { status: "sent", ...frame.data } : frame.data;
  return counted(taken(view, message), Number(frame.seq));
}

/** @param {View} view  @param {Frame} frame */
function changed(view, frame) {
  const { message_id: id, seq } = frame.data;
  const isHeld = view.find(id) !== undefined || seq >= view.conversation.loaded_from;
  const change = isHeld ? taken(view, frame.data) : { conversation: view.conversation, messages: [], late: frame.data };
  return frame.seq === undefined ? change : counted(change, frame.seq);
}

/**
 * A reaction does not tell the number of its message. Where the message is not held and there is a hole, it may stand in the hole:
 * then the reaction is not counted, and a sync brings both.
 * @param {View} view  @param {Frame} frame
 */
function reacted(view, frame) {
  const held = view.find(frame.data.message_id);
  const { conversation } = view;
  if (!held) {
    const mayStandInHole = frame.seq !== undefined && frame.seq > conversation.through + 1;
    if (mayStandInHole) return { conversation: noticed(conversation, Number(frame.seq)), messages: [], late: frame.data };
    return counted({ conversation, messages: [], late: frame.data }, frame.seq ?? 0);
  }
  const message = merged(held, { ...held, ...reactionsOf(frame.data) });
  return counted({ conversation, messages: message === held ? [] : [message] }, frame.seq ?? 0);
}

/** @param {any} data */
function reactionsOf({ reactions, reactions_version }) {
  return { reactions, reactions_version };
}

/** What became of one delivery: it has the message's number, and is not counted. @param {View} view  @param {Frame} frame */
function reported(view, frame) {
  const { message_id: id, status, recipient_id: recipient, channel } = frame.data;
  const held = view.find(id);
  if (!held || !recipient || !channel) return null;
  const before = held.fates?.[recipient] ?? {};
  const now = higher(before[channel], status);
  if (now === before[channel]) return null;
  const fates = { ...held.fates, [recipient]: { ...before, [channel]: now } };
  return { conversation: view.conversation, messages: [{ ...held, fates }] };
}

/** @param {View} view  @param {Frame} frame */
function received(view, frame) {
  const { user_id: userId, delivered_seq: delivered, read_seq: read, version = 0 } = frame.data;
  const held = view.conversation.members.get(userId);
  const members = new Map(view.conversation.members);
  if (held) members.set(userId, { ...risen(held, delivered, read), receipts_version: Math.max(version, held.receipts_version ?? 0) });
  const conversation = { ...view.conversation, members };
  return { conversation: userId === view.me ? readUpTo(view, conversation, delivered, read) : conversation, messages: [] };
}

/** The user's own watermarks raised, and what is unread after it. @param {View} view  @param {Conversation} conversation  @param {number} delivered  @param {number} read */
export function readUpTo(view, conversation, delivered, read) {
  const risenTo = risen(conversation, delivered, read);
  if (risenTo.read_seq === conversation.read_seq) return risenTo;
  return { ...risenTo, unread: unread(view, risenTo, conversation.unread) };
}

/**
 * Messages of others behind the watermark: exact where all of them are held; else what was said, less what is known to be read.
 * @param {View} view  @param {Conversation} conversation  @param {number} before
 */
function unread(view, conversation, before) {
  const held = view.othersAfter(conversation.read_seq);
  return conversation.read_seq + 1 >= conversation.loaded_from ? held : Math.max(held, before - 1);
}

/** @template {{delivered_seq: number, read_seq: number}} T  @param {T} marks  @param {number} delivered  @param {number} read  @returns {T} */
function risen(marks, delivered = 0, read = 0) {
  const read_seq = Math.max(marks.read_seq, read);
  return { ...marks, read_seq, delivered_seq: Math.max(marks.delivered_seq, delivered, read_seq) };
}

/** @param {View} view  @param {Frame} frame */
function described(view, frame) {
  if (frame.data.deleted) return { conversation: view.conversation, messages: [], isStale: true };
  const isNewer = frame.data.updated_at >= view.conversation.updated_at;
  const conversation = isNewer ? { ...view.conversation, ...ownFields(frame.data) } : view.conversation;
  return { conversation, messages: [], isStale: !hasMembers(conversation, frame.data.members ?? []) };
}

/** Whether these are the members that are known. @param {Conversation} conversation  @param {any[]} members */
function hasMembers(conversation, members) {
  return members.length === conversation.members.size && members.every((one) => conversation.members.get(one.user_id)?.role === one.role);
}

/** @param {any} document */
function ownFields({ title, metadata, updated_at }) {
  return { title, metadata, updated_at };
}

/** @param {View} view  @param {Frame} frame */
function joinedOrLeft(view, frame) {
  const { user_id: userId, role, joined, version = 0 } = frame.data;
  const { conversation } = view;
  const held = conversation.members.get(userId);
  if (held && (held.version ?? 0) > version) return null;
  if (!joined && userId === view.me) return { conversation, messages: [], isStale: true }; // it may be old news: who looks is told
  const members = new Map(conversation.members);
  if (joined) members.set(userId, { channels: [], delivered_seq: 0, read_seq: 0, ...held, role, version });
  else members.delete(userId);
  // Of a member whose version is not known this may be old news, and of a new one the document says more.
  const isStale = held?.version === undefined;
  return { conversation: { ...conversation, members, member_count: members.size }, messages: [], isStale };
}

/** A message taken as it is given, where it is newer than what is held. @param {View} view  @param {Message} given  @returns {Effect} */
export function taken(view, given) {
  const held = view.at(given.seq);
  if (!held && given.seq < view.conversation.loaded_from) return { conversation: view.conversation, messages: [], late: given };
  const message = merged(held, given);
  if (message === held) return { conversation: view.conversation, messages: [] };
  const conversation = withLast(view.conversation, message);
  const isNews = !held && message.sender_id !== view.me && message.seq > conversation.read_seq;
  return { conversation: isNews ? { ...conversation, unread: conversation.unread + 1 } : conversation, messages: [message] };
}

/** @param {Conversation} conversation  @param {Message} message  @returns {Conversation} */
export function withLast(conversation, message) {
  const last = conversation.last_message;
  if (last && last.seq > message.seq) return conversation;
  const isNew = !last || last.seq < message.seq;
  const at = isNew && message.created_at > conversation.last_activity_at ? message.created_at : conversation.last_activity_at;
  return { ...conversation, last_message: previewOf(message), last_activity_at: at };
}

/**
 * The newer of two states of a message: its text by `revision`, its reactions by `reactions_version`, its status as high as either
 * says; `held` itself where nothing is newer.
 * @param {Message | undefined} held  @param {Message} given  @returns {Message}
 */
export function merged(held, given) {
  if (!held) return given;
  const hasText = (given.revision ?? 0) > (held.revision ?? 0);
  const hasReactions = (given.reactions_version ?? 0) > (held.reactions_version ?? 0);
  const status = higher(held.status, given.status);
  if (!hasText && !hasReactions && status === held.status) return held;
  const message = { ...(hasText ? given : held), ...reactionsOf(hasReactions ? given : held) };
  if (message.deleted_at) message.reactions = {};
  if (message.reactions_version === undefined) delete message.reactions_version;
  if (status !== undefined) message.status = status;
  if (held.fates) message.fates = held.fates;
  return message;
}

/** The same, its number counted. @param {Effect} change  @param {number} seq  @returns {Effect} */
function counted(change, seq) {
  return { ...change, conversation: advanced(change.conversation, change.conversation.through, [seq]) };
}

/**
 * `through` moved as far as the numbers reach without a hole.
 * @param {Conversation} conversation  @param {number} through  @param {number[]} [more]  @returns {Conversation}
 */
export function advanced(conversation, through, more = []) {
  const beyond = [...new Set([...conversation.beyond, ...more])].filter((seq) => seq > through).sort((a, b) => a - b);
  let reached = through;
  while (beyond[0] === reached + 1) reached = Number(beyond.shift());
  if (reached === conversation.through && beyond.length === conversation.beyond.length) return conversation;
  return { ...conversation, through: reached, beyond: beyond.slice(0, BEYOND_MAX), ...told(conversation, beyond) };
}

/** @param {Conversation} conversation  @param {number[]} beyond */
function told(conversation, beyond) {
  return { told_of: Math.max(conversation.told_of ?? 0, beyond.at(-1) ?? 0) };
}

/** There is something up to `seq`; whether it is held is another matter. @param {Conversation} conversation  @param {number} seq  @returns {Conversation} */
export function noticed(conversation, seq) {
  return (conversation.told_of ?? 0) >= seq ? conversation : { ...conversation, told_of: seq };
}

/** Whether something is missing that was told of. @param {Conversation} conversation */
export function hasHole(conversation) {
  return (conversation.told_of ?? 0) > conversation.through;
}

/** Messages of a page, with what was told of them while it was on its way. @param {Message[]} messages  @param {any[]} late  @returns {Message[]} */
export function withLate(messages, late) {
  return messages.map((message) => {
    let newest = message;
    for (const one of late.filter((told) => told.message_id === message.message_id)) {
      newest = merged(newest, one.seq === undefined ? { ...newest, ...reactionsOf(one) } : one);
    }
    return newest;
  });
}
