// What the server holds: conversations as sequences of entries, right by construction (docs/clients.md, "Numbers").

const PAGE_MAX = 100;

export class Refused extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

export class Conversation {
  constructor(id, members, owner, type = "group") {
    this.id = id;
    this.type = type;
    this.title = `title ${id.slice(0, 4)}`;
    this.updated = 0;
    this.version = 0;
    /** Entry n stands at n - 1: {kind: "message" | "edit" | "delete" | "react" | "void", message?}. */
    this.entries = [];
    this.messages = new Map();
    this.members = new Map(members.map((user) => [user, newMember(user === owner ? "owner" : "member", 0)]));
  }

  get last() {
    return this.entries.length;
  }

  member(user) {
    const member = this.members.get(user);
    if (!member) throw new Refused(404, "not_found");
    return member;
  }

  /** A number that nobody used. */
  skip() {
    this.entries.push({ kind: "void" });
  }

  send(user, { message_id, type = "text", content, reply_to }) {
    this.member(user);
    const known = this.messages.get(message_id);
    if (known) {
      if (known.content !== content && !known.revision) throw new Refused(409, "message_id_reused");
      return { message: known, isNew: false };
    }
    if (content === "refused") throw new Refused(400, "invalid");
    if (content === "garbled" && !this.hasGarbled) {
      this.hasGarbled = true;
      throw new Refused(400, undefined);
    }
    if (reply_to && !this.messages.has(reply_to)) throw new Refused(400, "invalid");
    const seq = this.last + 1;
    const message = {
      ...{ message_id, conversation_id: this.id, seq, sender_id: user, channel: "in_app", type, content, reactions: {} },
      ...{ created_at: time(seq), ...(reply_to ? { reply_to } : {}) },
    };
    this.entries.push({ kind: "message", message });
    this.messages.set(message_id, message);
    return { message, isNew: true };
  }

  change(user, id, content) {
    this.member(user);
    const message = this.messages.get(id);
    if (!message) throw new Refused(404, "not_found");
    if (message.sender_id !== user) throw new Refused(403, "forbidden");
    if (message.deleted_at && content !== undefined) throw new Refused(409, "message_deleted");
    if (message.deleted_at || message.content === content) return { message, seq: 0 };
    const seq = this.last + 1;
    this.entries.push({ kind: content === undefined ? "delete" : "edit", message });
    message.revision = seq;
    if (content === undefined) {
      delete message.content;
      message.deleted_at = time(seq);
      message.reactions = {};
    } else {
      message.content = content;
      message.edited_at = time(seq);
    }
    return { message, seq };
  }

  react(user, id, emoji, isRemoved) {
    this.member(user);
    const message = this.messages.get(id);
    if (!message) throw new Refused(404, "not_found");
    if (message.deleted_at) throw new Refused(409, "message_deleted");
    const users = message.reactions[emoji] ?? [];
    if (users.includes(user) !== Boolean(isRemoved)) return { message, seq: 0 };
    const seq = this.last + 1;
    const left = isRemoved ? users.filter((one) => one !== user) : [...users, user].sort();
    message.reactions = { ...message.reactions, [emoji]: left };
    if (!left.length) delete message.reactions[emoji];
    message.reactions_version = (message.reactions_version ?? 0) + 1;
    this.entries.push({ kind: "react", message });
    return { message, seq };
  }

  /** True where a watermark has risen. */
  receive(user, { delivered_seq = 0, read_seq = 0 }) {
    const member = this.member(user);
    if (Math.max(delivered_seq, read_seq) > this.last) throw new Refused(400, "invalid");
    const read = Math.max(member.read_seq, read_seq);
    const delivered = Math.max(member.delivered_seq, delivered_seq, read);
    if (read === member.read_seq && delivered === member.delivered_seq) return false;
    Object.assign(member, { read_seq: read, delivered_seq: delivered, receipts_version: member.receipts_version + 1 });
    return true;
  }

  join(user) {
    this.members.set(user, newMember("member", this.last));
    return ++this.version;
  }

  leave(user) {
    this.members.delete(user);
    this.hasLostMembers = true;
    return ++this.version;
  }

  /** A message as any read has it. */
  view(message) {
    return { ...structuredClone(message), status: this.status(message) };
  }

  status(message) {
    const others = [...this.members].filter(([user, member]) => user !== message.sender_id && member.joined_seq < message.seq);
    if (!others.length) return "sent";
    const all = (mark) => others.every(([, member]) => member[mark] >= message.seq);
    return all("read_seq") ? "read" : all("delivered_seq") ? "delivered" : "sent";
  }

  newest(before, limit) {
    const below = this.entries.slice(0, before - 1).filter((entry) => entry.kind === "message");
    const items = below.slice(-Math.min(limit, PAGE_MAX)).reverse();
    return { items: items.map((entry) => this.view(entry.message)), next_cursor: below.length > items.length ? "older" : null };
  }

  /** Frames behind `after`, as sync has them. */
  missed(after, limit) {
    const frames = [];
    let through = after;
    for (const [at, { kind, message }] of this.entries.slice(after, after + limit).entries()) {
      const seq = after + at + 1;
      through = seq;
      if (kind === "message") frames.push({ type: "sync.message", seq, data: this.view(message) });
      else if (kind !== "void" && message.seq <= after) frames.push(changeFrame(kind, seq, message));
    }
    return { frames: frames.map((frame) => ({ ...frame, conversation_id: this.id, time: time(frame.seq) })), through };
  }

  unread(user) {
    const { read_seq } = this.member(user);
    return this.entries.slice(read_seq).filter(({ kind, message }) => kind === "message" && message.sender_id !== user).length;
  }

  document(user, hasMembers) {
    const own = this.member(user);
    const last = this.entries.findLast((entry) => entry.kind === "message")?.message;
    const shown = last && { message_id: last.message_id, seq: last.seq, sender_id: last.sender_id, type: last.type };
    const preview = last && { preview: (last.content ?? "").slice(0, 100), created_at: last.created_at };
    const changed = last && Object.fromEntries(["edited_at", "deleted_at"].filter((name) => last[name]).map((name) => [name, last[name]]));
    const document = {
      ...{ id: this.id, type: this.type, title: this.title, metadata: {}, created_by: "", created_at: time(0) },
      ...{ updated_at: time(this.updated), last_activity_at: last ? last.created_at : time(0), last_message: last ? { ...shown, ...preview, ...changed } : null },
      ...{ last_seq: this.last, member_count: this.members.size, unread_count: this.unread(user) },
      ...{ delivered_seq: own.delivered_seq, read_seq: own.read_seq },
    };
    return hasMembers ? { ...document, members: [...this.members].map(([id, member]) => memberView(id, member)) } : document;
  }
}

/** What tells of a change, at the moment of telling. */
export function changeFrame(kind, seq, message) {
  if (kind !== "react") return { type: message.deleted_at ? "message.deleted" : "message.updated", seq, data: structuredClone(message) };
  const { message_id, conversation_id, reactions, reactions_version = 0 } = message;
  return { type: "reaction.updated", seq, data: structuredClone({ message_id, conversation_id, reactions, reactions_version }) };
}

export function memberView(user_id, { role, delivered_seq, read_seq, joined_seq }) {
  return { user_id, role, channels: ["in_app"], delivered_seq, read_seq, joined_at: time(joined_seq + 0.5) };
}

/** Of a moment of a conversation: later ones are greater as texts. */
export function time(at) {
  return new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString();
}

function newMember(role, seq) {
  return { role, delivered_seq: seq, read_seq: seq, joined_seq: seq, receipts_version: 0 };
}
