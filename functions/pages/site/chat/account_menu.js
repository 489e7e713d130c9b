// The account: name, who sees one's presence, language, appearance, signing out.

import { copyText } from "../page/clipboard.js";
import { openDialog } from "../page/dialog.js";
import { h, icon } from "../page/dom.js";
import { chooseLanguage, currentLanguage, LANGUAGES } from "../page/language.js";
import { chooseTheme, currentTheme } from "../page/theme.js";
import { Avatar } from "./avatar.js";
import { nameOf } from "./names.js";
import { refusalText } from "./refusals.js";
import { signInsPart } from "./sign_ins.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {{words: () => Words, me: () => any, update: (changes: any) => Promise<any>, onLanguage: () => void, onShortcuts: () => void,
 *   api: import("../chat4all/api.js").Api, providers: Record<string, string>, signOut: () => void, notice: (text: string) => void}} Means */

/** @param {Means} means */
export function openAccount(means) {
  new Account(means).open();
}

class Account {
  /** @param {Means} means */
  constructor(means) {
    this._means = means;
    this._error = h("p", { class: "error", role: "alert", hidden: true });
  }

  open() {
    const say = this._means.words();
    this._dialog = openDialog({ title: say.account, close: say.close }, h("div", { class: "dialog-body" }, this._who(say), this._name(say),
      this._error, this._presence(say), this._theme(say), this._language(say), signInsPart(this._means), this._acts(say)));
  }

  /** @param {Words} say */
  _who(say) {
    const me = this._means.me() ?? {};
    const name = nameOf(me, say);
    const copy = async () => this._means.notice((await copyText(me.username)) ? say.copied : say.notCopied);
    const texts = h("span", { class: "person-text" }, h("strong", { dir: "auto" }, name), h("span", { class: "soft small" }, `@${me.username ?? ""}`));
    const button = h("button", { type: "button", class: "quiet icon", "aria-label": say.copyName, title: say.copyName, onclick: copy }, icon("copy"));
    return h("div", { class: "account-who" }, new Avatar("large").show({ id: String(me.id ?? ""), name }), texts, button);
  }

  /** @param {Words} say */
  _name(say) {
    const input = /** @type {HTMLInputElement} */ (
      h("input", { name: "display_name", maxlength: 80, autocomplete: "name", value: this._means.me()?.display_name ?? "", "aria-describedby": "display-name-hint" }));
    const button = h("button", { class: "primary", disabled: true }, say.save);
    const form = h("form", { class: "inline-form" }, h("label", { class: "field" }, h("span", {}, say.displayName), input), button,
      h("p", { class: "soft small", id: "display-name-hint" }, say.displayNameHint));
    input.addEventListener("input", () => button.toggleAttribute("disabled", input.value.trim() === (this._means.me()?.display_name ?? "")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.toggleAttribute("disabled", true);
      if (await this._change({ display_name: input.value.trim() || null })) this._means.notice(say.saved);
      else button.toggleAttribute("disabled", false);
    });
    return form;
  }

  /** @param {Words} say */
  _presence(say) {
    const chosen = this._means.me()?.presence_visibility ?? "contacts";
    const set = choices("presence", say.presence, Object.entries(say.presences), chosen, async (value) => {
      if (!(await this._change({ presence_visibility: value }))) set.querySelectorAll("input").forEach((one) => (one.checked = one.value === chosen));
    });
    return set;
  }

  /** @param {Words} say */
  _theme(say) {
    return choices("theme", say.theme, Object.entries(say.themes), currentTheme(), (value) => chooseTheme(/** @type {any} */ (value)));
  }

  /** @param {Words} say */
  _language(say) {
    return choices("language", say.language, Object.entries(LANGUAGES), currentLanguage(), (value) => {
      chooseLanguage(/** @type {any} */ (value));
      this._dialog?.close();
      this._means.onLanguage();
      this.open();
      this._dialog?.querySelector(/** @type {any} */ ("input[name=language]:checked"))?.focus();
    });
  }

  /** @param {Words} say */
  _acts(say) {
    const shortcuts = () => {
      this._dialog?.close();
      this._means.onShortcuts();
    };
    const leave = () => {
      this._dialog?.close();
      this._means.signOut();
    };
    return h("footer", { class: "dialog-acts apart" },
      h("button", { type: "button", class: "quiet", onclick: shortcuts }, icon("keyboard"), say.shortcuts),
      h("button", { type: "button", onclick: leave }, icon("leave"), say.signOut));
  }

  /** @param {Record<string, unknown>} changes  @returns {Promise<boolean>} */
  async _change(changes) {
    try {
      await this._means.update(changes);
      this._error.hidden = true;
      return true;
    } catch (error) {
      this._error.textContent = refusalText(error, this._means.words());
      this._error.hidden = false;
      return false;
    }
  }
}

/**
 * One of a few, side by side.
 * @param {string} name  @param {string} title  @param {[string, string][]} options  @param {string} chosen  @param {(value: string) => unknown} choose
 */
function choices(name, title, options, chosen, choose) {
  const labels = options.map(([value, text]) => {
    const input = h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => void choose(value) });
    return h("label", { class: "choice" }, input, h("span", { lang: name === "language" ? value : null }, text));
  });
  return h("fieldset", { class: "choices" }, h("legend", {}, title), h("div", { class: "choices-row" }, ...labels));
}
