// What can be done with a message: by mouse, finger and keys.

import { h, icon } from "../../page/dom.js";
import { quickPicker, wholePicker } from "./reactions.js";
import { words } from "./words.js";

/**
 * @typedef {"reply" | "edit" | "unsend" | "copy" | "info"} Act
 * @typedef {{find: (messageId: string) => any, may: (message: any) => Act[], mayReact: () => boolean, act: (act: Act, message: any) => void,
 *   react: (message: any, emoji: string) => void, leave: () => void, beside: (messageId: string, step: 1 | -1) => HTMLElement | null}} Given
 */

/** @type {Record<Act, Parameters<typeof icon>[0]>} */
const PICTURES = { reply: "reply", edit: "pencil", unsend: "trash", copy: "copy", info: "info" };
/** Keys on a message that has the focus. @type {Record<string, Act>} */
const KEYS = { r: "reply", e: "edit", Delete: "unsend", Backspace: "unsend", c: "copy", i: "info" };
const EDGE_PX = 8;

/** The bar that appears at one message at a time, with its menu and its picker. */
export class Acts {
  /** @param {HTMLElement} list  @param {Given} given */
  constructor(list, given) {
    this._given = given;
    /** @type {string | null} */
    this._id = null;
    this._bar = h("div", { class: "acts", role: "toolbar" });
    this._over = h("div", { class: "over-bar", popover: "auto" });
    this._over.addEventListener("toggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === "closed") this._opener?.setAttribute("aria-expanded", "false");
    });
    this._over.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      // It closes this, and not the conversation.
      event.stopPropagation();
      this.hide();
    });
    /** @type {HTMLElement | null} */
    this._opener = null;
    list.addEventListener("pointerover", (event) => event.pointerType === "mouse" && !this._isOpen && this._at(messageAt(event.target)));
    list.addEventListener("pointerleave", () => !this._isOpen && !this._bar.contains(document.activeElement) && this._at(null));
    list.addEventListener("focusin", (event) => !this._bar.contains(/** @type {Node} */ (event.target)) && this._at(messageAt(event.target)));
    list.addEventListener("click", (event) => this._tapped(event));
    list.addEventListener("keydown", (event) => this._key(event));
    document.body.append(this._over);
  }

  /** It is another language, or another conversation. */
  clear() {
    this.hide();
    this._at(null);
  }

  hide() {
    if (this._isOpen) this._over.hidePopover();
  }

  end() {
    this.clear();
    this._over.remove();
  }

  get _isOpen() {
    return this._over.matches(":popover-open");
  }

  /** @param {HTMLElement | null} element */
  _at(element) {
    const message = element ? this._given.find(element.dataset.id ?? "") : null;
    if (!element || !message || message.deleted_at || message.local) {
      this._id = null;
      this._bar.remove();
      return;
    }
    const line = element.querySelector(".bubble-line");
    if (this._id === message.message_id && this._bar.parentElement === line) return;
    this._id = message.message_id;
    this._bar.setAttribute("aria-label", words().actsOf);
    this._bar.replaceChildren(...this._buttons());
    line?.append(this._bar);
  }

  _buttons() {
    const say = words();
    const acts = this._given.may(this._message());
    const react = this._opening("smile", say.react, (opener) => this._pick(opener));
    const reply = this._button("reply", say.reply, () => this._do("reply"));
    const more = this._opening("dots", say.more, (opener) => this._menu(opener));
    return [...(this._given.mayReact() ? [react] : []), ...(acts.includes("reply") ? [reply] : []), ...(acts.length ? [more] : [])];
  }

  /** @param {Parameters<typeof icon>[0]} picture  @param {string} label  @param {(button: HTMLElement) => void} act */
  _button(picture, label, act) {
    /** @type {HTMLElement} */
    const button = h("button", { type: "button", class: "act", title: label, "aria-label": label, onclick: () => act(button) }, icon(picture));
    return button;
  }

  /** @param {Parameters<typeof icon>[0]} picture  @param {string} label  @param {(button: HTMLElement) => void} open */
  _opening(picture, label, open) {
    const button = this._button(picture, label, (opener) => (this._isOpen && this._opener === opener ? this.hide() : open(opener)));
    button.setAttribute("aria-haspopup", "true");
    button.setAttribute("aria-expanded", "false");
    return button;
  }

  /** @param {HTMLElement} opener */
  _menu(opener) {
    const say = words();
    const labels = { reply: say.reply, edit: say.edit, unsend: say.unsend, copy: say.copyText, info: say.info };
    const items = this._given.may(this._message()).map((act) =>
      h("button", { type: "button", role: "menuitem", class: act === "unsend" ? "item is-bad" : "item", tabindex: "-1", onclick: () => this._do(act) }, icon(PICTURES[act]), labels[act]));
    this._open(opener, h("div", { class: "menu", role: "menu", onkeydown: inMenu }, ...items));
  }

  /** @param {HTMLElement} opener */
  _pick(opener) {
    const choose = (/** @type {string} */ emoji) => {
      const message = this._message();
      this.hide();
      this._given.react(message, emoji);
    };
    this._open(opener, quickPicker(choose, () => this._open(opener, wholePicker(choose))));
  }

  /** @param {HTMLElement} opener  @param {HTMLElement} content */
  _open(opener, content) {
    this.hide();
    this._opener = opener;
    opener.setAttribute("aria-expanded", "true");
    this._over.replaceChildren(content);
    this._over.showPopover();
    beside(this._over, opener);
    content.querySelector("button")?.focus();
  }

  /** @param {Act} act */
  _do(act) {
    const message = this._message();
    this.hide();
    if (message) this._given.act(act, message);
  }

  _message() {
    return this._given.find(this._id ?? "");
  }

  /** A finger has no way of being over something: a tap on a message shows the bar. @param {MouseEvent} event */
  _tapped(event) {
    const target = /** @type {Element} */ (event.target);
    const isTouch = /** @type {PointerEvent} */ (event).pointerType !== "mouse";
    if (!isTouch || target.closest("a, button, audio") || !target.closest(".bubble")) return;
    const element = messageAt(target);
    this._at(element?.dataset.id === this._id ? null : element);
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const element = messageAt(target);
    if (!element || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      if (target === element) this._given.leave();
      else element.focus();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const next = this._given.beside(element.dataset.id ?? "", event.key === "ArrowUp" ? -1 : 1);
      if (next) next.focus();
      else if (event.key === "ArrowDown") this._given.leave();
    } else if (target === element) {
      // Meanwhile the mouse may have taken the bar elsewhere: keys are for what has the focus.
      this._at(element);
      this._keyOn(event);
    }
  }

  /** @param {KeyboardEvent} event */
  _keyOn(event) {
    const act = KEYS[event.key];
    const message = this._message();
    if (!message) return;
    if (act && this._given.may(message).includes(act)) {
      event.preventDefault();
      this._do(act);
    } else if (event.key === "Enter" || event.key === "+") {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (this._bar.querySelector(event.key === "+" ? "button" : "button:last-child"))?.click();
    }
  }
}

/** @param {EventTarget | null} target  @returns {HTMLElement | null} */
function messageAt(target) {
  return target instanceof Element ? target.closest(".message") : null;
}

/** The arrows go around in a menu (WAI-ARIA Authoring Practices, Menu). @param {KeyboardEvent} event */
function inMenu(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const menu = /** @type {HTMLElement} */ (event.currentTarget);
  const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("button")]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  items.at((at + (event.key === "ArrowDown" ? 1 : -1)) % items.length)?.focus();
}

/** Above what opened it or below, inside of the window. @param {HTMLElement} element  @param {HTMLElement} opener */
function beside(element, opener) {
  const [box, own] = [opener.getBoundingClientRect(), element.getBoundingClientRect()];
  const fits = box.top - own.height - EDGE_PX > 0;
  const left = Math.min(Math.max(EDGE_PX, box.left + box.width / 2 - own.width / 2), innerWidth - own.width - EDGE_PX);
  const top = fits ? box.top - own.height - EDGE_PX / 2 : Math.min(box.bottom + EDGE_PX / 2, innerHeight - own.height - EDGE_PX);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}
