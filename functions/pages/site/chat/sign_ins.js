// By whom one signs in: linking, unlinking, and a first password.

import { h } from "../page/dom.js";
import { canSignInBy, goTo, whyNot } from "../page/provider_sign_in.js";

const PATH = "/v1/users/me/sign-ins";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {{api: import("../chat4all/api.js").Api, providers: Record<string, string>, words: () => Words, notice: (text: string) => void}} Means */

/** The part of the account's dialog; empty where the deployment has no providers. @param {Means} means */
export function signInsPart(means) {
  const root = h("section", { class: "sign-ins", hidden: true });
  if (canSignInBy && Object.keys(means.providers).length) void new SignIns(root, means).load();
  return root;
}

/**
 * The browser has come back to link a provider. @param {import("../page/provider_sign_in.js").Came} came  @param {Means} means
 * @returns {Promise<string>} what has come of it, in the person's language
 */
export async function finishLink({ provider, code, verifier, error }, { api, words }) {
  const say = words();
  try {
    if (error) throw error;
    await api.request("PUT", `${PATH}/${provider}`, { body: { code, code_verifier: verifier } });
    return say.linked(say.providers[provider] ?? provider);
  } catch (refused) {
    return whyNot(refused, say);
  }
}

class SignIns {
  /** @param {HTMLElement} root  @param {Means} means */
  constructor(root, means) {
    this._root = root;
    this._means = means;
  }

  async load() {
    const found = await this._means.api.request("GET", PATH).catch(() => null);
    if (found) this._show(found);
  }

  /** @param {{items: {provider: string, label: string | null}[], has_password: boolean}} found */
  _show({ items, has_password: hasPassword }) {
    const say = this._means.words();
    const rows = Object.keys(this._means.providers).map((name) => this._row(name, items.find(({ provider }) => provider === name), say));
    this._root.replaceChildren(h("h3", { class: "part-title" }, say.signIns), h("ul", {}, ...rows), ...(hasPassword ? [] : [this._password(say)]));
    this._root.hidden = false;
  }

  /** @param {string} name  @param {{label: string | null} | undefined} linked  @param {Words} say */
  _row(name, linked, say) {
    const brand = say.providers[name] ?? name;
    const act = linked
      ? h("button", { type: "button", "aria-label": `${say.unlink}: ${brand}`, onclick: () => void this._unlink(name) }, say.unlink)
      : h("button", { type: "button", "aria-label": `${say.link}: ${brand}`, onclick: () => void goTo(name, this._means.providers[name], "link") }, say.link);
    const text = h("span", { class: "person-text" }, h("strong", {}, brand), h("span", { class: "soft small", dir: "auto" }, linked ? (linked.label ?? say.isLinked) : say.notLinked));
    return h("li", { class: "sign-in-row" }, text, act);
  }

  /** @param {string} name */
  async _unlink(name) {
    await this._done(this._means.api.request("DELETE", `${PATH}/${name}`), this._means.words().unlinked);
  }

  /** @param {Words} say */
  _password(say) {
    const input = /** @type {HTMLInputElement} */ (h("input", { name: "password", type: "password", autocomplete: "new-password", minlength: 8, maxlength: 256, required: true }));
    const form = h("form", { class: "inline-form" }, h("label", { class: "field" }, h("span", {}, say.firstPassword), input), h("button", {}, say.save));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this._done(this._means.api.request("PATCH", "/v1/users/me", { body: { password: input.value } }), say.saved);
    });
    return form;
  }

  /** @param {Promise<unknown>} asked  @param {string} text */
  async _done(asked, text) {
    const { notice, words } = this._means;
    await asked.then(() => notice(text), (error) => notice(whyNot(error, words())));
    await this.load();
  }
}
