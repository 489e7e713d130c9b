// Elements and icons, made without markup: text stays text.

import { PATHS } from "./icon_paths.js";

/**
 * @param {string} tag  @param {Record<string, any>} [attributes] `on…`: a listener  @param {(Node | string)[]} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** @param {import("./icon_paths.js").IconName} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** @template {HTMLElement} T  @param {string} id  @returns {T} */
export function byId(id) {
  return /** @type {T} */ (document.getElementById(id));
}
