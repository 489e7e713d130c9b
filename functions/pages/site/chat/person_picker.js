// Finding a person: among those one writes with as one types, and anybody by the exact user name.

import { h } from "../page/dom.js";
import { errorText } from "../page/errors.js";
import { Avatar } from "./avatar.js";
import { folded, nameOf } from "./names.js";

/** @typedef {import("./words.js").Words} Words */

const SHOWN = 6;

export class PersonPicker {
  /**
   * @param {{live: import("../chat4all/index.js").LiveClient, words: () => Words, choose: (user: any) => unknown, why: (userId: string) => string}} given
   *   `why`: why this one cannot be chosen; empty where they can
   */
  constructor({ live, words, choose, why }) {
    this._live = live;
    this._words = words;
    this._choose = choose;
    this._why = why;
    const say = words();
    this.input = /** @type {HTMLInputElement} */ (
      h("input", { name: "who", autocomplete: "off", autocapitalize: "none", spellcheck: "false", maxlength: 32, "aria-describedby": "who-hint" }));
    this._add = h("button", { type: "button", onclick: () => void this._find() }, say.add);
    this._hint = h("p", { class: "soft small", id: "who-hint", role: "status" }, say.whoHint);
    this._knownTitle = h("h3", { class: "small-title" }, say.known);
    this._known = h("ul", { class: "people" });
    this.element = h("div", { class: "finder" },
      h("label", { class: "field" }, h("span", {}, say.who), this.input), this._add, this._hint, this._knownTitle, this._known);
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !this.input.value.trim()) return;
      event.preventDefault();
      void this._find();
    });
    this.show();
  }

  show() {
    const say = this._words();
    const sought = folded(this.input.value.trim().replace(/^@/, ""));
    const known = this._people().filter((user) => [nameOf(user, say), user.username ?? ""].some((name) => folded(name).includes(sought)));
    this._known.replaceChildren(...known.slice(0, SHOWN).map((user) => this._row(user, say)));
    this._knownTitle.hidden = this._known.hidden = known.length === 0;
    this._say(say.whoHint, false);
  }

  /** Those of all conversations who can be chosen. @returns {any[]} */
  _people() {
    const ids = new Set(this._live.conversations().flatMap(({ members }) => [...members.keys()]));
    const users = [...ids].filter((id) => id !== this._live.userId && !this._why(id)).map((id) => /** @type {any} */ (this._live.user(id)));
    return users.filter((user) => user?.username && !user.deleted_at);
  }

  /** @param {any} user  @param {Words} say */
  _row(user, say) {
    const name = nameOf(user, say);
    const avatar = new Avatar("small").show({ id: user.id, name, status: this._live.presence(user.id)?.status });
    const texts = h("span", { class: "person-text" }, h("span", { dir: "auto" }, name), h("span", { class: "soft small" }, `@${user.username}`));
    return h("li", {}, h("button", { type: "button", class: "person", "aria-label": say.addPerson(name), onclick: () => this._take(user) }, avatar, texts));
  }

  async _find() {
    const say = this._words();
    const name = this.input.value.trim().replace(/^@/, "");
    if (!name) return this.input.focus();
    this._say(say.looking, false);
    try {
      const user = await this._live.findUser(name);
      if (this.input.value.trim().replace(/^@/, "") !== name) return undefined;
      return user ? this._take(user) : this._say(say.nobodyCalled(name), true);
    } catch (error) {
      return this._say(errorText(error, say), true);
    }
  }

  /** @param {any} user */
  _take(user) {
    const why = user.id === this._live.userId ? this._words().thatIsYou : this._why(user.id);
    if (why) return this._say(why, true);
    this.input.value = "";
    this._choose(user);
    this.show();
    return this.input.focus();
  }

  /** @param {string} text  @param {boolean} isError */
  _say(text, isError) {
    this._hint.textContent = text;
    this._hint.classList.toggle("error", isError);
    this._hint.classList.toggle("soft", !isError);
    this.input.setAttribute("aria-invalid", String(isError));
  }
}
