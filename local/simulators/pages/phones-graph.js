// Phones of WhatsApp, Messenger and Instagram as the page sees all phones (`phones-column.js` says what a driver has).
import { call } from "./phones-http.js";

const MEDIA = ["image", "video", "audio", "document", "file", "sticker"];

function mediaOf(kind, one) {
  return {
    kind: kind === "file" ? "document" : one.voice ? "voice" : kind,
    url: new URL(one.url, location.href).pathname, mime: one.mime_type, name: one.filename ?? "", size: one.size,
  };
}

function kindOf(mime) {
  const kind = mime.split("/")[0];
  return ["image", "video", "audio"].includes(kind) ? kind : "document";
}

function messageOf(raw) {
  const media = raw.items ? raw.items.map((one) => mediaOf(kindOf(one.mime_type), one))
    : raw.media ? [mediaOf(MEDIA.includes(raw.type) ? raw.type : kindOf(raw.media.mime_type), raw.media)] : [];
  const note = { story_mention: "Mentioned the account in a story", unsupported: "A message this simulator cannot show", postback: "Pressed" }[raw.type];
  return {
    chat: String(raw.account_id),
    id: raw.id,
    order: raw.at,
    mine: raw.from === "me",
    sender: "",
    at: raw.at,
    revision: raw.revision,
    deleted: raw.deleted,
    edited: Boolean(raw.edited_at),
    replyTo: raw.reply_to ?? null,
    text: [note, raw.text ?? raw.caption, raw.share?.title, raw.share?.url].filter(Boolean).join("\n"),
    editable: raw.type === "text" || raw.caption !== undefined,
    media,
    location: raw.location,
    contacts: raw.contacts ? raw.contacts.map((one) => ({ name: one.name?.formatted_name ?? one.name ?? "", phone: one.phone ?? one.phones?.[0]?.phone ?? "" })) : [],
    service: "",
    forwarded: "",
    story: raw.story ? "Reply to a story" : "",
    buttons: (raw.buttons ?? []).map((one) => [{ title: one.title, press: one.id, url: one.url }]),
    answers: [],
    reactions: Object.entries(raw.reactions ?? {}).map(([who, emoji]) => ({ emoji, mine: who === "me", name: who === "me" ? "" : "The account" })),
    ticks: raw.from === "me" ? raw.status ?? "sent" : "",
    error: raw.status === "failed" ? raw.error?.title ?? raw.error?.message ?? "failed" : "",
    unread: raw.from === "account" && !["read", "played", "failed"].includes(raw.status),
  };
}

function personOf(one) {
  return { id: String(one.id), name: one.name, detail: one.phone_number || (one.username ? `@${one.username}` : one.user_id) || String(one.id), phone: one.phone_number ?? "" };
}

function bodyOf(channel, content) {
  if (content.location) return { location: content.location };
  if (content.contact) return { contacts: [content.contact] };
  if (content.text !== undefined) return { text: content.text };
  if (content.files.length > 1) return { album: content.files.map((file) => file.media_id) };
  const [file] = content.files;
  const type = file.kind === "voice" ? "audio" : file.kind === "document" && channel !== "whatsapp" ? "file" : file.kind;
  return { media: { media_id: file.media_id, type, ...(file.kind === "voice" ? { voice: true } : {}), ...(content.caption ? { caption: content.caption } : {}) } };
}

