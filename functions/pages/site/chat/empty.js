// What is said where there is nothing: what it means, and what to do.

import { h, icon } from "../page/dom.js";

/** @typedef {{label: string, act: () => void, isPrimary?: boolean}} Act */

/**
 * @param {HTMLElement} root  @param {{picture: import("../page/icon_paths.js").IconName, title: string, text?: string}} says
 * @param {Act[]} acts  @param {Node[]} more
 */
export function showEmpty(root, { picture, title, text = "" }, acts = [], more = []) {
  const buttons = acts.map(({ label, act, isPrimary }) => h("button", { type: "button", class: isPrimary ? "primary" : null, onclick: act }, label));
  const art = h("span", { class: "empty-art", "aria-hidden": "true" }, icon(picture));
  const parts = [art, h("h2", {}, title), ...(text ? [h("p", { class: "soft" }, text)] : []), ...more];
  root.replaceChildren(...parts, ...(buttons.length ? [h("div", { class: "empty-acts" }, ...buttons)] : []));
  root.hidden = false;
}
