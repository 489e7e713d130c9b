// Pieces that several views show.

import { path } from "./api.js";
import { h } from "./dom.js";
import { called } from "./stack.js";

/** The head of a view: where it is, its title, and what can be done. */
export function head(title, { parent, note, actions } = {}) {
  return h("header", { class: "head" },
    h("div", { class: "head-text" },
      parent && h("p", { class: "crumb" }, h("a", { href: parent[0] }, parent[1])),
      h("h1", {}, title),
      note && h("p", { class: "note" }, note)),
    actions && h("div", { class: "actions" }, actions));
}

/** `bare` where the view's own title says it all. */
export const panel = (title, content, { note, actions, wide, bare } = {}) =>
  h("section", { class: wide ? "panel wide" : "panel", "aria-label": title },
    !bare && h("header", { class: "panel-head" }, h("h2", {}, title), note && h("span", { class: "note" }, note), actions && h("div", { class: "actions" }, actions)),
    content);

/** A dotted name that may be broken after its dots and dashes. */
export const breakable = (name) => name.split(/(?<=[._/-])/).flatMap((piece) => [piece, h("wbr")]);

export const empty = (text) => h("p", { class: "empty" }, text);

export const failed = (error) => h("p", { class: "empty bad", role: "alert" }, error.message);

export const functionPath = (name) => path`/functions/${name}`;
export const invocationPath = (id) => path`/invocations/${id}`;
export const topicPath = (name) => path`/topics/${name}`;

export const functionLink = (name) => h("a", { href: functionPath(name), title: name }, called(name));

const GOOD = new Set(["running", "external", "Enabled", "ok"]);
const WAITING = new Set(["starting", "restarting", "Creating", "Enabling", "Disabling", "Disabled"]);

/** A state as a dot and its word: never by colour alone. */
export function state(word, why) {
  const kind = GOOD.has(word) ? "good" : WAITING.has(word) ? "waiting" : "bad";
  return h("span", { class: `state ${kind}`, title: why }, h("i", { "aria-hidden": "true" }), word);
}

export function outcome(one) {
  return one.outcome === "ok" ? state("ok") : h("span", { class: "state bad", title: one.error_message },
    h("i", { "aria-hidden": "true" }), one.error_type || one.outcome);
}

/** [[name, value], ...] as a list of facts; those without a value are left out. */
export const facts = (pairs) => h("dl", { class: "facts" },
  pairs.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));

export const stat = (name, value, kind = "") => h("div", { class: `stat ${kind}` }, h("span", { class: "stat-name" }, name), h("span", { class: "stat-value" }, value));

/** A labelled control: `control` gets an id. */
let fields = 0;
export function field(label, control, note) {
  control.id ||= `field-${++fields}`;
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, note && h("p", { class: "note" }, note));
}

export const choice = (label, options, value, onchange) =>
  h("select", { "aria-label": label, onchange: (event) => onchange(event.target.value) },
    options.map(([key, text]) => h("option", { value: key, ...(key === value ? { selected: true } : {}) }, text)));

export const search = (label, value, oninput) =>
  h("input", { type: "search", class: "search", "aria-label": label, placeholder: label, value, autocomplete: "off", spellcheck: "false",
    oninput: (event) => oninput(event.target.value) });

export const toggle = (label, value, onchange) =>
  h("label", { class: "toggle" }, h("input", { type: "checkbox", ...(value ? { checked: true } : {}), onchange: (event) => onchange(event.target.checked) }), label);

/** Names and values that a person adds: `read()` gives [{name, value}]. */
export function pairs(label, given = []) {
  const list = h("div", { class: "pairs" });
  const add = (name = "", value = "") => list.append(h("div", { class: "pair" },
    h("input", { class: "mono", "aria-label": `${label}: name`, placeholder: "Name", value: name }),
    h("input", { class: "mono", "aria-label": `${label}: value`, placeholder: "Value", value }),
    h("button", { type: "button", class: "small quiet", "aria-label": "Remove", onclick: (event) => event.target.parentElement.remove() }, "✕")));
  given.forEach(({ name, value }) => add(name, value));
  const element = h("div", { class: "field" }, h("span", { class: "label" }, label), list,
    h("button", { type: "button", class: "small", onclick: () => add() }, "Add"));
  const read = () => [...list.children].map((row) => {
    const [name, value] = row.querySelectorAll("input");
    return { name: name.value.trim(), value: value.value };
  }).filter(({ name }) => name);
  return { element, read };
}
