// A server for live clients in one page: HTTP calls and WebSockets over a network that loses, repeats and delays.

import { Conversation, Refused, changeFrame, time } from "./model.js";

const SYNC_MAX = 1_000;

export class Server {
  /** @param {{chance: import("./chance.js").Chance, clock: any, live: any, faults?: boolean}} given `live`: the client's module */
  constructor({ chance, clock, live, faults = true }) {
    this.errors = live;
    this.chance = chance;
    this.clock = clock;
    this.hasFaults = faults;
    this.isDown = false;
    this.conversations = new Map();
    this.sockets = new Set();
    this.users = new Map();
    this.presences = new Map();
    /** Frames and calls by kind. */
    this.seen = new Map();
    this.tokenLifeMs = 30 * 60_000;
    this.syncMax = SYNC_MAX;
  }

  add(members, type) {
    const conversation = new Conversation(crypto.randomUUID(), members, members[0], type);
    this.conversations.set(conversation.id, conversation);
    this.tell(conversation, members, { type: "conversation.updated", data: shared(conversation, members[0]) });
    return conversation;
  }

  of(user) {
    return [...this.conversations.values()].filter((one) => one.members.has(user));
  }

  /** Tell members' connections, once each as a rule. */
  tell(conversation, users, frame) {
    const whole = structuredClone({ conversation_id: conversation.id, time: time(conversation.last), ...frame });
    for (const socket of this.sockets) if (users.includes(socket.user)) socket.event(whole);
  }

  /** To be called by the driver and by requests: what a user does. */
  act(user, conversation, what, given) {
    const members = () => [...conversation.members.keys()];
    if (what === "send") {
      const { message, isNew } = conversation.send(user, given);
      if (isNew) this.tell(conversation, members(), { type: "message.created", seq: message.seq, data: message });
      return { status: "accepted", message_id: message.message_id, conversation_id: conversation.id, seq: message.seq, created_at: message.created_at };
    }
    if (what === "change" || what === "react") {
      const { message, seq } = what === "change" ? conversation.change(user, given.id, given.content) : conversation.react(user, given.id, given.emoji, given.remove);
      const kind = what === "react" ? "react" : given.content === undefined ? "delete" : "edit";
      if (seq) this.tell(conversation, members(), changeFrame(kind, seq, message));
      return changeFrame(kind, seq, message).data;
    }
    if (what === "receive") {
      if (conversation.receive(user, given)) this._tellMarks(conversation, user);
      const { delivered_seq, read_seq } = conversation.member(user);
      return { conversation_id: conversation.id, user_id: user, delivered_seq, read_seq };
    }
    throw new Error(what);
  }

  join(conversation, user) {
    const version = conversation.join(user);
    this._tellMember(conversation, user, version, true);
  }

  leave(conversation, user) {
    const version = conversation.leave(user);
    this._tellMember(conversation, user, version, false);
  }

  rename(conversation, title) {
    conversation.title = title;
    conversation.updated += 1;
    const users = [...conversation.members.keys()];
    this.tell(conversation, users, { type: "conversation.updated", data: shared(conversation, users[0]) });
  }

  /** The HTTP API as one user's device sees it. */
  api(user) {
    return { request: (method, path, more = {}) => this._request(user, method, path, more) };
  }

  session(user) {
    const session = new EventTarget();
    let number = 0;
    const grant = () => ({ token: `${user}.${++number}`, until: this.clock.now() + this.tokenLifeMs });
    let now = grant();
    return Object.assign(session, {
      userId: user,
      token: async (refused = "") => {
        if (now.token === refused || this.clock.now() > now.until - 60_000) now = grant();
        this.tokens ??= new Map();
        this.tokens.set(now.token, now.until);
        return now.token;
      },
      signOut: async () => {
        session.userId = null;
        session.dispatchEvent(new CustomEvent("ended", { detail: { why: "signed_out" } }));
      },
    });
  }

  /** A class in the place of WebSocket. */
  get WebSocket() {
    const server = this;
    return class extends Socket {
      constructor(url, protocols) {
        super(server, url, protocols);
      }
    };
  }

  dropAll() {
    for (const socket of [...this.sockets]) socket.drop();
  }

