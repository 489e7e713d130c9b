// All conversations, newest activity first, and the search over their names.

import { ConversationRow } from "./conversation_row.js";
import { folded, nameOf, titleOf } from "./names.js";

/** @typedef {import("./words.js").Words} Words */

export class ConversationList {
  /** @param {HTMLElement} root a list  @param {import("../chat4all/index.js").LiveClient} live  @param {() => Words} words */
  constructor(root, live, words) {
    this._root = root;
    this._live = live;
    this._words = words;
    /** @type {Map<string, ConversationRow>} */
    this._rows = new Map();
    /** Ids whose rows are to be drawn again; null: all. @type {Set<string> | null} */
    this._stale = null;
    /** @type {string | null} */
    this._selected = null;
    this.sought = "";
    /** How many are shown. */
    this.count = 0;
    root.addEventListener("keydown", (event) => this._key(event));
  }

  /** @param {string[]} [ids] none: all */
  touch(ids) {
    if (!ids) this._stale = null;
    else for (const id of ids) this._stale?.add(id);
  }

  show() {
    const say = this._words();
    const all = this._live.conversations();
    const sought = folded(this.sought.trim());
    const shown = sought ? all.filter((conversation) => this._matches(conversation, sought, say)) : all;
    this._dropGone(new Set(shown.map(({ id }) => id)));
    let place = this._root.firstElementChild;
    for (const conversation of shown) {
      const row = this._row(conversation, say);
      if (row.element === place) place = place.nextElementSibling;
      else this._move(row, place);
    }
    this.count = shown.length;
    this._stale = new Set();
    this._rove();
  }

  /** @param {string | null} id */
  select(id) {
    this._rows.get(this._selected ?? "")?.select(false);
    this._selected = id;
    this._rows.get(id ?? "")?.select(true);
    this._rove();
  }

  /** The one that is shown before (-1) or after (1) the open one. @param {number} by  @returns {string | null} */
  beside(by) {
    const ids = this.ids;
    const at = ids.indexOf(this._selected ?? "");
    return ids[at < 0 ? (by > 0 ? 0 : ids.length - 1) : at + by] ?? null;
  }

  /** As they are shown. */
  get ids() {
    const byElement = new Map([...this._rows].map(([id, row]) => [/** @type {Element} */ (row.element), id]));
    return [...this._root.children].map((element) => byElement.get(element) ?? "");
  }

  /** @param {string | null} [id] none: the first */
  focus(id = null) {
    const row = this._rows.get(id ?? "") ?? this._rows.get(this.ids[0] ?? "");
    row?.link.focus();
  }

  clear() {
    this._rows.clear();
    this._root.replaceChildren();
    this._stale = null;
  }

  /** @param {any} conversation  @param {Words} say */
  _row(conversation, say) {
    const known = this._rows.get(conversation.id);
    const row = known ?? new ConversationRow(conversation.id, this._live);
    if (!known) this._rows.set(conversation.id, row);
    row.select(conversation.id === this._selected);
    if (!known || this._stale === null || this._stale.has(conversation.id)) row.show(conversation, say);
    return row;
  }

  /** Who has the focus keeps it. @param {ConversationRow} row  @param {Element | null} before */
  _move(row, before) {
    const had = row.link === document.activeElement;
    this._root.insertBefore(row.element, before);
    if (had) row.link.focus();
  }

  /** @param {Set<string>} wanted */
  _dropGone(wanted) {
    for (const [id, row] of this._rows) {
      if (wanted.has(id)) continue;
      row.element.remove();
      this._rows.delete(id);
    }
  }

  /** @param {any} conversation  @param {string} sought  @param {Words} say */
  _matches(conversation, sought, say) {
    const people = [...conversation.members.keys()].filter((id) => id !== this._live.userId).map((id) => this._live.user(id));
    const names = [titleOf(conversation, this._live, say), ...people.flatMap((user) => (user ? [nameOf(user, say), user.username ?? ""] : []))];
    return names.some((name) => folded(name).includes(sought));
  }

  /** One row is in the order of Tab: the open one, else the first (WAI-ARIA Authoring Practices, roving tabindex). */
  _rove() {
    const ids = this.ids;
    const wanted = ids.includes(this._selected ?? "") ? this._selected : ids[0];
    for (const [id, row] of this._rows) row.link.tabIndex = id === wanted ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const links = [...this._root.querySelectorAll("a")];
    const at = links.indexOf(/** @type {any} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 };
    if (!(event.key in places)) return;
    event.preventDefault();
    links[Math.max(0, Math.min(links.length - 1, places[event.key]))]?.focus();
  }
}
