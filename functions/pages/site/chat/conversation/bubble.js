// One message as people see it.

import { h, icon } from "../../page/dom.js";
import { Avatar } from "../avatar.js";
import { previewOf, toneOf } from "../names.js";
import { badge } from "./badge.js";
import { clock, full } from "./dates.js";
import { filesNode } from "./files.js";
import { mark } from "./marks.js";
import { chipsNode } from "./reactions.js";
import { saidOf } from "./said.js";
import { fill, Slots } from "./slots.js";
import { words } from "./words.js";

/** @typedef {import("./timeline.js").Row} Row */
/**
 * What a message needs to know of the others, and whom it tells what was pressed.
 * @typedef {{userId: string, isGroup: () => boolean, name: (id: string) => string, status: (message: any) => import("./marks.js").Status,
*   find: (messageId: string) => any, document: (fileId: string) => any, sought: () => string, previews: import("./previews.js").Previews, language: () => string,
 *   show: (file: any, addresses: any) => void, save: (file: any) => void, goTo: (messageId: string) => void,
 *   react: (message: any, emoji: string) => void, again: (message: any) => void, discard: (message: any) => void,
 *   info: (message: any) => void, mayReact: () => boolean}} Around
 */

export class Bubble {
  /** @param {Around} around */
  constructor(around) {
    this._around = around;
    this._slots = new Slots();
    this._inner = new Slots();
    this._bubble = h("div", { class: "bubble", dir: "auto" });
    this._line = h("div", { class: "bubble-line" }, this._bubble);
    this._stack = h("div", { class: "stack" });
    this.element = h("article", { class: "message", tabindex: "-1" });
  }

  /** @param {Row} row */
  show(row) {
    const { message } = row;
    const { element } = this;
    element.dataset.id = message.message_id;
    flag(element, "is-mine", row.isMine);
    flag(element, "is-first", row.isFirst);
    flag(element, "is-last", row.isLast);
    flag(element, "is-local", Boolean(message.local));
    const name = this._around.name(message.sender_id);
    this._label(row, name);
    this._showBubble(row);
    fill(this._stack, [this._who(row, name), this._line, this._chips(message), this._trouble(row)]);
    fill(element, [this._avatar(row, name), this._stack]);
  }

  /** @param {Row} row  @param {string} name */
  _label(row, name) {
    const label = `${row.isMine ? words().you : name}, ${clock(Number(row.at))}`;
    if (this.element.getAttribute("aria-label") !== label) this.element.setAttribute("aria-label", label);
  }

  /** @param {Row} row  @param {string} name */
  _avatar(row, name) {
    const isShown = !row.isMine && this._around.isGroup();
    return this._slots.get("avatar", [isShown, row.isFirst, name], () => {
      if (!isShown) return null;
      const element = new Avatar("small").show({ id: row.message.sender_id, name });
      flag(element, "is-void", !row.isFirst);
      return element;
    });
  }

  /** @param {Row} row  @param {string} name */
  _who(row, name) {
    const channel = row.message.channel ?? "in_app";
    const hasName = Boolean(row.isFirst) && !row.isMine && this._around.isGroup();
    const hasBadge = Boolean(row.isFirst) && channel !== "in_app";
    return this._slots.get("who", [hasName, hasBadge, name, channel, this._around.language()], () => {
      if (!hasName && !hasBadge) return null;
      const parts = hasName ? [h("span", { class: "who-name", "data-tone": toneOf(row.message.sender_id), dir: "auto" }, name)] : [];
      if (hasBadge) parts.push(badge(channel));
      return h("p", { class: "who" }, ...parts);
    });
  }

  /** @param {Row} row */
  _showBubble(row) {
    const { message } = row;
    const { sought, previews, language } = this._around;
    const files = message.deleted_at ? [] : (filesOf(message, this._around));
    const said = [message.type, message.deleted_at, message.type === "text" || message.type === "file" ? message.content : JSON.stringify(message.content)];
    const inner = this._inner;
    const body = inner.get("said", [...said, sought(), language()], () => saidOf(message, sought()));
    const meta = this._meta(row);
    const shown = inner.get("files", [JSON.stringify(files), language()], () => (files.length ? filesNode(files, { ...this._around, previews }) : null));
    flag(this._bubble, "is-picture", Boolean(shown?.classList.contains("only-pictures")) && !body);
    flag(this._bubble, "is-bare", Boolean(body?.classList.contains("is-large")) && !message.reply_to);
    if (body?.tagName === "P" && meta.parentElement !== body) {
      body.querySelector(".meta")?.remove();
      body.append(meta);
    }
    fill(this._bubble, [this._quote(message), shown, body, body?.tagName === "P" ? null : meta]);
  }

