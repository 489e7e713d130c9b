// One message as a list item: its bubble, media, buttons, reactions, and what can be done with it.
import { button, dayOf, element, sizeOf, timeOf } from "./phones-view.js";

const WORDS = { image: "Photo", video: "Video", audio: "Audio", voice: "Voice message", document: "File", sticker: "Sticker", animation: "GIF" };
const TICKS = { sent: ["✓", "sent"], delivered: ["✓✓", "delivered"], read: ["✓✓", "read"], played: ["✓✓", "played"], failed: ["⚠", "failed"] };

/** What a message says, in one line. */
export function summary(message) {
  if (message.deleted) return "Deleted";
  if (message.service) return message.service;
  const [first] = message.media;
  const media = first ? [WORDS[first.kind] ?? first.kind, first.kind === "document" ? first.name : "", message.media.length > 1 ? `and ${message.media.length - 1} more` : ""].filter(Boolean).join(" ") : "";
  const [contact] = message.contacts;
  return [media, message.location && "📍 Location", contact && `👤 ${contact.name}`, message.text].filter(Boolean).join(" · ") || "…";
}

/** The list item of a day. */
export function drawDay(at) {
  return element("li", { className: "day" }, [dayOf(at)]);
}

/** The list item of a message; `acts`: {find, reply, react, edit, unsend, press, answer, canEdit, canUnsend, emoji, other}. */
export function drawMessage(message, acts) {
  if (message.service && !message.deleted) return element("li", { className: "day", data: { id: message.id } }, [message.service]);
  const who = message.mine ? "You" : message.sender || acts.other;
  const flags = [message.mine && "me", message.deleted && "deleted", message.reactions.length && "reacted", message.error && "failed", isSticker(message) && "bare"];
  const row = element("li", { className: ["message", ...flags.filter(Boolean)].join(" "), data: { id: message.id } }, [
    element("span", { className: "sr-only" }, [`${who}: `]),
    element("div", { className: "stack" }, [bubble(message, acts), ...keyboard(message, acts), reactions(message)]),
  ]);
  if (!message.deleted) row.append(menu(message, acts, row));
  return row;
}

const isSticker = (message) => message.media[0]?.kind === "sticker";

function bubble(message, acts) {
  if (message.deleted) return element("div", { className: "bubble" }, ["Deleted", meta(message)]);
  const replied = message.replyTo && acts.find(message.replyTo);
  return element("div", { className: "bubble" }, [
    message.sender ? element("strong", { className: "sender" }, [message.sender]) : "",
    message.forwarded ? element("span", { className: "note" }, [`Forwarded from ${message.forwarded}`]) : "",
    message.story ? element("span", { className: "note" }, [message.story]) : "",
    message.replyTo ? element("span", { className: "quoted" }, [replied ? summary(replied) : "A message"]) : "",
    ...message.media.map(drawMedia),
    message.location ? place(message.location) : "",
    ...message.contacts.map((one) => element("span", { className: "card" }, [element("span", { className: "card-face" }, ["👤"]), element("span", {}, [element("strong", {}, [one.name]), element("br"), one.phone])])),
    message.text ? element("span", { className: "text" }, [message.text]) : "",
    message.error ? element("span", { className: "error" }, [message.error]) : "",
    meta(message),
  ]);
}

function meta(message) {
  const made = element("span", { className: "meta" }, [`${message.edited && !message.deleted ? "edited " : ""}${timeOf(message.at)} `]);
  const tick = TICKS[message.ticks];
  if (tick) {
    const mark = element("span", { className: `ticks ${message.ticks}`, label: tick[1], title: tick[1] }, [tick[0]]);
    mark.setAttribute("role", "img");
    made.append(mark);
  }
  return made;
}

