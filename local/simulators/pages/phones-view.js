// Pieces of the phones' page. Text is only ever set as text: nothing an account says becomes HTML.

/** An element with properties and children (elements or texts; what is empty is left out). */
export function element(name, properties = {}, children = []) {
  const { label, data, ...rest } = properties;
  const made = Object.assign(document.createElement(name), rest);
  if (label) made.setAttribute("aria-label", label);
  Object.assign(made.dataset, data);
  made.append(...children.filter((child) => child !== "" && child !== null && child !== undefined && child !== false));
  return made;
}

/** A button that does something. */
export function button(text, act, properties = {}) {
  const made = element("button", { type: "button", ...properties }, [text]);
  made.addEventListener("click", act);
  return made;
}

/** A round avatar: first letter, and one of eight tints. */
export function avatar(name, id) {
  const letter = [...name][0]?.toUpperCase() ?? "?";
  const tint = [...String(id)].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 9973, 7) % 8;
  const made = element("span", { className: `avatar tint-${tint}` }, [letter]);
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** Hours and minutes of Unix milliseconds. */
export function timeOf(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** Today, or the date. */
export function dayOf(at) {
  const day = new Date(at).toDateString();
  return day === new Date().toDateString() ? "Today" : day;
}

/** Bytes, for people. */
export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Replace the items of a list and leave the keyboard where it was. */
export function fill(list, items) {
  const held = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  list.replaceChildren(...items);
  if (held) list.querySelector(`[data-id="${CSS.escape(held)}"]`)?.focus();
}
