// The words of a message: text with links, a place, a person.

import { h, icon } from "../../page/dom.js";
import { isFewEmojis, pieces } from "./text.js";
import { words } from "./words.js";

const MAP = "https://www.openstreetmap.org/";
const NEAR = 16;

/** @param {any} message  @param {string} sought  @returns {HTMLElement | null} null where it has no words */
export function saidOf(message, sought) {
  if (message.deleted_at) return h("p", { class: "said is-unsent" }, words().unsent);
  if (message.type === "location") return place(message.content ?? {});
  if (message.type === "contact") return person(message.content ?? {});
  if (typeof message.content === "string") return message.content ? text(message.content, sought) : null;
  return message.type === "file" ? null : h("p", { class: "said is-unsent" }, words().unknownType(message.type));
}

/** @param {string} content  @param {string} sought */
function text(content, sought) {
  const isLarge = isFewEmojis(content);
  return h("p", { class: isLarge ? "said is-large" : "said" }, ...pieces(content, sought).map(pieceNode));
}

/** @param {import("./text.js").Piece} piece */
function pieceNode({ text: shown, href, isFound }) {
  const node = isFound ? h("mark", {}, shown) : shown;
  return href ? link(href, node) : node;
}

/** @param {string} href  @param {(Node | string)[]} children */
export function link(href, ...children) {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", dir: "ltr" }, ...children);
}

/** @param {any} content */
function place({ latitude, longitude, name, address }) {
  const say = words();
  const at = `${Number(latitude).toFixed(5)}, ${Number(longitude).toFixed(5)}`;
  const href = `${MAP}?mlat=${Number(latitude)}&mlon=${Number(longitude)}#map=${NEAR}/${Number(latitude)}/${Number(longitude)}`;
  const lines = [h("strong", { dir: "auto" }, name || say.types.location), h("span", { class: "soft", dir: "auto" }, address || at), link(href, say.openMap)];
  return card("pin", lines);
}

/** @param {any} content */
function person({ name, phone, email }) {
  const lines = [h("strong", { dir: "auto" }, name || words().types.contact)];
  if (phone) lines.push(h("a", { href: `tel:${String(phone).replace(/[^+\d]/g, "")}`, dir: "ltr" }, phone));
  if (email) lines.push(h("a", { href: `mailto:${encodeURIComponent(email).replaceAll("%40", "@")}`, dir: "ltr" }, email));
  return card("person", lines);
}

/** @param {Parameters<typeof icon>[0]} picture  @param {HTMLElement[]} lines */
function card(picture, lines) {
  return h("div", { class: "card-said" }, h("span", { class: "card-art", "aria-hidden": "true" }, icon(picture)), h("div", { class: "card-lines" }, ...lines));
}
