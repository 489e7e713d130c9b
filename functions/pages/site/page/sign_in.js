// Signing in, and making an account.

import { ApiError } from "../chat4all/errors.js";
import { answer } from "../chat4all/session.js";
import { h } from "./dom.js";
import { goTo, whyNot } from "./provider_sign_in.js";
import { reason } from "./reason.js";

/** @typedef {typeof import("./words_en.js").EN & {signInWhy: string, signInAgain: string}} Words */

/** The form, in `root`. It signs in, or makes an account and signs in with that. */
export class SignIn {
  /** @param {HTMLElement} root  @param {import("../chat4all/session.js").Session} session  @param {() => Words} words */
  constructor(root, session, words) {
    this._session = session;
    this._words = words;
    this._isNew = false;
    this._title = h("h2", { id: "sign-in-title" });
    this._why = h("p", { class: "soft" });
    this._name = field("username", { autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: 254 });
    this._email = field("email", { type: "email", autocomplete: "email", maxlength: 254 });
    this._password = field("password", { type: "password", maxlength: 256 });
    this._error = h("p", { class: "error", role: "alert", hidden: true });
    this._go = h("button", { class: "primary wide" });
    this._other = h("button", { class: "link", type: "button", onclick: () => this._turn() });
    this._by = h("div", { class: "sign-in-by", hidden: true });
    /** @type {Record<string, string>} */
    this._providers = {};
    const fields = [this._name.label, this._email.label, this._password.label];
    const form = h("form", { novalidate: true }, ...fields, this._error, this._go, this._other, this._by);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this._submit();
    });
    root.replaceChildren(this._title, this._why, form);
    root.setAttribute("aria-labelledby", "sign-in-title");
  }

  /** @param {boolean} [hasEnded] somebody was signed in here */
  show(hasEnded = false) {
    const say = this._words();
    this._title.textContent = this._isNew ? say.registerTitle : say.signInTitle;
    this._why.textContent = hasEnded ? say.signInAgain : say.signInWhy;
    this._go.textContent = this._isNew ? say.registerGo : say.signInGo;
    this._other.textContent = this._isNew ? say.signInInstead : say.registerInstead;
    this._name.text.textContent = this._isNew ? say.newUsername : say.username;
    this._email.text.textContent = say.email;
    this._password.text.textContent = say.password;
    this._email.label.hidden = !this._isNew;
    for (const { input } of [this._name, this._email, this._password]) input.removeAttribute("aria-invalid");
    this._password.input.autocomplete = this._isNew ? "new-password" : "current-password";
    this._showProviders();
    this._tell("");
  }

  /** Others by whom people sign in here. @param {Record<string, string>} providers where each begins */
  offer(providers) {
    this._providers = providers;
    this._showProviders();
  }

  /**
   * The browser has come back from a provider.
   * @param {import("./provider_sign_in.js").Came} came
   */
  async finish({ provider, code, verifier, error }) {
    if (error) return this._tell(whyNot(error, this._words()));
    this._busy(true);
    try {
      await this._session.signInBy(provider, code, verifier);
    } catch (refused) {
      this._tell(whyNot(refused, this._words()));
    } finally {
      this._busy(false);
    }
    return undefined;
  }

  focus() {
    this._name.input.focus();
  }

  _showProviders() {
    const say = this._words();
    const buttons = Object.entries(this._providers).map(([name, url]) =>
      h("button", { type: "button", class: "wide", onclick: () => void goTo(name, url, "sign_in") }, say.signInBy(say.providers[name] ?? name)));
    this._by.replaceChildren(h("p", { class: "soft small or" }, say.or), ...buttons);
    this._by.hidden = !buttons.length;
  }

  _turn() {
    this._isNew = !this._isNew;
    this.show();
    this.focus();
  }

  async _submit() {
    const needed = (this._isNew ? [this._name, this._email, this._password] : [this._name, this._password]).map((one) => one.input);
    const missing = needed.find((input) => !input.value.trim());
    for (const input of needed) input.setAttribute("aria-invalid", String(!input.value.trim()));
    if (missing) {
      missing.focus();
      return this._tell(this._words().required);
    }
    this._busy(true);
    const wasNew = this._isNew;
    try {
      await this._enter(this._name.input.value.trim(), this._email.input.value.trim(), this._password.input.value);
    } catch (error) {
      const isMade = wasNew && !this._isNew;
      if (isMade) this.show();
      this._refuse(error, isMade);
    } finally {
      this._busy(false);
    }
    return undefined;
  }

  /** @param {string} username  @param {string} email  @param {string} password */
  async _enter(username, email, password) {
    if (this._isNew) await register({ username, email, password });
    // The account is there, whatever becomes of signing in: doing it again would be refused.
    this._isNew = false;
    await this._session.signIn(username, password);
    for (const { input } of [this._name, this._email, this._password]) input.value = "";
    this._tell("");
  }

  /**
   * The fields that are refused are marked, and the first of them is where to go on.
   * @param {unknown} error  @param {boolean} isMade the account is there, and it was signing in that failed
   */
  _refuse(error, isMade) {
    const say = this._words();
    this._tell([...(isMade ? [say.registered] : []), reason(error, say)].join("\n"));
    const code = error instanceof ApiError ? error.code : "";
    const at = error instanceof ApiError ? error.errors.map(({ pointer }) => pointer) : [];
    const wrong = [this._name, this._email, this._password].map(({ input }) => input)
      .filter(({ name }) => at.includes(`/${name}`) || code === `${name}_taken`);
    for (const input of wrong) input.setAttribute("aria-invalid", "true");
    (wrong[0] ?? this._password.input).focus();
  }

  /** @param {boolean} is */
  _busy(is) {
    for (const button of [this._go, this._other, ...this._by.querySelectorAll("button")]) /** @type {HTMLButtonElement} */ (button).disabled = is;
  }

  /** @param {string} text */
  _tell(text) {
    this._error.hidden = !text;
    this._error.textContent = text;
  }
}

/** @param {string} name  @param {Record<string, any>} attributes */
function field(name, attributes) {
  const text = h("span");
  const input = /** @type {HTMLInputElement} */ (h("input", { name, ...attributes }));
  return { text, input, label: h("label", { class: "field" }, text, input) };
}

/** @param {{username: string, email: string, password: string}} user */
function register(user) {
  return answer("/v1/users", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(user) });
}
