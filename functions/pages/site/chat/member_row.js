// A member in the details: who they are, and, on demand, what can be done.

import { h, icon } from "../page/dom.js";
import { Avatar } from "./avatar.js";
import { channelBadges } from "./channel_badges.js";
import { nameOf } from "./names.js";
import { statusText } from "./person_status.js";
import { grantable, mayManage, outranks } from "./roles.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {{changeRole: (userId: string, role: string) => unknown, remove: (userId: string, name: string) => unknown,
 *   writeTo: (userId: string) => unknown}} Acts */

export class MemberRow {
  /** @param {string} userId  @param {import("../chat4all/index.js").LiveClient} live  @param {Acts} acts */
  constructor(userId, live, acts) {
    this._userId = userId;
    this._live = live;
    this._acts = acts;
    this._avatar = new Avatar("small");
    this._name = h("span", { dir: "auto", class: "member-name" });
    this._status = h("span", { class: "soft small" });
    this._channels = h("span", { class: "entry-channels" });
    this._role = h("span", { class: "tag" });
    this._more = h("button", { type: "button", class: "quiet icon", "aria-expanded": "false", onclick: () => this._toggle() }, icon("chevron"));
    this._panel = h("div", { class: "member-acts", hidden: true });
    this.element = h("li", { class: "member" }, this._avatar.element,
      h("span", { class: "member-text" }, h("span", { class: "member-line" }, this._name, this._channels),
        h("span", { class: "member-line" }, this._role, this._status)), this._more, this._panel);
    this._shown = "";
  }

  /** @param {any} member  @param {any} conversation  @param {Words} say */
  show(member, conversation, say) {
    const live = this._live;
    const user = /** @type {any} */ (live.user(this._userId));
    const isMe = this._userId === live.userId;
    const name = nameOf(user, say);
    const presence = isMe ? null : live.presence(this._userId);
    this._avatar.show({ id: this._userId, name, status: presence?.status });
    this._name.textContent = isMe ? `${name} (${say.youMark})` : name;
    this._status.textContent = [user?.username ? `@${user.username}` : "", statusText(presence, say)].filter(Boolean).join(" · ");
    this._role.textContent = say.roles[member.role] ?? member.role;
    this._role.hidden = conversation.type === "private" || member.role === "member";
    const wanted = JSON.stringify([member.role, member.channels, conversation.members.get(live.userId)?.role, name, user?.username, say.remove]);
    if (wanted === this._shown) return;
    this._shown = wanted;
    this._channels.replaceChildren(...channelBadges((member.channels ?? []).filter((/** @type {string} */ one) => one !== "in_app"), say));
    this._showActs(member, conversation, user, name, say);
  }

  /** What was chosen was refused: show what is. */
  again() {
    this._shown = "";
  }

  /** @param {any} member  @param {any} conversation  @param {any} user  @param {string} name  @param {Words} say */
  _showActs(member, conversation, user, name, say) {
    const own = conversation.members.get(this._live.userId)?.role;
    const isMe = this._userId === this._live.userId;
    const acts = [];
    if (!isMe && conversation.type === "group") {
      if (user?.username) acts.push(h("button", { type: "button", onclick: () => this._acts.writeTo(this._userId) }, icon("bubbles"), say.writeTo(name)));
      if (mayManage(own) && outranks(own, member.role)) acts.push(this._roleField(member, own, Boolean(user?.username), say),
        h("button", { type: "button", class: "danger", onclick: () => this._acts.remove(this._userId, name) }, icon("trash"), say.remove));
    }
    this._more.hidden = acts.length === 0;
    this._more.setAttribute("aria-label", say.moreOf(name));
    if (!acts.length) this._toggle(false);
    const had = this._panel.contains(document.activeElement);
    this._panel.replaceChildren(...acts);
    if (had) this._panel.querySelector(/** @type {any} */ ("select, button"))?.focus();
  }

  /** @param {any} member  @param {string} own  @param {boolean} signsIn  @param {Words} say */
  _roleField(member, own, signsIn, say) {
    const options = grantable(own, signsIn).map((role) =>
      h("option", { value: role, selected: role === member.role }, `${say.roles[role]}: ${say.roleHints[role]}`));
    const select = h("select", { onchange: (/** @type {any} */ event) => void this._acts.changeRole(this._userId, event.target.value) }, ...options);
    return h("label", { class: "field" }, h("span", {}, say.role), select);
  }

  /** @param {boolean} [isOpen] */
  _toggle(isOpen = Boolean(this._panel.hidden)) {
    this._panel.hidden = !isOpen;
    this._more.setAttribute("aria-expanded", String(isOpen));
  }
}
