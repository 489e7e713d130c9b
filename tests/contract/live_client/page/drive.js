// Drives several devices of several users at a server that is right by construction, and tells in what their stores differ from it.

import { Chance } from "./chance.js";
import { inFlight } from "./in_flight.js";
import { Server } from "./server.js";
import { VirtualClock } from "./virtual_clock.js";

const USERS = ["ana", "bia", "caio"];
const EMOJIS = ["👍", "❤️", "😂"];
const SETTLED_WITHIN_MS = 10 * 60_000;

const { randomUUID, getRandomValues } = crypto;
/** An id that no other run has. */
const unlike = () => randomUUID.call(crypto);

/** One browser profile: one or two tabs on one database. */
class Device {
  constructor(live, server, user, number) {
    Object.assign(this, { live, server, user, name: `drive.${unlike()}.${number}` });
    this.session = server.session(user);
    this.tabs = [];
    /** Ids by conversation, in the order in which each tab has sent them. */
    this.sent = [];
  }

  async open() {
    const { server, session, user } = this;
    const { WebSocket } = server;
    const random = server.chance.next;
    const given = { session, api: server.api(user), websocketUrl: "ws://server", storeName: this.name, clock: server.clock, random, WebSocket };
    const tab = await this.live.LiveClient.open(given);
    this.tabs.push(tab);
    this.sent.push(new Map());
    tab.order = this.sent.at(-1);
    return tab;
  }

  /** The page is gone at once; what it had not written by then may be lost. */
  async crash(tab, isKind) {
    if (isKind) await tab._core.writer.idle();
    else for (const ids of tab.order.values()) this.maybe(ids, tab);
    this.tabs.splice(this.tabs.indexOf(tab), 1);
    tab.close();
  }

  maybe(ids, tab) {
    for (const id of ids) if (tab._core.held.entries.has(id)) (this.lost ??= new Set()).add(id);
  }

  send(tab, conversation, message) {
    const id = tab.send(conversation.id, message);
    const ids = tab.order.get(conversation.id) ?? [];
    tab.order.set(conversation.id, [...ids, id]);
  }
}

/** @param {any} live the module of the client  @param {{seed: number, messages: number}} given */
export async function drive(live, given) {
  const clock = new VirtualClock();
  const ids = new Chance(given.seed);
  Object.assign(crypto, { randomUUID: () => ids.id(), getRandomValues: (bytes) => bytes.map(() => ids.number(256)) });
  void clock.run();
  try {
    return await driven(live, clock, given);
  } finally {
    clock.stop();
    Object.assign(crypto, { randomUUID, getRandomValues });
  }
}

async function driven(live, clock, { seed, messages }) {
  const chance = new Chance(seed);
  const server = new Server({ chance, clock, live });
  globalThis.driving = () => ({ time: new Date(clock.now()).toISOString(), inFlight: inFlight(), ...said(server) });
  server.syncMax = 60;
  const conversations = [["ana", "bia"], ["ana", "bia", "caio"], ["bia", "caio"], ["caio", "ana"]].map((members) => server.add(members));
  for (const conversation of conversations) for (let n = chance.number(150); n > 0; n--) say(server, chance, conversation);
  const devices = [["ana", 1], ["ana", 2], ["bia", 3]].map(([user, number]) => new Device(live, server, user, number));
  for (const device of devices) await device.open();
  const broken = [];
  const began = clock.now();
  for (let written = total(conversations); total(conversations) < written + messages; ) {
    await step({ server, chance, conversations, devices });
    if (chance.is(0.05)) broken.push(...devices.flatMap((device) => device.tabs.flatMap(disordered)));
    await clock.sleep(chance.is(0.2) ? 2000 : 20);
  }
  server.hasFaults = false;
  server.isDown = false;
  for (const device of devices) if (!device.tabs.length) await device.open();
  server.dropAll();
  const differences = [...new Set(broken), ...(await settled(server, devices))];
  for (const device of devices) differences.push(...(await kept(server, device)));
  for (const device of devices) for (const tab of device.tabs) tab.close();
  return { differences: differences.slice(0, 10), written: total(conversations), minutes: Math.round((clock.now() - began) / 60_000), seen: Object.fromEntries(server.seen) };
}

