// Reactions below a message, and the small picker.

import { h, icon } from "../../page/dom.js";
import { words } from "./words.js";

export const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const MORE = [
  "🎉", "🔥", "👏", "💯", "✅", "👀", "🤔", "😍", "🥰", "😊", "😄", "😅", "🤣", "😉", "😎", "🤩", "😇", "🙃", "😐", "🙄", "😴", "🤯", "😡", "😱",
  "🤗", "🤝", "💪", "👌", "✌️", "🙌", "👎", "👋", "💔", "💙", "💚", "💜", "⭐", "🚀", "☕", "🎂", "🌹", "🍀", "☀️", "🌙", "⚽", "🎵", "📌", "❓",
];

/**
 * @param {any} message  @param {Record<string, string[]>} reactions  @param {import("./bubble.js").Around} around
 * @returns {HTMLElement | null}
 */
export function chipsNode(message, reactions, around) {
  const all = Object.entries(reactions).filter(([, ids]) => ids.length);
  if (!all.length) return null;
  return h("div", { class: "chips", role: "group", "aria-label": words().reactions }, ...all.map(([emoji, ids]) => chip(message, emoji, ids, around)));
}

/** @param {any} message  @param {string} emoji  @param {string[]} ids  @param {import("./bubble.js").Around} around */
function chip(message, emoji, ids, around) {
  const say = words();
  const isMine = ids.includes(around.userId);
  const names = ids.map((id) => (id === around.userId ? say.you : around.name(id))).join(", ");
  const told = say.reactedBy(emoji, names);
  const attributes = {
    type: "button", class: isMine ? "chip is-mine" : "chip", title: told, disabled: !around.mayReact(), "aria-pressed": String(isMine),
    "aria-label": told, onclick: () => around.react(message, emoji),
  };
  return h("button", attributes, h("span", { class: "chip-emoji" }, emoji), ...(ids.length > 1 ? [h("span", { class: "chip-count" }, String(ids.length))] : []));
}

/** @param {(emoji: string) => void} choose  @param {() => void} more  @returns {HTMLElement} */
export function quickPicker(choose, more) {
  const show = h("button", { type: "button", class: "emoji", "aria-label": words().moreReactions, title: words().moreReactions, onclick: more }, icon("newer"));
  return h("div", { class: "picker", role: "group", "aria-label": words().react }, ...QUICK.map((emoji) => emojiButton(emoji, choose)), show);
}

/** @param {(emoji: string) => void} choose  @returns {HTMLElement} */
export function wholePicker(choose) {
  return h("div", { class: "picker is-whole", role: "group", "aria-label": words().react }, ...[...QUICK, ...MORE].map((emoji) => emojiButton(emoji, choose)));
}

/** @param {string} emoji  @param {(emoji: string) => void} choose */
function emojiButton(emoji, choose) {
  return h("button", { type: "button", class: "emoji", "aria-label": emoji, onclick: () => choose(emoji) }, emoji);
}
