// JSON as folding lines. Children are made when they are first seen.

import { decoded } from "./decode.js";
import { copyButton, h } from "./dom.js";
import { ExactNumber, pretty } from "./json_text.js";

const AT_ONCE = 100;
const LONG = 400;
const BESIDE = 120;
const OPEN_DEPTH = 2;
const OPEN_ITEMS = 30;

function leaf(value, long) {
  if (value instanceof ExactNumber) return h("span", { class: "j-number" }, value.source);
  if (value === null) return h("span", { class: "j-null" }, "null");
  if (typeof value !== "string") return h("span", { class: `j-${typeof value}` }, String(value));
  const quoted = JSON.stringify(value);
  if (quoted.length <= long) return h("span", { class: "j-string" }, quoted);
  const text = h("span", { class: "j-string" }, `${quoted.slice(0, long)}…`);
  const more = h("button", { type: "button", class: "small quiet", onclick: () => {
    text.textContent = quoted;
    more.remove();
  } }, `${quoted.length.toLocaleString("en")} characters`);
  return h("span", {}, text, " ", more);
}

const branchLike = (value) => value !== null && typeof value === "object" && !(value instanceof ExactNumber);

function preview(value) {
  const size = Object.keys(value).length;
  if (Array.isArray(value)) return `[${size ? `${size} item${size === 1 ? "" : "s"}` : ""}]`;
  const keys = Object.keys(value).slice(0, 5).join(", ");
  return `{${size > 5 ? `${keys}, …` : keys}}`;
}

const labelOf = (key) => (key === null ? "" : h("span", { class: "j-key" }, `${key}: `));

function children(box, value, depth) {
  const entries = Object.entries(value);
  let at = 0;
  const more = h("button", { type: "button", class: "small quiet", onclick: next });
  function next() {
    more.remove();
    for (const [key, item] of entries.slice(at, at + AT_ONCE)) box.append(line(key, item, depth, value));
    at += AT_ONCE;
    if (at < entries.length) {
      more.textContent = `${(entries.length - at).toLocaleString("en")} more`;
      box.append(more);
    }
  }
  next();
}

function branch(key, value, depth, note) {
  const open = depth < OPEN_DEPTH && Object.keys(value).length <= OPEN_ITEMS;
  const box = h("div", { class: "j-children" });
  let made = false;
  const make = () => {
    if (!made) children(box, value, Object.keys(value).length === 1 ? depth : depth + 1);
    made = true;
  };
  if (open) make();
  return h("details", { class: "j-branch", open, ontoggle: (event) => event.target.open && make() },
    h("summary", {}, labelOf(key), note, h("span", { class: "j-kind" }, Array.isArray(value) ? "[ ]" : "{ }"), h("span", { class: "j-preview" }, preview(value)), " ", copyButton(() => pretty(value), "Copy this value")),
    box);
}

function line(key, value, depth, parent) {
  const behind = parent === null ? undefined : decoded(parent, key, value);
  const own = branchLike(value) && Object.keys(value).length
    ? branch(key, value, behind ? OPEN_DEPTH : depth, null)
    : h("div", { class: "j-line" }, labelOf(key), branchLike(value) ? h("span", { class: "j-preview" }, preview(value)) : leaf(value, behind ? BESIDE : LONG));
  if (!behind) return own;
  const badge = h("span", { class: "badge" }, `decoded ${behind.kind}`);
  const shown = branchLike(behind.value)
    ? branch(null, behind.value, Math.min(depth, OPEN_DEPTH - 1), badge)
    : h("div", { class: "j-line" }, badge, " ", h("span", { class: "j-string" }, behind.value), " ", copyButton(behind.value));
  return h("div", { class: "j-both" }, own, h("div", { class: "j-decoded" }, shown));
}

/** A tree of parsed JSON (`json_text.parse`). */
export const tree = (value) => h("div", { class: "json" }, line(null, value, 0, null));
