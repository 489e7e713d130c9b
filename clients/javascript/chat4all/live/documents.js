// What the API's document of a conversation makes of what is held: pure.

import { advanced, noticed, readUpTo } from "./rules.js";

/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").Member} Member */

/** Behind by more entries than this, what is held is forgotten, and loaded again where somebody looks. */
export const FAR = 5_000;

/**
 * A conversation of which nothing is held yet. Whatever there is up to `last_seq` is applied to what a later read shows, so that
 * what is missed from there on comes by sync, and what is before it by pages.
 * @param {any} document  @param {Conversation} [before] what was held of it and is too old  @returns {Conversation}
 */
export function adopted(document, before) {
  const { id, type, title, metadata, created_by, created_at, updated_at, last_activity_at, last_message, member_count } = document;
  return {
    ...{ id, type, title, metadata, created_by, created_at, updated_at, last_activity_at, last_message, member_count },
    members: document.members ? membersOf(document.members, before) : (before?.members ?? new Map()),
    ...{ delivered_seq: document.delivered_seq, read_seq: document.read_seq, unread: document.unread_count },
    ...{ loaded_from: document.last_seq + 1, through: document.last_seq, told_of: document.last_seq, beyond: [] },
  };
}

/** Whether it is further than sync should go. @param {Conversation} held  @param {any} document */
export function isFar(held, document) {
  return document.last_seq - held.through > FAR;
}

/** @param {import("./rules.js").View} view  @param {any} document  @returns {Conversation} */
export function refreshed(view, document) {
  const held = view.conversation;
  const { title, metadata, updated_at, member_count } = document.updated_at >= held.updated_at ? document : held;
  const members = document.members ? membersOf(document.members, held) : held.members;
  const isLater = (document.last_message?.seq ?? 0) > (held.last_message?.seq ?? 0);
  const last = isLater ? { last_message: document.last_message } : {};
  const at = document.last_activity_at > held.last_activity_at ? document.last_activity_at : held.last_activity_at;
  const described = { ...held, title, metadata, updated_at, member_count, members, ...last, last_activity_at: at };
  const read = readUpTo(view, described, document.delivered_seq, document.read_seq);
  return noticed(withUnread(view, read, document), document.last_seq);
}

/** Where not all that is unread is held, the server's number counts. @param {import("./rules.js").View} view  @param {Conversation} conversation  @param {any} document */
function withUnread(view, conversation, document) {
  if (conversation.read_seq + 1 >= conversation.loaded_from || conversation.read_seq > document.read_seq) return conversation;
  return { ...conversation, unread: document.unread_count + view.othersAfter(document.last_seq) };
}

/** Members as they are listed; watermarks never fall. @param {any[]} listed  @param {Conversation} [held] */
function membersOf(listed, held) {
  /** @type {Map<string, Member>} */
  const members = new Map();
  for (const { user_id: userId, ...given } of listed) {
    const before = held?.members.get(userId);
    const read_seq = Math.max(given.read_seq, before?.read_seq ?? 0);
    members.set(userId, { ...before, ...given, read_seq, delivered_seq: Math.max(given.delivered_seq, before?.delivered_seq ?? 0) });
  }
  return members;
}

/** What `sync.done` says. @param {Conversation} conversation  @param {number} through */
export function complete(conversation, through) {
  return advanced(conversation, Math.max(conversation.through, through));
}
