// Dialogs: the browser's own, which keep the focus in them and close with Esc.

import { newId } from "../chat4all/ids.js";
import { h, icon } from "./dom.js";

/**
 * A dialog that is open from now on, and is gone once it is closed.
 * @param {{title: string, close: string, wide?: boolean}} says `close`: label of its button  @param {(Node | string)[]} children
 * @returns {HTMLDialogElement}
 */
export function openDialog({ title, close, wide = false }, ...children) {
  const id = `dialog-${newId()}`;
  const cross = h("button", { type: "button", class: "quiet icon", "aria-label": close, title: close, onclick: () => dialog.close() }, icon("cross"));
  const top = h("header", { class: "dialog-top" }, h("h2", { id }, title), cross);
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: wide ? "dialog wide" : "dialog", "aria-labelledby": id }, top, ...children));
  // A click beside it closes it: only its own area, which its contents fill, is outside of them.
  dialog.addEventListener("mousedown", (event) => event.target === dialog && isOutside(dialog, event) && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Ask before something that cannot be taken back.
 * @param {{title: string, text: string, go: string, cancel: string}} says  @returns {Promise<boolean>}
 */
export function ask({ title, text, go, cancel }) {
  return new Promise((resolve) => {
    const answer = (/** @type {boolean} */ is) => () => {
      resolve(is);
      dialog.close();
    };
    const acts = h("footer", { class: "dialog-acts" },
      h("button", { type: "button", autofocus: true, onclick: answer(false) }, cancel),
      h("button", { type: "button", class: "danger", onclick: answer(true) }, go));
    const dialog = openDialog({ title, close: cancel }, h("p", { class: "dialog-text" }, text), acts);
    dialog.addEventListener("close", () => resolve(false));
  });
}

/** @param {HTMLElement} element  @param {MouseEvent} event */
function isOutside(element, { clientX, clientY }) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

/** The dialog on top of all: what is behind it is dimmed, silent and cannot be selected. @returns {HTMLDialogElement | undefined} */
export function topDialog() {
  return [.../** @type {NodeListOf<HTMLDialogElement>} */ (document.querySelectorAll("dialog[open]"))].at(-1);
}
