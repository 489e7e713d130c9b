// Pieces of an element that are made anew only when what they are made of has changed: a picture does not flicker for a mark.

/** @typedef {{from: unknown[], node: HTMLElement | null}} Piece */

export class Slots {
  constructor() {
    /** @type {Map<string, Piece>} */
    this._held = new Map();
  }

  /**
   * The piece `name`, made by `make` from the values `from`.
   * @param {string} name  @param {unknown[]} from  @param {() => HTMLElement | null} make
   */
  get(name, from, make) {
    const held = this._held.get(name);
    if (held && held.from.length === from.length && held.from.every((value, at) => Object.is(value, from[at]))) return held.node;
    const node = make();
    this._held.set(name, { from, node });
    return node;
  }
}

/** Have `parent` hold these, in this order, and touch nothing where it does. @param {HTMLElement} parent  @param {(HTMLElement | null)[]} nodes */
export function fill(parent, nodes) {
  const wanted = nodes.filter((node) => node !== null);
  for (const child of [...parent.children]) if (!wanted.includes(/** @type {HTMLElement} */ (child))) child.remove();
  let next = parent.firstElementChild;
  for (const node of wanted) {
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
}
