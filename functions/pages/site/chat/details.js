// Details of a conversation beside it: who is in it and as what, its title, leaving and deleting.

import { ask, openDialog } from "../page/dialog.js";
import { h, icon } from "../page/dom.js";
import { Avatar } from "./avatar.js";
import { MemberRow } from "./member_row.js";
import { nameOf, otherOf, titleOf } from "./names.js";
import { PersonPicker } from "./person_picker.js";
import { refusalText } from "./refusals.js";
import { mayDelete, mayManage, ROLES } from "./roles.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {{live: import("../chat4all/index.js").LiveClient, api: import("../chat4all/index.js").Api, words: () => Words, go: (conversationId: string | null) => void,
 *   writeTo: (userId: string) => void, close: () => void, notice: (text: string) => void}} Means */

export class Details {
  /** @param {HTMLElement} root  @param {Means} means */
  constructor(root, means) {
    this._root = root;
    this._means = means;
    /** @type {string | null} */
    this._id = null;
    /** @type {Map<string, MemberRow>} */
    this._rows = new Map();
    this._avatar = new Avatar("large");
    this._title = h("p", { class: "details-name", dir: "auto" });
    this._count = h("p", { class: "soft" });
    this._rename = h("button", { type: "button", class: "quiet icon", onclick: () => this._openRename() }, icon("pencil"));
    this._add = h("button", { type: "button", class: "quiet", onclick: () => this._openAdd() });
    this._list = h("ul", { class: "members" });
    this._leave = h("button", { type: "button", class: "quiet", onclick: () => void this._leaveIt() });
    this._delete = h("button", { type: "button", class: "quiet danger-text", onclick: () => void this._deleteIt() });
    this._error = h("p", { class: "error", role: "alert", hidden: true });
    this._heading = h("h2", { id: "details-title" });
    this._close = h("button", { type: "button", class: "quiet icon", onclick: () => means.close() }, icon("cross"));
  }

  /** @param {string | null} id null: nothing */
  open(id) {
    const isOther = this._id !== id;
    this._id = id;
    this._root.hidden = id === null;
    if (id === null || !isOther) return this.show();
    this._rows.clear();
    this._error.hidden = true;
    this._root.replaceChildren(
      h("header", { class: "details-top" }, this._close, this._heading),
      h("div", { class: "details-who" }, this._avatar.element, h("div", { class: "details-title" }, this._title, this._rename), this._count),
      this._error, this._list, this._add, h("footer", { class: "details-acts" }, this._leave, this._delete));
    this._list.replaceChildren();
    return this.show();
  }

  focus() {
    this._close.focus();
  }

  show() {
    const conversation = this._conversation;
    if (!conversation) return;
    const { live, words } = this._means;
    const say = words();
    const own = conversation.members.get(live.userId)?.role;
    const isGroup = conversation.type === "group";
    const name = titleOf(conversation, live, say);
    this._heading.textContent = say.details;
    label(this._close, say.close);
    this._avatar.show({ id: otherOf(conversation, live.userId) ?? conversation.id, name, isGroup });
    this._title.textContent = name;
    this._count.textContent = isGroup ? say.members(conversation.members.size || conversation.member_count) : "";
    this._rename.hidden = !isGroup || !mayManage(own);
    label(this._rename, say.rename);
    this._add.hidden = !isGroup || !mayManage(own);
    this._add.replaceChildren(icon("plus"), say.addMember);
    this._leave.hidden = !isGroup;
    this._leave.replaceChildren(icon("leave"), say.leave);
    this._delete.hidden = !mayDelete(own);
    this._delete.replaceChildren(icon("trash"), say.delete);
    this._showMembers(conversation, say);
  }

  get _conversation() {
    return this._means.live.conversation(String(this._id));
  }

