// Above the messages: with whom, whether they are there, who writes.

import { h, icon } from "../../page/dom.js";
import { Avatar } from "../avatar.js";
import { nameOf, otherOf, titleOf } from "../names.js";
import { statusText } from "../person_status.js";
import { hashOf } from "../route.js";
import { words } from "./words.js";

const MANY = 3;

export class Header {
  /** @param {import("../../chat4all/index.js").LiveClient} live  @param {() => void} search */
  constructor(live, search) {
    this._live = live;
    this._id = "";
    this._avatar = new Avatar();
    this._title = h("h2", { class: "talk-title", dir: "auto" });
    this._line = h("p", { class: "talk-line", "aria-live": "off" });
    this._back = h("a", { class: "button quiet icon talk-back", href: hashOf(null) }, icon("back"));
    this._search = h("button", { type: "button", class: "quiet icon", onclick: search }, icon("search"));
    this._details = h("a", { class: "button quiet icon" }, icon("people"));
    const who = h("div", { class: "talk-who" }, this._title, this._line);
    this.element = h("header", { class: "talk-top" }, this._back, this._avatar.element, who, this._search, this._details);
  }

  /** @param {string} conversationId */
  open(conversationId) {
    this._id = conversationId;
    this._details.setAttribute("href", hashOf(conversationId, true));
  }

  /** With whom. */
  get title() {
    return this._title.textContent ?? "";
  }

  /** @param {any} conversation */
  show(conversation) {
    const say = words();
    for (const [element, text] of /** @type {[HTMLElement, string][]} */ ([[this._back, say.back], [this._search, say.searchHere], [this._details, say.details]])) {
      element.title = text;
      element.setAttribute("aria-label", text);
    }
    const title = conversation ? titleOf(conversation, this._live, say) : "";
    const otherId = conversation && otherOf(conversation, this._live.userId);
    const presence = otherId ? this._live.presence(otherId) : null;
    set(this._title, title);
    this._avatar.show({ id: otherId ?? this._id, name: title, status: presence?.status, isGroup: conversation?.type === "group" });
    const typing = this._typing();
    this._line.classList.toggle("is-typing", typing !== "");
    set(this._line, typing || (otherId ? statusText(presence, say) : this._people(conversation)));
  }

  _typing() {
    const say = words();
    const ids = this._live.typists(this._id).filter((id) => id !== this._live.userId);
    const names = ids.map((id) => nameOf(this._live.user(id), say));
    if (!names.length) return "";
    if (this._live.conversation(this._id)?.type === "private") return say.isTyping;
    if (names.length >= MANY) return say.typingMany(names.length);
    return names.length === 1 ? say.typingOne(names[0]) : say.typingTwo(names[0], names[1]);
  }

  /** @param {any} conversation */
  _people(conversation) {
    const count = conversation?.members.size || conversation?.member_count;
    if (!count || conversation.type !== "group") return "";
    const say = words();
    const ids = [...conversation.members.keys()].filter((id) => id !== this._live.userId);
    const online = ids.filter((id) => this._live.presence(id)?.status === "online").length;
    const parts = [say.members(count)];
    if (online) parts.push(say.someOnline(online));
    return parts.join(" · ");
  }
}

/** @param {HTMLElement} element  @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