  count(kind) {
    this.seen.set(kind, (this.seen.get(kind) ?? 0) + 1);
  }

  _tellMarks(conversation, user) {
    const { delivered_seq, read_seq, receipts_version: version } = conversation.member(user);
    const data = { user_id: user, delivered_seq, read_seq, version };
    this.tell(conversation, [...conversation.members.keys()], { type: "receipt.updated", data });
  }

  _tellMember(conversation, user, version, joined) {
    const users = [...new Set([...conversation.members.keys(), user])];
    this.tell(conversation, users, { type: "member.updated", data: { user_id: user, role: "member", joined, version } });
  }

  async _request(user, method, path, { body, signal }) {
    const { ApiError, NetworkError } = this.errors;
    this.count(`${method} ${path.split("?")[0].replace(/[0-9a-f-]{36}/g, "{id}").replace(/reactions\/.*/, "reactions/{emoji}")}`);
    await this._pass(signal);
    const fault = this.hasFaults ? this.chance.next() : 1;
    if (this.isDown || fault < 0.04) throw new NetworkError("lost on the way there");
    if (fault < 0.06) throw new ApiError(503, { detail: "busy" }, null);
    let answer;
    try {
      answer = structuredClone(this._answer(user, method, new URL(path, "http://server"), body) ?? null);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new ApiError(error.status, { code: error.code, detail: error.code });
    }
    await this._pass(signal);
    if (fault < 0.1) throw new NetworkError("lost on the way back");
    return answer;
  }

  _pass(signal) {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new this.errors.NetworkError("aborted")));
      this.clock.setTimeout(resolve, this.hasFaults ? 20 + this.chance.number(300) : 20);
    });
  }

  _answer(user, method, { pathname: path, searchParams: query }, body) {
    const [, , noun, id, sub, third] = path.split("/");
    if (noun === "conversations" && method === "GET" && !sub) return id ? this._find(user, id).document(user, true) : this._list(user, query);
    if (sub === "messages") return this._find(user, id).newest(Number(query.get("before_seq") ?? Infinity), Number(query.get("limit")));
    if (noun === "messages" && method === "POST") return this.act(user, this._find(user, body.conversation_id), "send", body);
    if (noun === "messages" && sub === "reactions") return this.act(user, this._holding(id), "react", { id, emoji: decodeURIComponent(third), remove: method === "DELETE" });
    if (noun === "messages" && method === "GET") return this._holding(id).view(this._holding(id).messages.get(id));
    if (noun === "messages" && method === "PATCH") return this.act(user, this._holding(id), "change", { id, content: body.content });
    if (noun === "messages" && method === "DELETE") return this.act(user, this._holding(id), "change", { id });
    if (noun === "users" && query.has("ids")) return { items: query.get("ids").split(",").map((one) => ({ id: one, username: this.users.get(one) ?? one })), next_cursor: null };
    if (noun === "users" && id === "me") return { id: user };
    throw new Refused(404, "route");
  }

  _list(user, query) {
    const from = Number(query.get("cursor") ?? 0);
    const mine = this.of(user);
    const to = from + Math.min(Number(query.get("limit")), 3);
    return { items: mine.slice(from, to).map((one) => one.document(user, false)), next_cursor: to < mine.length ? String(to) : null };
  }

  _find(user, id) {
    const conversation = this.conversations.get(id);
    if (!conversation) throw new Refused(404, "not_found");
    conversation.member(user);
    return conversation;
  }

  _holding(messageId) {
    const found = [...this.conversations.values()].find((one) => one.messages.has(messageId));
    if (!found) throw new Refused(404, "not_found");
    return found;
  }
}

class Socket extends EventTarget {
  constructor(server, url, protocols) {
    super();
    this.server = server;
    this.protocols = protocols;
    const token = String(protocols[1]).replace("bearer.", "");
    this.user = token.split(".")[0];
    this.until = server.tokens?.get(token) ?? Infinity;
    this.isOpen = false;
    this._out = Promise.resolve();
    this._delay(50).then(() => {
      if (this.isClosed) return;
      if (server.isDown || (server.hasFaults && server.chance.is(0.1))) return this.drop();
      this.isOpen = true;
      server.sockets.add(this);
      this.dispatchEvent(new Event("open"));
    });
  }