async function step({ server, chance, conversations, devices }) {
  const conversation = chance.of(conversations);
  const device = chance.of(devices);
  const tab = device.tabs.length ? chance.of(device.tabs) : await device.open();
  const kind = chance.next();
  if (kind < 0.3) talk(chance, device, tab, conversation);
  else if (kind < 0.55) say(server, chance, conversation);
  else if (kind < 0.6) reactedAtOnce(server, chance, conversation);
  else if (kind < 0.7) change(server, chance, conversation);
  else if (kind < 0.78) own(chance, tab, conversation);
  else if (kind < 0.86) tab.read(conversation.id, tab.messages(conversation.id).at(-1 - chance.number(3))?.seq ?? 0);
  else if (kind < 0.9) tab.older(conversation.id, 1 + chance.number(60)).catch(() => {});
  else if (kind < 0.92) conversation.skip();
  else if (kind < 0.93) server.rename(conversation, `title ${chance.number(1000)}`);
  else if (kind < 0.94) comeOrGo(server, chance, conversation);
  else if (kind < 0.96) await device.crash(tab, chance.is(0.7));
  else if (kind < 0.97 && device.tabs.length < 2) await device.open();
  else if (kind < 0.975) server.isDown = !server.isDown;
  else if (kind < 0.985) [...server.sockets][0]?.drop();
  else if (kind < 0.987) for (let n = 0; n < 80; n++) say(server, chance, conversation);
  else tab.watch(chance.is(0.5) ? conversation.id : null);
}

function talk(chance, device, tab, conversation) {
  if (!conversation.members.has(device.user)) return;
  const held = tab.messages(conversation.id).filter((one) => one.seq && !one.local);
  const answered = held.length && chance.is(0.2) ? { reply_to: chance.of(held).message_id } : {};
  for (let n = 1 + chance.number(3); n > 0; n--) device.send(tab, conversation, { content: `${device.user} ${chance.number(1e6)}`, ...answered });
}

/** Somebody without a client of ours. */
function say(server, chance, conversation) {
  const user = chance.of([...conversation.members.keys()]);
  const message_id = crypto.randomUUID();
  server.act(user, conversation, "send", { message_id, content: `said ${chance.number(1e6)}` });
  return message_id;
}

/** By a program: both are told at once, and the reaction may overtake its message. */
function reactedAtOnce(server, chance, conversation) {
  const id = say(server, chance, conversation);
  server.act(chance.of([...conversation.members.keys()]), conversation, "react", { id, emoji: chance.of(EMOJIS) });
}

function change(server, chance, conversation) {
  const message = conversation.messages.size ? chance.of([...conversation.messages.values()].slice(-60)) : null;
  const user = message && [...conversation.members.keys()].find((one) => one === message.sender_id);
  if (!user || message.deleted_at) return;
  if (chance.is(0.5)) server.act(user, conversation, "react", { id: message.message_id, emoji: chance.of(EMOJIS), remove: chance.is(0.3) });
  else server.act(user, conversation, "change", { id: message.message_id, content: chance.is(0.2) ? undefined : `edited ${chance.number(1e6)}` });
  if (chance.is(0.3)) server.act(user, conversation, "receive", { read_seq: message.seq });
}

/** The client's own calls. */
function own(chance, tab, conversation) {
  const held = tab.messages(conversation.id).filter((one) => one.seq && !one.deleted_at);
  if (!held.length) return;
  const message = chance.of(held);
  const ignored = () => {};
  if (message.sender_id !== tab.userId || chance.is(0.5)) tab.react(message.message_id, chance.of(EMOJIS), chance.is(0.3)).catch(ignored);
  else if (chance.is(0.2)) tab.unsend(message.message_id).catch(ignored);
  else tab.edit(message.message_id, `anew ${chance.number(1e6)}`).catch(ignored);
}

function comeOrGo(server, chance, conversation) {
  const user = chance.of(USERS);
  if (!conversation.members.has(user)) server.join(conversation, user);
  else if (conversation.members.size > 1) server.leave(conversation, user);
}

/** What nobody may ever see. */
function disordered(tab) {
  return tab.conversations().flatMap(({ id }) => {
    const shown = tab.messages(id);
    const ids = new Set(shown.map((one) => one.message_id));
    const numbered = shown.filter((one) => one.seq);
    const isOrdered = numbered.every((one, at) => !at || numbered[at - 1].seq < one.seq);
    return ids.size === shown.length && isOrdered ? [] : [`shown twice or out of order in ${id}`];
  });
}

async function settled(server, devices) {
  const deadline = server.clock.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const differences = (await Promise.all(devices.flatMap((device) => device.tabs.map((tab) => differs(server, device.user, tab))))).flat();
    differences.push(...devices.flatMap((device) => unsent(server, device)));
    if (!differences.length || server.clock.now() > deadline) return differences;
    await server.clock.sleep(2_000);
  }
}

