// Where messages are written.

import { h, icon } from "../../page/dom.js";
import { choose } from "../../page/picker.js";
import { locale } from "../../page/language.js";
import { draftOf, keepDraft } from "./drafts.js";
import { words } from "./words.js";

/**
 * @typedef {{userId: string, tray: import("./tray.js").Tray, send: (text: string, replyTo: any) => void, edit: (message: any, text: string) => Promise<boolean>,
 *   typing: () => void, stopped: () => void, lastOwn: () => any, name: (id: string) => string, preview: (message: any) => string,
 *   take: (chosen: import("../../chat4all/uploads.js").Chosen[]) => void, up: () => void}} Given
 */

/** Characters of a text (chat4all.domain.message.TEXT_MAX). */
export const TEXT_MAX = 16_384;
const NEAR = 1_000;

export class Composer {
  /** @param {Given} given */
  constructor(given) {
    this._given = given;
    this._id = "";
    /** @type {any} */
    this._replied = null;
    /** @type {any} */
    this._edited = null;
    this._who = "";
    this._mayWrite = true;
    this._isTyping = false;
    this.field = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "write", rows: "1", dir: "auto", enterkeyhint: "send" }));
    this.input = /** @type {HTMLInputElement} */ (h("input", { type: "file", hidden: true, "aria-hidden": "true", tabindex: "-1" }));
    this._attach = h("button", { type: "button", class: "quiet icon attach" }, icon("clip"));
    this._go = /** @type {HTMLButtonElement} */ (h("button", { type: "submit", class: "primary icon go" }, icon("send")));
    this._about = h("div", { class: "about", hidden: true });
    this._aboutWhom = h("strong");
    this._count = h("p", { class: "count", role: "status" });
    this._note = h("p", { class: "composer-note soft", hidden: true });
    this._line = h("div", { class: "composer-line" }, this._attach, this.field, this._go);
    this.element = h("form", { class: "composer" }, this._about, given.tray.element, this._line, this._count, this._note, this.input);
    this._listen();
  }

  _listen() {
    const { field } = this;
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this._submit();
    });
    field.addEventListener("input", () => this._typed());
    field.addEventListener("keydown", (event) => this._key(event));
    field.addEventListener("blur", () => this._stopped());
    this._attach.addEventListener("click", async () => {
      const chosen = await choose(true, this.input);
      if (chosen.length) this._given.take(chosen);
      field.focus();
    });
    this._given.tray.addEventListener("change", () => this._weigh());
  }

  /** @param {string} conversationId */
  open(conversationId) {
    this.leave();
    this._id = conversationId;
    this._replied = this._edited = null;
    this.field.value = draftOf(this._given.userId, conversationId);
    this._given.tray.open(conversationId);
    this._showAbout();
    this._fit();
  }

  /** Keep what was written. */
  leave() {
    if (this._id && !this._edited) keepDraft(this._given.userId, this._id, this.field.value);
    this._stopped();
  }

  focus() {
    if (this._mayWrite) this.field.focus();
  }

  /** @param {{who: string, mayWrite: boolean, note: string}} to whom, and why not where that is not possible */
  address({ who, mayWrite, note }) {
    const say = words();
    this._mayWrite = mayWrite;
    this._who = who;
    this._line.hidden = !mayWrite;
    this._note.hidden = mayWrite;
    this._note.textContent = note;
    label(this._attach, say.attach);
    this._showWhom();
    this._weigh();
  }

  /** @param {any} message */
  reply(message) {
    if (this._edited) this._cancel();
    this._replied = message;
    this._showAbout();
    this.focus();
  }

  /** @param {any} message */
  edit(message) {
    if (!this._edited) keepDraft(this._given.userId, this._id, this.field.value);
    this._edited = message;
    this._replied = null;
    this.field.value = String(message.content ?? "");
    this._showAbout();
    this._fit();
    this.focus();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  /** Text that could not go with its files. @param {string} text */
  giveBack(text) {
    this.field.value = [this.field.value, text].filter(Boolean).join("\n");
    this._fit();
  }

  /** In another language now. */
  show() {
    this._showAbout();
    this._weigh();
  }

  async _submit() {
    const text = this.field.value.trim();
    if (lengthOf(text) > TEXT_MAX) return;
    if (this._edited) return this._save(text);
    if (!text && !this._given.tray.list.length) return;
    this._given.send(text, this._replied);
    this._replied = null;
    this._isTyping = false;
    this._clear("");
  }

  /** @param {string} text */
  async _save(text) {
    const message = this._edited;
    if (!text && message.type === "text") return;
    if (text === message.content || (await this._given.edit(message, text))) this._cancel();
  }

  /** @param {string} text */
  _clear(text) {
    this.field.value = text;
    keepDraft(this._given.userId, this._id, text);
    this._showAbout();
    this._fit();
  }

  _cancel() {
    const wasEdit = this._edited !== null;
    this._edited = this._replied = null;
    if (wasEdit) this.field.value = draftOf(this._given.userId, this._id);
    this._showAbout();
    this._fit();
    this.focus();
  }

  _typed() {
    this._fit();
    if (this._edited) return;
    keepDraft(this._given.userId, this._id, this.field.value);
    if (!this.field.value.trim()) return this._stopped();
    this._isTyping = true;
    this._given.typing();
  }

  _stopped() {
    if (!this._isTyping) return;
    this._isTyping = false;
    this._given.stopped();
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    // While an input method composes, Enter is its own (isComposing; Safari says 229).
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !isTouch()) {
      event.preventDefault();
      void this._submit();
    } else if (event.key === "Escape" && (this._edited || this._replied)) {
      event.preventDefault();
      event.stopPropagation();
      this._cancel();
    } else if (event.key === "ArrowUp" && !this.field.value && !this._edited) {
      event.preventDefault();
      const own = event.shiftKey ? null : this._given.lastOwn();
      if (own) this.edit(own);
      else this._given.up();
    }
  }

  /** What it answers or changes. */
  _showAbout() {
    const say = words();
    const message = this._edited ?? this._replied;
    this._about.hidden = !message;
    this._about.replaceChildren();
    if (message) {
      const cancel = h("button", { type: "button", class: "quiet icon", "aria-label": say.cancel, title: say.cancel, onclick: () => this._cancel() }, icon("cross"));
      const texts = h("div", { class: "about-text" }, this._aboutWhom, h("span", { class: "soft", dir: "auto" }, this._given.preview(message)));
      this._about.append(icon(this._edited ? "pencil" : "reply"), texts, cancel);
      this._showWhom();
    }
    this._weigh();
  }

  /** A name may come later than the message that is answered. */
  _showWhom() {
    const say = words();
    const sender = this._replied?.sender_id;
    const title = sender ? say.replyTo(sender === this._given.userId ? say.you : this._given.name(sender)) : say.editing;
    if (this._aboutWhom.textContent !== title) this._aboutWhom.textContent = title;
  }

  /** As tall as its text, up to what the style allows. */
  _fit() {
    const { field } = this;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
    this._weigh();
  }

  _weigh() {
    const say = words();
    const text = this.field.value.trim();
    const files = this._edited ? [] : this._given.tray.list;
    const left = TEXT_MAX - lengthOf(text);
    const number = new Intl.NumberFormat(locale()).format(Math.abs(left));
    const told = left < 0 ? say.tooMany(number) : left <= NEAR ? say.left(number) : "";
    if (this._count.textContent !== told) this._count.textContent = told;
    this._count.classList.toggle("is-bad", left < 0);
    this._go.disabled = left < 0 || (!text && !files.length);
    this._go.classList.toggle("is-edit", Boolean(this._edited));
    label(this._go, this._edited ? say.save : say.send);
    this.field.setAttribute("aria-label", this._who ? say.writeToLabel(this._who) : say.write);
    this.field.placeholder = files.length ? say.caption : say.write;
    this._attach.hidden = Boolean(this._edited);
  }
}

/** In characters of Unicode, as the API counts. @param {string} text */
function lengthOf(text) {
  return text.length <= TEXT_MAX - NEAR ? text.length : [...text].length;
}

/** On a screen keyboard Enter is a new line: it has no Shift+Enter. */
function isTouch() {
  return matchMedia("(pointer: coarse) and (hover: none)").matches;
}

/** @param {HTMLElement} element  @param {string} text */
function label(element, text) {
  element.title = text;
  element.setAttribute("aria-label", text);
}