function drawMedia(media) {
  const name = media.name || WORDS[media.kind] || media.kind;
  const open = (child) => element("a", { href: media.url, target: "_blank", rel: "noopener", className: "media-link", label: `Open ${name}` }, [child]);
  if (media.mime === "image/gif" || ["image", "sticker"].includes(media.kind)) {
    if (media.mime.startsWith("image/")) return open(element("img", { src: media.url, alt: name, loading: "lazy", className: `media ${media.kind}` }));
  }
  if (["video", "animation"].includes(media.kind) && media.mime.startsWith("video/")) {
    return element("video", { src: media.url, controls: true, preload: "metadata", playsInline: true, className: media.round ? "media round-video" : "media", label: name });
  }
  if (["audio", "voice"].includes(media.kind)) {
    return element("span", { className: "sound" }, [element("audio", { src: media.url, controls: true, preload: "metadata", label: name }), media.kind === "audio" ? element("span", { className: "quiet" }, [media.title || name]) : ""]);
  }
  return element("a", { href: media.url, download: name, className: "card" }, [
    element("span", { className: "card-face" }, ["📄"]), element("span", {}, [element("strong", {}, [name]), element("br"), [media.mime, sizeOf(media.size)].filter(Boolean).join(", ")]),
  ]);
}

function place(location) {
  const at = `${location.latitude.toFixed(5)}, ${location.longitude.toFixed(5)}`;
  return element("span", { className: "card" }, [element("span", { className: "card-face" }, ["📍"]), element("span", {}, [
    element("strong", {}, [location.name || "Location"]), element("br"), [location.address, at].filter(Boolean).join("\n"),
  ])]);
}

function keyboard(message, acts) {
  if (message.deleted) return [];
  const lines = message.buttons.map((line) => element("div", { className: "buttons" }, line.map((one) =>
    one.url ? element("a", { href: one.url, target: "_blank", rel: "noopener noreferrer", className: "key" }, [one.title]) : button(one.title, () => acts.press(message, one), { className: "key" }))));
  const answers = message.answers.map((text) => button(text, () => acts.answer(text), { className: "key" }));
  return answers.length ? [...lines, element("div", { className: "buttons" }, answers)] : lines;
}

function reactions(message) {
  if (!message.reactions.length || message.deleted) return "";
  const names = message.reactions.map((one) => `${one.mine ? "You" : one.name}: ${one.emoji}`).join(", ");
  return element("span", { className: "reaction", title: names, label: names }, [message.reactions.map((one) => one.emoji).join("")]);
}

/** A button that unfolds the acts below the message; Escape folds them. */
function menu(message, acts, row) {
  const opener = button("⋯", () => toggle(), { className: "more", label: `Acts: ${summary(message).slice(0, 60)}` });
  opener.setAttribute("aria-expanded", "false");
  let bar = null;
  const toggle = () => {
    bar?.remove();
    opener.setAttribute("aria-expanded", String(!bar));
    if (bar) { bar = null; opener.focus(); return; }
    bar = actBar(message, acts, toggle);
    bar.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      toggle();
    });
    row.append(bar);
    bar.querySelector("button").focus();
    bar.scrollIntoView({ block: "nearest" });
  };
  return opener;
}

function actBar(message, acts, fold) {
  const then = (act) => () => { fold(); act(); };
  const mine = message.reactions.find((one) => one.mine)?.emoji;
  const made = element("div", { className: "acts" }, [
    button("↩ Reply", then(() => acts.reply(message)), { className: "act" }),
    acts.canEdit(message) && button("✎ Edit", then(() => acts.edit(message)), { className: "act" }),
    acts.canUnsend(message) && button("🗑 Unsend", then(() => acts.unsend(message)), { className: "act" }),
    element("span", { className: "emojis" }, acts.emoji.map((emoji) => {
      const one = button(emoji, then(() => acts.react(message, emoji === mine ? "" : emoji)), { className: "emoji", label: `React ${emoji}` });
      one.setAttribute("aria-pressed", String(emoji === mine));
      return one;
    })),
  ]);
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", "Acts on this message");
  return made;
}
