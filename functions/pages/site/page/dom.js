// Elements and icons, made without markup: text stays text.

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

const PATHS = {
  upload: "M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M4.5 15v2.5a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V15",
  pause: "M9 6v12M15 6v12",
  play: "M8 5.5v13l10.5-6.5z",
  cross: "M6.5 6.5l11 11m0-11l-11 11",
  again: "M19 12a7 7 0 1 1-2.1-5M19 4v4h-4",
  down: "M12 4v11m0 0l-4.5-4.5M12 15l4.5-4.5M5 19.5h14",
  copy: "M9 9h9.5a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1zM15.5 5.5v-1a1 1 0 0 0-1-1H4.5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h1",
};

/** @param {keyof typeof PATHS} name */
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