/** In what a client differs from the server. */
async function differs(server, user, tab) {
  await tab._core.writer.idle();
  if (tab.state !== "live") return [`${user} is ${tab.state}`];
  const mine = server.of(user).map((one) => one.id).sort();
  const held = tab.conversations().map((one) => one.id).sort();
  if (String(mine) !== String(held)) return [`${user} has ${held.length} conversations of ${mine.length}`];
  const found = [...tab._core.held.entries.values()].map((one) => `${user}: waits: ${JSON.stringify(one)}`);
  if (tab._core.held.marks.size) found.push(`${user}: marks wait`);
  for (const id of mine) {
    await tab._core.writer.run(() => tab._core.writer.load(id));
    found.push(...inConversation(server.conversations.get(id), user, tab));
  }
  return found;
}

function inConversation(conversation, user, tab) {
  const held = tab.conversation(conversation.id);
  const where = `${user} in ${conversation.id.slice(0, 8)}`;
  if (!held) return [`${where}: gone`];
  const found = [];
  const member = conversation.members.get(user);
  const expect = (what, given, wanted) => given !== wanted && found.push(`${where}: ${what} ${given}, not ${wanted}`);
  expect("through", held.through, conversation.last);
  expect("title", held.title, conversation.title);
  expect("read", held.read_seq, member.read_seq);
  expect("delivered", held.delivered_seq, member.delivered_seq);
  if (held.loaded_from <= held.read_seq + 1) expect("unread", held.unread, conversation.unread(user));
  expect("last", held.last_message?.preview, conversation.document(user, false).last_message?.preview);
  expect("members", plain([...held.members].map(([id, one]) => [id, one.delivered_seq, one.read_seq]).sort()), plain([...conversation.members].map(([id, one]) => [id, one.delivered_seq, one.read_seq]).sort()));
  return [...found, ...messagesOf(conversation, held, tab, where)];
}

function messagesOf(conversation, held, tab, where) {
  const wanted = [...conversation.messages.values()].filter((one) => one.seq >= held.loaded_from);
  const shown = tab.messages(conversation.id).filter((one) => one.seq);
  if (shown.length !== wanted.length) return [`${where}: ${shown.length} messages of ${wanted.length}`];
  const found = [];
  for (const [at, message] of wanted.entries()) {
    const { status: _status, fates: _fates, ...given } = shown[at];
    if (plain(given) !== plain(message)) found.push(`${where}: ${plain(given)}, not ${plain(message)}`);
    if (message.sender_id === tab.userId && !conversation.hasLostMembers && tab.statusOf(shown[at]) !== conversation.status(message)) {
      found.push(`${where}: ${message.seq} is ${tab.statusOf(shown[at])}, not ${conversation.status(message)}`);
    }
  }
  return found;
}

/** Own messages that did not arrive, or not in order. */
function unsent(server, device) {
  return device.sent.flatMap((order) =>
    [...order].flatMap(([id, ids]) => {
      const conversation = server.conversations.get(id);
      const seqs = ids.map((one) => conversation.messages.get(one)?.seq).filter((seq) => seq !== undefined);
      const missing = ids.filter((one) => !conversation.messages.has(one) && !device.lost?.has(one));
      const isOrdered = seqs.every((seq, at) => !at || seqs[at - 1] < seq);
      const mayMiss = conversation.hasLostMembers;
      return [...(isOrdered ? [] : [`${device.user}: sent out of order`]), ...(missing.length && !mayMiss ? [`${device.user}: ${missing.length} never sent`] : [])];
    }),
  );
}

/** What a visit without any connection would show: the same. */
async function kept(server, device) {
  for (const tab of device.tabs.splice(0)) tab.close();
  server.isDown = true;
  const tab = await device.open();
  const found = [];
  for (const { id } of server.of(device.user)) {
    await tab._core.writer.run(() => tab._core.writer.load(id));
    found.push(...inConversation(server.conversations.get(id), device.user, tab).map((one) => `kept: ${one}`));
  }
  server.isDown = false;
  return found;
}

/** As text, whatever the order of the fields. */
function plain(value) {
  return JSON.stringify(value, (_, one) =>
    one && typeof one === "object" && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
  );
}

/** What a run that does not end is at. */
function said({ hasFaults, isDown, seen, conversations }) {
  return { hasFaults, isDown, seen: Object.fromEntries(seen), written: total([...conversations.values()]) };
}

function total(conversations) {
  return conversations.reduce((sum, one) => sum + one.messages.size, 0);
}