  send(text) {
    void this._delay(20).then(() => this.isOpen && this._take(JSON.parse(text)));
  }

  close() {
    this.drop();
  }

  drop() {
    if (this.isClosed) return;
    this.isClosed = true;
    this.isOpen = false;
    this.server.sockets.delete(this);
    this.dispatchEvent(new Event("close"));
  }

  /** An event: lost, twice, or again later, at times. */
  event(frame) {
    const { chance, hasFaults } = this.server;
    if (hasFaults && chance.is(0.01)) return;
    const late = hasFaults && chance.is(0.05);
    if (late) void this._delay(200 + chance.number(3000)).then(() => this.push(frame));
    else this.push(frame);
    if (hasFaults && chance.is(0.06)) void this._delay(chance.number(20_000)).then(() => this.push(frame));
    if (hasFaults && chance.is(0.002)) this.drop();
  }

  /** In order. */
  push(frame) {
    const text = JSON.stringify(frame);
    const late = () => (this.server.hasFaults ? this._delay(this.server.chance.number(30)) : undefined);
    this._out = this._out.then(late).then(() => {
      if (this.isOpen) this.dispatchEvent(new MessageEvent("message", { data: text }));
    });
  }

  async _take({ action, id, data }) {
    this.server.count(action);
    if (this.server.hasFaults && this.server.chance.is(0.01)) return this.drop();
    if (this.server.clock.now() > this.until) {
      this.push({ type: "error", id: null, error: { status: 401, code: "token_expired" } });
      return void this._out.then(() => this.drop());
    }
    try {
      this.push({ type: "ack", id, data: this._answer(action, data) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.push({ type: "error", id, error: { status: error.status, code: error.code, detail: error.code } });
    }
  }

  _answer(action, data) {
    if (action === "sync") return this._sync(data.conversations ?? {});
    if (action === "receipt") return this.server.act(this.user, this.server._find(this.user, data.conversation_id), "receive", data);
    if (action === "heartbeat") return this._heartbeat(data);
    if (action === "typing") return this._typing(data);
    throw new Refused(400, "unknown_action");
  }

  _sync(wanted) {
    const through = {};
    let left = this.server.syncMax;
    if (this.server.hasFaults && this.server.chance.is(0.05)) throw new Refused(503, "unavailable");
    for (const [id, after] of Object.entries(wanted)) {
      const conversation = this.server.conversations.get(id);
      if (!conversation?.members.has(this.user)) continue;
      const missed = left > 0 ? conversation.missed(after, left) : { frames: [], through: after };
      for (const frame of missed.frames) this.push(frame);
      left -= missed.frames.length;
      through[id] = missed.through;
      if (missed.through < conversation.last) left = Math.min(left, 0);
    }
    const other = this.server.of(this.user).map((one) => one.id).filter((id) => !(id in wanted));
    this.push({ type: "sync.done", time: time(0), data: { conversations: through, other, more: left <= 0 } });
    return { messages: this.server.syncMax - left };
  }

  _heartbeat({ conversation_id: id, token }) {
    if (token) this.until = this.server.tokens.get(token) ?? 0;
    const now = this.server.clock.now();
    const answer = { time: new Date(now).toISOString(), interval: 30, token_expires_at: new Date(this.until === Infinity ? now + 1e9 : this.until).toISOString() };
    if (this.server.hasMissed) answer.sync = true;
    if (!id) return answer;
    const members = [...this.server._find(this.user, id).members.keys()];
    return { ...answer, presence: members.map((user_id) => this.server.presences.get(user_id) ?? { user_id, status: "offline" }) };
  }

  _typing({ conversation_id: id, stopped }) {
    const conversation = this.server._find(this.user, id);
    const others = [...conversation.members.keys()].filter((user) => user !== this.user);
    const data = { user_id: this.user, expires_in: stopped ? 0 : 6 };
    this.server.tell(conversation, others, { type: "typing", data });
    return { expires_in: data.expires_in };
  }

  _delay(ms) {
    return new Promise((resolve) => this.server.clock.setTimeout(resolve, ms));
  }
}

function shared(conversation, user) {
  const { unread_count: _u, delivered_seq: _d, read_seq: _r, ...document } = conversation.document(user, true);
  return document;
}
