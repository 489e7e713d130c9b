// Elements by hand. Text is always text: nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(3)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** h("a", {class: "x", href: "/", onclick: f}, "text", node, [more]) */
export const h = (tag, properties = {}, ...children) => fill(document.createElement(tag), properties, children);

/** The same for SVG. */
export const s = (tag, properties = {}, ...children) => fill(document.createElementNS(SVG, tag), properties, children);

/** Replace all children. */
export function show(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

const notices = () => document.getElementById("notices");

/** A sentence at the edge of the page, for a few seconds. */
export function notice(text, kind = "good") {
  const box = h("p", { class: `notice ${kind}` }, text);
  notices().append(box);
  setTimeout(() => box.remove(), kind === "bad" ? 9000 : 3500);
}

/** Run something that a person asked for; what goes wrong is said. */
export async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    if (error.name !== "AbortError") notice(error.message, "bad");
    return undefined;
  }
}

export async function copy(text, what = "Copied") {
  await attempt(async () => {
    await navigator.clipboard.writeText(text);
    notice(what);
  });
}

export const copyButton = (text, label = "Copy", shown = "Copy") =>
  h("button", { type: "button", class: "small quiet", title: label, "aria-label": label, onclick: (event) => {
    event.preventDefault();
    event.stopPropagation();
    copy(typeof text === "function" ? text() : text);
  } }, shown);
