// Signing in, and making an account.

import { ApiError } from "../chat4all/index.js";
import { answer } from "../chat4all/session.js";
import { byId } from "./dom.js";
import { words } from "./words.js";

/** The form. It signs in, or makes an account and signs in with that. */
export class SignIn {
  /** @param {import("../chat4all/session.js").Session} session */
  constructor(session) {
    this._session = session;
    this._isNew = false;
    this._form = /** @type {HTMLFormElement} */ (byId("sign-in-form"));
    this._form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this._go();
    });
    byId("sign-in-other").addEventListener("click", () => {
      this._isNew = !this._isNew;
      this.show();
      this._form.username.focus();
    });
  }

  /** @param {boolean} [hasEnded] somebody was signed in here */
  show(hasEnded = false) {
    const say = words();
    byId("sign-in-title").textContent = this._isNew ? say.registerTitle : say.signInTitle;
    byId("sign-in-go").textContent = this._isNew ? say.registerGo : say.signInGo;
    byId("sign-in-other").textContent = this._isNew ? say.signInInstead : say.registerInstead;
    byId("sign-in-why").textContent = hasEnded ? say.signInAgain : say.signInWhy;
    const name = this._form.querySelector("[data-word=username], [data-word=newUsername]");
    if (name) name.textContent = this._isNew ? say.newUsername : say.username;
    byId("email-field").hidden = !this._isNew;
    this._form.password.autocomplete = this._isNew ? "new-password" : "current-password";
    this._tell("");
  }

  async _go() {
    const { username, email, password } = /** @type {any} */ (this._form.elements);
    const needed = this._isNew ? [username, email, password] : [username, password];
    const missing = needed.find((field) => !field.value.trim());
    for (const field of needed) field.setAttribute("aria-invalid", String(!field.value.trim()));
    if (missing) {
      missing.focus();
      return this._tell(words().required);
    }
    this._busy(true);
    try {
      if (this._isNew) await register({ username: username.value.trim(), email: email.value.trim(), password: password.value });
      await this._session.signIn(username.value.trim(), password.value);
      this._form.reset();
      this._isNew = false;
      this._tell("");
    } catch (error) {
      this._tell(reason(error));
      password.focus();
    } finally {
      this._busy(false);
    }
    return undefined;
  }

  /** @param {boolean} is */
  _busy(is) {
    /** @type {HTMLButtonElement} */ (byId("sign-in-go")).disabled = is;
  }

  /** @param {string} text */
  _tell(text) {
    const error = byId("sign-in-error");
    error.hidden = !text;
    error.textContent = text;
  }
}

/** @param {{username: string, email: string, password: string}} user */
function register(user) {
  return answer("/v1/users", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(user) });
}

/** @param {unknown} error */
function reason(error) {
  const say = words();
  if (!(error instanceof ApiError)) return say.noAnswer;
  if (error.status === 401) return say.wrongPassword;
  if (error.status === 429) return say.slowDown(error.retryAfter ?? 1);
  if (error.status >= 500) return say.noAnswer;
  return error.errors.length ? error.errors.map((one) => `${one.pointer.slice(1)}: ${one.detail}`).join("; ") : error.message;
}