  /** Time, whether it was edited, how far it has come. @param {Row} row  @returns {HTMLElement} */
  _meta({ message, at, isMine }) {
    const status = isMine && !message.deleted_at ? this._around.status(message) : null;
    const isEdited = Boolean(message.edited_at) && !message.deleted_at;
    return /** @type {HTMLElement} */ (this._inner.get("meta", [status, isEdited, at, this._around.language()], () => {
      const time = h("time", { datetime: message.created_at, title: full(Number(at)) }, clock(Number(at)));
      const edited = isEdited ? [h("span", { class: "edited", title: full(Date.parse(message.edited_at)) }, words().edited)] : [];
      return h("span", { class: "meta", dir: "ltr" }, ...edited, time, ...(status ? [mark(status)] : []));
    }));
  }

  /** @param {any} message */
  _quote(message) {
    const id = message.deleted_at ? null : message.reply_to;
    const quoted = id ? this._around.find(id) : null;
    const who = quoted ? (quoted.sender_id === this._around.userId ? words().you : this._around.name(quoted.sender_id)) : "";
    const what = quoted ? previewOf(quoted, words()) : words().earlier;
    return this._inner.get("quote", [id, who, what], () => {
      if (!id) return null;
      const lines = [...(who ? [h("span", { class: "quote-who", dir: "auto" }, who)] : []), h("span", { class: "quote-what", dir: "auto" }, what)];
      const label = who ? words().goToQuoted(who, what) : what;
      return h("button", { type: "button", class: "quote", dir: "ltr", "data-tone": quoted ? toneOf(quoted.sender_id) : null, "aria-label": label, onclick: () => this._around.goTo(id) }, ...lines);
    });
  }

  /** @param {any} message */
  _chips(message) {
    const reactions = message.deleted_at ? {} : (message.reactions ?? {});
    const names = Object.values(reactions).flat().map((id) => this._around.name(id)).join("\n");
    const from = [JSON.stringify(reactions), names, this._around.mayReact(), this._around.language()];
    return this._slots.get("chips", from, () => chipsNode(message, reactions, this._around));
  }

  /** Why it was not sent, and the way out. @param {Row} row */
  _trouble({ message, isMine }) {
    const isLocal = message.local === "failed";
    const hasFailed = isLocal || (isMine && !message.deleted_at && this._around.status(message) === "failed");
    const why = hasFailed && isLocal ? reasonOf(message.why) : "";
    return this._slots.get("trouble", [hasFailed, isLocal, why, this._around.language()], () => {
      if (!hasFailed) return null;
      const say = words();
      const button = (/** @type {string} */ label, /** @type {(message: any) => void} */ act) =>
        h("button", { type: "button", class: "link", onclick: () => act(this._around.find(message.message_id) ?? message) }, label);
      const acts = isLocal ? [button(say.again, this._around.again), button(say.discard, this._around.discard)] : [button(say.info, this._around.info)];
      return h("div", { class: "trouble" }, icon("alert"), h("span", {}, isLocal ? `${say.failed} ${why}` : say.statuses.failed), ...acts);
    });
  }
}

/** @param {import("../../chat4all/live/types.js").Why | undefined} why */
function reasonOf(why) {
  const { failures } = words();
  return failures[why?.code ?? ""] ?? (why?.detail || failures.unexpected);
}

/** @param {Element} element  @param {string} name  @param {unknown} is */
function flag(element, name, is) {
  element.classList.toggle(name, Boolean(is));
}

/** @param {any} message  @param {Around} around  @returns {any[]} */
function filesOf(message, around) {
  if (message.files) return message.files;
  return message.file ? [message.file] : (message.file_ids ?? []).map(around.document);
}
