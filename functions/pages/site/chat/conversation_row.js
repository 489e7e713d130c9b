// One conversation in the list.

import { h, icon } from "../page/dom.js";
import { Avatar } from "./avatar.js";
import { channelBadges } from "./channel_badges.js";
import { channelsOf, nameOf, otherOf, previewOf, speakerOf, titleOf } from "./names.js";
import { hashOf } from "./route.js";
import { shortTime } from "./times.js";

/** @typedef {import("./words.js").Words} Words */

const MANY = 99;
/** @type {Record<string, import("../page/icon_paths.js").IconName>} */
const MARKS = { sending: "clock", accepted: "check", sent: "check", delivered: "checks", read: "checks", failed: "alert" };

export class ConversationRow {
  /** @param {string} id  @param {import("../chat4all/index.js").LiveClient} live */
  constructor(id, live) {
    this._live = live;
    this._avatar = new Avatar();
    this._name = h("span", { class: "entry-name", dir: "auto" });
    this._channels = h("span", { class: "entry-channels" });
    this._time = h("time", { class: "entry-time" });
    this._mark = h("span", { class: "entry-mark" });
    // The line runs as what was said does: `dir` looks at no name in a <bdi>.
    this._speaker = h("bdi");
    this._said = document.createTextNode("");
    this._text = h("span", { class: "entry-text", dir: "auto" }, this._speaker, this._said);
    this._badge = h("span", { class: "entry-badge" });
    this._status = h("span", { class: "unseen" });
    this.link = h("a", { class: "entry", href: hashOf(id), tabindex: "-1" },
      this._avatar.element, h("span", { class: "entry-head" }, this._name, this._status, this._channels, this._time),
      h("span", { class: "entry-last" }, this._mark, this._text, this._badge));
    this.element = h("li", {}, this.link);
    this._marked = "";
    this._badged = "";
  }

  /** @param {any} conversation  @param {Words} say */
  show(conversation, say) {
    const live = this._live;
    const otherId = otherOf(conversation, live.userId);
    this.name = titleOf(conversation, live, say);
    const isOnline = otherId !== null && live.presence(otherId)?.status === "online";
    this._avatar.show({ id: otherId ?? conversation.id, name: this.name, status: isOnline ? "online" : null, isGroup: conversation.type === "group" });
    set(this._name, this.name);
    set(this._status, isOnline ? say.online : "");
    this._showChannels(channelsOf(conversation, live.userId), say);
    this._showTime(conversation.last_message?.created_at ?? conversation.last_activity_at, say);
    this._showText(conversation, say);
    this._showUnread(conversation.unread, say);
  }

  /** @param {boolean} is */
  select(is) {
    if (is) this.link.setAttribute("aria-current", "page");
    else this.link.removeAttribute("aria-current");
  }

  /** @param {string[]} channels  @param {Words} say */
  _showChannels(channels, say) {
    const wanted = [...channels, say.start].join();
    if (wanted === this._badged) return;
    this._badged = wanted;
    this._channels.replaceChildren(...channelBadges(channels, say));
  }

  /** @param {string | undefined} time  @param {Words} say */
  _showTime(time, say) {
    set(this._time, time ? shortTime(time, say) : "");
    if (time) this._time.setAttribute("datetime", time);
  }

  /** @param {any} conversation  @param {Words} say */
  _showText(conversation, say) {
    const live = this._live;
    const typists = live.typists(conversation.id);
    this._text.classList.toggle("typing", typists.length > 0);
    const message = this._newest(conversation);
    this._showMark(typists.length || !message || message.sender_id !== live.userId || message.deleted_at ? "" : live.statusOf({ ...message, conversation_id: conversation.id }), say);
    const speaker = typists.length || !message ? "" : speakerOf(message, conversation, live, say);
    set(this._speaker, speaker && `${speaker}:`);
    set(this._said, typists.length ? typingText(typists, conversation, live, say) : message ? `${speaker && " "}${previewOf(message, say)}` : "");
  }

  /** Also an own one that waits to be sent, or to be told of, in the conversation that is open. @param {any} conversation */
  _newest(conversation) {
    const isOpen = this.link.hasAttribute("aria-current");
    const held = isOpen ? this._live.messages(conversation.id).at(-1) : undefined;
    const isNewer = held && (held.local || held.seq > (conversation.last_message?.seq ?? 0));
    return isNewer ? held : conversation.last_message;
  }

  /** @param {string} status  @param {Words} say */
  _showMark(status, say) {
    const wanted = `${status} ${say.statuses[status] ?? ""}`;
    if (wanted === this._marked) return;
    this._marked = wanted;
    this._mark.hidden = !MARKS[status];
    this._mark.dataset.status = status;
    if (MARKS[status]) this._mark.replaceChildren(icon(MARKS[status]), h("span", { class: "unseen" }, say.statuses[status]));
  }

  /** @param {number} unread  @param {Words} say */
  _showUnread(unread, say) {
    this._badge.hidden = !unread;
    this.link.classList.toggle("unread", unread > 0);
    const shown = unread > MANY ? `${MANY}+` : String(unread);
    set(this._badge, unread ? shown : "");
    this._badge.setAttribute("aria-label", unread ? say.unread(shown) : "");
    this._badge.setAttribute("role", "img");
  }
}

/** @param {string[]} typists  @param {any} conversation  @param {any} live  @param {Words} say */
function typingText(typists, conversation, live, say) {
  if (conversation.type !== "group") return say.isTyping;
  return typists.length === 1 ? say.typingOne(nameOf(live.user(typists[0]), say)) : say.typingMany(typists.length);
}

/** @param {Node} node  @param {string} text */
function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