  /** By role, then by name; oneself first. @param {any} conversation  @param {Words} say */
  _showMembers(conversation, say) {
    const { live } = this._means;
    const rank = (/** @type {any} */ member) => ROLES.indexOf(member.role);
    const name = (/** @type {string} */ id) => nameOf(live.user(id), say);
    const sorted = [...conversation.members].sort(([a, one], [b, two]) =>
      Number(b === live.userId) - Number(a === live.userId) || rank(one) - rank(two) || name(a).localeCompare(name(b)));
    for (const [id, row] of this._rows) {
      if (conversation.members.has(id)) continue;
      row.element.remove();
      this._rows.delete(id);
    }
    let place = this._list.firstElementChild;
    for (const [id, member] of sorted) {
      const row = this._row(id);
      row.show(member, conversation, say);
      if (row.element === place) place = place.nextElementSibling;
      else this._list.insertBefore(row.element, place);
    }
  }

  /** @param {string} userId */
  _row(userId) {
    const known = this._rows.get(userId);
    if (known) return known;
    const row = new MemberRow(userId, this._means.live, {
      changeRole: (id, role) => this._try(() => this._request("PATCH", `/members/${id}`, { role })),
      remove: (id, name) => this._remove(id, name),
      writeTo: (id) => this._means.writeTo(id),
    });
    this._rows.set(userId, row);
    return row;
  }

  /** @param {string} method  @param {string} path  @param {unknown} [body] */
  _request(method, path, body) {
    return this._means.api.request(method, `/v1/conversations/${this._id}${path}`, { body });
  }

  /** Do it, or say why not. @param {() => Promise<unknown>} act  @returns {Promise<boolean>} */
  async _try(act) {
    this._error.hidden = true;
    try {
      await act();
      return true;
    } catch (error) {
      this._error.textContent = refusalText(error, this._means.words());
      this._error.hidden = false;
      for (const row of this._rows.values()) row.again();
      this.show();
      return false;
    }
  }

  /** @param {string} userId  @param {string} name */
  async _remove(userId, name) {
    const say = this._means.words();
    const isSure = await ask({ title: say.reallyRemove(name), text: say.reallyRemoveText, go: say.remove, cancel: say.cancel });
    if (isSure) await this._try(() => this._means.live.removeMember(String(this._id), userId));
  }

  async _leaveIt() {
    const say = this._means.words();
    const isSure = await ask({ title: say.reallyLeave, text: say.reallyLeaveText, go: say.leaveGo, cancel: say.cancel });
    if (isSure && (await this._try(() => this._means.live.leave(String(this._id))))) this._means.go(null);
  }

  async _deleteIt() {
    const say = this._means.words();
    const isSure = await ask({ title: say.reallyDelete, text: say.reallyDeleteText, go: say.deleteGo, cancel: say.cancel });
    if (isSure && (await this._try(() => this._request("DELETE", "")))) this._means.go(null);
  }

  _openRename() {
    const say = this._means.words();
    const input = /** @type {HTMLInputElement} */ (h("input", { name: "title", maxlength: 200, value: this._conversation?.title ?? "", "aria-label": say.groupTitle }));
    const form = h("form", { class: "dialog-body" }, input, h("footer", { class: "dialog-acts" }, h("button", { class: "primary" }, say.save)));
    const dialog = openDialog({ title: say.rename, close: say.close }, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      dialog.close();
      void this._try(() => this._request("PATCH", "", { title: input.value.trim() || null }));
    });
    input.select();
  }

  _openAdd() {
    const { live, words, notice } = this._means;
    const say = words();
    const error = h("p", { class: "error", role: "alert", hidden: true });
    const add = async (/** @type {any} */ user) => {
      try {
        await live.addMember(String(this._id), user.id);
        dialog.close();
        notice(say.joined(nameOf(user, say)));
      } catch (refusal) {
        error.textContent = refusalText(refusal, say);
        error.hidden = false;
      }
    };
    const why = (/** @type {string} */ id) => (this._conversation?.members.has(id) ? say.refusals.already_member : "");
    const picker = new PersonPicker({ live, words, choose: add, why });
    const dialog = openDialog({ title: say.addMember, close: say.close }, h("div", { class: "dialog-body" }, picker.element, error));
    picker.input.focus();
  }
}

/** @param {HTMLElement} element  @param {string} text */
function label(element, text) {
  element.setAttribute("aria-label", text);
  element.title = text;
}
