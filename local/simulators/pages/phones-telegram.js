// Telegram's phones as the page sees all phones (`phones-column.js` says what a driver has).
import { call } from "./phones-http.js";

const KINDS = { image: "photo", video: "video", audio: "audio", voice: "voice", sticker: "sticker", document: "document" };
const nameOf = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

function messageOf(raw) {
  return {
    chat: String(raw.chat),
    id: String(raw.message_id),
    order: raw.message_id,
    mine: raw.from === "me",
    sender: raw.sender ?? "",
    at: raw.date * 1000,
    revision: raw.revision,
    deleted: raw.deleted,
    edited: Boolean(raw.edit_date),
    replyTo: raw.reply_to_message_id ? String(raw.reply_to_message_id) : null,
    text: raw.text ?? raw.caption ?? "",
    editable: raw.text !== undefined || raw.media !== undefined,
    media: raw.media ? [{ ...raw.media, kind: KIND_SHOWN[raw.media.kind] ?? raw.media.kind, round: raw.media.kind === "video_note" }] : [],
    location: raw.venue ? { ...raw.venue.location, name: raw.venue.title, address: raw.venue.address } : raw.location,
    contacts: raw.contact ? [{ name: nameOf(raw.contact), phone: raw.contact.phone_number }] : [],
    service: raw.service ?? "",
    forwarded: raw.forwarded_from ?? "",
    buttons: (raw.buttons ?? []).map((line) => line.map((one) => ({ title: one.text, press: one.data, url: one.url }))),
    answers: (raw.answers ?? []).flat(),
    reactions: (raw.reactions ?? []).map((one) => ({ emoji: one.emoji, mine: one.from === "me", name: one.from === "bot" ? "The bot" : one.name })),
    ticks: raw.from === "me" ? "sent" : "",
  };
}
const KIND_SHOWN = { photo: "image", animation: "animation", voice: "voice", video_note: "video" };

function accountState(bot) {
  const waiting = bot.pending_updates ? `${bot.pending_updates} waiting` : "";
  const hook = bot.webhook_url ? "webhook set" : "no webhook";
  return [hook, waiting, waiting && bot.last_error].filter(Boolean).join(", ");
}

function bodyOf(content) {
  if (content.location) return { location: content.location };
  if (content.contact) return { contact: { first_name: content.contact.name, phone_number: content.contact.phone } };
  if (content.text !== undefined) return { text: content.text };
  const media = content.files.map((file, number) => ({
    media_id: file.media_id, type: KINDS[file.kind], ...(number === 0 && content.caption ? { caption: content.caption } : {}),
  }));
  return media.length > 1 ? { album: media } : { media: media[0] };
}

export const telegram = {
  channel: "telegram",
  name: "Telegram",
  accountWord: "bot",
  emoji: ["👍", "❤", "🔥", "😁", "😢", "🙏"],
  kinds: Object.keys(KINDS),
  albums: true,
  needsStart: true,
  settingsPath: "/settings",

  canEdit: (message) => message.mine && message.editable,
  canUnsend: (message) => message.mine && !message.service,

  async people() {
    return (await call("GET", "/phones")).items.map((one) => ({ id: String(one.id), name: nameOf(one), detail: one.phone_number, phone: one.phone_number }));
  },
  async addPerson(name) {
    const one = await call("POST", "/phones", { first_name: name });
    return { id: String(one.id), name: nameOf(one), detail: one.phone_number, phone: one.phone_number };
  },
  async accounts() {
    return (await call("GET", "/bots")).items.map((bot) => ({
      id: String(bot.id), name: bot.name, detail: `@${bot.username}`, state: accountState(bot), troubled: Boolean(bot.pending_updates && bot.last_error),
    }));
  },
  async addAccount(name) {
    const bot = await call("POST", "/bots", { name });
    return { name: bot.name, secrets: { token: bot.token } };
  },
  async chats(person) {
    const { items, revision } = await call("GET", `/phones/${person.id}/chats`);
    const chats = items.map((one) => ({
      key: String(one.chat), account: String(one.bot_id), title: one.title ?? "", group: one.type !== "private", type: one.type,
      unread: 0, last: one.last_message && messageOf(one.last_message),
    }));
    return { chats, revision };
  },
  async messages(person, chat) {
    const { items, started, blocked } = await call("GET", `/phones/${person.id}/chats/${chat}/messages`);
    return { items: items.map(messageOf), started, blocked };
  },
  listen(person, revision, told) {
    const events = new EventSource(`/phones/api/phones/${person.id}/events?after=${revision}`);
    const on = (name, act) => events.addEventListener(name, (event) => { if (event.data) act(JSON.parse(event.data)); });
    on("message", (raw) => told.message(messageOf(raw)));
    on("action", (data) => told.typing(String(data.chat ?? data.bot_id), `${data.action.replaceAll("_", " ")}…`, 5000));
    on("blocked", (data) => told.blocked(String(data.bot_id), data.blocked));
    on("answer", (data) => { if (data.text) told.notice(data.text); });
    return () => events.close();
  },
  async send(person, chat, content, replyTo) {
    const body = { ...bodyOf(content), ...(replyTo ? { reply_to_message_id: Number(replyTo) } : {}) };
    const made = await call("POST", `/phones/${person.id}/chats/${chat}/messages`, body);
    return (made.items ?? [made]).map(messageOf);
  },
  upload: (person, file) => call("PUT", `/phones/${person.id}/uploads/${encodeURIComponent(file.name)}`, file),
  edit: (person, chat, message, text) => call("PATCH", `/phones/${person.id}/chats/${chat}/messages/${message.id}`, message.media.length ? { caption: text } : { text }),
  unsend: (person, chat, message) => call("DELETE", `/phones/${person.id}/chats/${chat}/messages/${message.id}`),
  react: (person, chat, message, emoji) => call(emoji ? "PUT" : "DELETE", `/phones/${person.id}/chats/${chat}/messages/${message.id}/reaction`, emoji ? { emoji } : undefined),
  press: (person, chat, message, one) => call("POST", `/phones/${person.id}/chats/${chat}/messages/${message.id}/press`, { data: one.press }),
  block: (person, chat, blocked) => call(blocked ? "PUT" : "DELETE", `/phones/${person.id}/chats/${chat}/block`),
  read: async () => {},
  async addGroup(person, people, accounts, title) {
    const group = await call("POST", `/phones/${person.id}/groups`, {
      title, bot_id: Number(accounts[0].id), person_ids: people.map((one) => Number(one.id)), administrator: true,
    });
    return String(group.id);
  },
  upgrade: (person, chat) => call("POST", `/phones/${person.id}/groups/${chat}/upgrade`, {}),
};
