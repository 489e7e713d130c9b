// A table whose rows are changed where they stand, so that focus, selection and scrolling stay.

import { h, show } from "./dom.js";
import { go } from "./router.js";

/**
 * columns: [{title, cell(row) -> node or text, class, note}]; `key(row)` names a row; `href(row)` is where it leads, as a
 * link in the first column and by a click anywhere; `kind(row)` is a class of the row; `empty` is said where there is none.
 */
export function table({ columns, key, href, kind, empty, label }) {
  const body = h("tbody");
  const rows = new Map();
  const head = h("tr", {}, columns.map((column) => h("th", { scope: "col", class: column.class, title: column.note }, column.title)));
  const grid = h("table", { class: "table", "aria-label": label }, h("thead", {}, head), body);
  const nothing = h("p", { class: "empty", hidden: true }, empty);
  const element = h("div", { class: "table-box" }, grid, nothing);

  function draw(line, row) {
    const focused = line.contains(document.activeElement) ? document.activeElement.className : null;
    line.className = kind?.(row) ?? "";
    show(line, columns.map((column, at) => {
      const cell = column.cell(row);
      const linked = at === 0 && href ? h("a", { href: href(row), class: "row-link" }, cell) : cell;
      return h("td", { class: column.class }, linked);
    }));
    if (focused) (line.getElementsByClassName(focused)[0] ?? line.querySelector("a, button"))?.focus();
  }

  function make(row) {
    const line = h("tr");
    if (href) {
      line.classList.add("leads");
      line.addEventListener("click", (event) => {
        if (event.target.closest("a, button, input, select") || String(getSelection())) return;
        go(href(rows.get(line.dataset.key).row));
      });
    }
    return line;
  }

  /** Show exactly these, in this order. */
  function update(list) {
    const wanted = new Set();
    let at = body.firstElementChild;
    for (const row of list) {
      const id = String(key(row));
      wanted.add(id);
      const text = JSON.stringify(row);
      let known = rows.get(id);
      if (!known) {
        known = { line: make(row), text: null, row };
        known.line.dataset.key = id;
        rows.set(id, known);
      }
      known.row = row;
      if (known.text !== text) {
        draw(known.line, row);
        if (href) known.line.classList.add("leads");
        known.text = text;
      }
      if (known.line === at) at = at.nextElementSibling;
      else body.insertBefore(known.line, at);
    }
    for (const [id, { line }] of rows) {
      if (wanted.has(id)) continue;
      line.remove();
      rows.delete(id);
    }
    nothing.hidden = list.length > 0;
    grid.hidden = list.length === 0;
  }
  return { element, update };
}
