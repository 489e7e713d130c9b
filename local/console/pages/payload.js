// Bytes of a record, an answer or a body: as a tree, as text, or in hexadecimal.

import { fromBase64, hex } from "./decode.js";
import { copyButton, h } from "./dom.js";
import { bytes } from "./format.js";
import { tree } from "./json_tree.js";
import { structure } from "./json_text.js";

/** A view of text: a tree where it is JSON. */
export function textView(text) {
  const value = structure(text);
  return value === undefined ? h("pre", { class: "text" }, text) : tree(value);
}

/** Of the API's `bytes_view`. */
export function bytesView(view, none = "null") {
  if (view === null) return h("span", { class: "j-null" }, none);
  const content = view.text === null ? h("pre", { class: "text" }, hex(fromBase64(view.base64))) : textView(view.text);
  return h("div", { class: "payload" }, content,
    h("p", { class: "note" }, bytes(view.size), view.text === null ? ", no text" : "", view.cut ? ", only the beginning is shown" : "", " ", view.text !== null && copyButton(view.text)));
}

/** One line of it. */
export function bytesLine(view, none = "null") {
  if (view === null) return h("span", { class: "j-null" }, none);
  if (view.size === 0) return h("span", { class: "j-null" }, "empty");
  return view.text === null ? h("span", { class: "note" }, `${bytes(view.size)}, no text`) : view.text.slice(0, 300);
}