/** A driver for one of Meta's three channels. */
export function graph(channel, name, accountWord, more) {
  const chatPath = (person, chat) => `/graph/people/${encodeURIComponent(person.id)}/chats/${encodeURIComponent(chat)}`;
  const messagePath = (person, chat, message) => `${chatPath(person, chat)}/messages/${encodeURIComponent(message.id)}`;
  return {
    channel, name, accountWord, needsStart: false, settingsPath: "/graph/settings",
    emoji: ["❤️", "👍", "😂", "😮", "😢", "🙏"],
    ...more,
    canEdit: (message) => more.edits && message.mine && message.editable,
    canUnsend: (message) => message.mine,

    async people() {
      return (await call("GET", `/graph/people?channel=${channel}`)).items.map(personOf);
    },
    addPerson: async (person) => personOf(await call("POST", "/graph/people", { channel, name: person })),
    async accounts() {
      const { items } = await call("GET", "/graph/accounts");
      return items.filter((one) => one.channel === channel).map((one) => ({
        id: String(one.id), name: one.name, detail: one.display_phone_number ?? (one.username ? `@${one.username}` : String(one.id)),
        state: [one.webhook_url ? "webhook set" : "no webhook", one.last_error].filter(Boolean).join(", "), troubled: Boolean(one.last_error),
      }));
    },
    async addAccount(wanted) {
      const made = await call("POST", "/graph/accounts", { channel, name: wanted });
      const { id, access_token, app_secret, verify_token } = made;
      return { name: made.name, secrets: { id, access_token, app_secret, verify_token } };
    },
    setWebhook: (account, url) => call("PUT", `/graph/accounts/${encodeURIComponent(account.id)}/webhook`, { url }),
    async chats(person) {
      const { items, revision } = await call("GET", `/graph/people/${encodeURIComponent(person.id)}/chats`);
      const chats = items.map((one) => ({
        key: String(one.account_id), account: String(one.account_id), title: "", group: false, type: "private",
        unread: one.unread ?? 0, last: one.last_message && messageOf(one.last_message),
      }));
      return { chats, revision };
    },
    async messages(person, chat) {
      const { items, blocked } = await call("GET", `${chatPath(person, chat)}/messages`);
      return { items: items.map(messageOf), started: true, blocked };
    },
    listen(person, revision, told) {
      const events = new EventSource(`/phones/api/graph/people/${encodeURIComponent(person.id)}/events?after=${revision}`);
      const on = (event, act) => events.addEventListener(event, ({ data }) => { if (data) act(JSON.parse(data)); });
      on("message", (raw) => told.message(messageOf(raw)));
      on("typing", (data) => told.typing(String(data.account_id), data.on ? "typing…" : "", 25000));
      on("blocked", (data) => told.blocked(String(data.account_id), data.blocked));
      return () => events.close();
    },
    async send(person, chat, content, replyTo) {
      const files = content.files ?? [];
      if (files.length > 1 && !more.albums) {
        const sent = [];
        for (const [number, file] of files.entries()) {
          sent.push(...await this.send(person, chat, { files: [file], caption: number === 0 ? content.caption : "" }, replyTo));
        }
        return sent;
      }
      const sent = [];
      if (content.caption && !more.captions) {
        sent.push(...await this.send(person, chat, { text: content.caption }, replyTo));
      }
      const body = bodyOf(channel, more.captions ? content : { ...content, caption: "" });
      sent.push(messageOf(await call("POST", `${chatPath(person, chat)}/messages`, { ...body, ...(replyTo ? { reply_to: replyTo } : {}) })));
      return sent;
    },
    upload: (person, file) => call("PUT", `/graph/people/${encodeURIComponent(person.id)}/uploads/${encodeURIComponent(file.name)}`, file),
    edit: (person, chat, message, text) => call("PATCH", messagePath(person, chat, message), { text }),
    unsend: (person, chat, message) => call("DELETE", messagePath(person, chat, message)),
    react: (person, chat, message, emoji) => call(emoji ? "PUT" : "DELETE", `${messagePath(person, chat, message)}/reaction`, emoji ? { emoji } : undefined),
    press: (person, chat, message, one) => call("POST", `${messagePath(person, chat, message)}/press`, { button: one.press }),
    block: (person, chat, blocked) => call(blocked ? "PUT" : "DELETE", `${chatPath(person, chat)}/block`),
    read: (person, chat) => call("POST", `${chatPath(person, chat)}/read`, {}),
  };
}

export const whatsapp = graph("whatsapp", "WhatsApp", "number", { edits: true, captions: true, albums: false, contacts: true, locations: true, kinds: ["image", "video", "audio", "voice", "sticker", "document"] });
export const messenger = graph("messenger", "Messenger", "page", { edits: true, captions: false, albums: true, contacts: false, locations: true, kinds: ["image", "video", "audio", "document"] });
export const instagram = graph("instagram", "Instagram", "profile", { edits: false, captions: false, albums: true, contacts: false, locations: false, kinds: ["image", "video", "audio", "document"] });
