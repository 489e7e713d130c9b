// The title of the tab and its picture tell how much is unread.

import { byId } from "../page/dom.js";

const MANY = 99;

export class TabTitle {
  constructor() {
    this._link = /** @type {HTMLLinkElement} */ (byId("favicon"));
    this._plain = this._link.href;
    this._shown = "";
  }

  /** @param {number} unread  @param {string} name of what is open; empty: of nothing */
  show(unread, name) {
    const count = unread > MANY ? `${MANY}+` : unread ? String(unread) : "";
    document.title = `${count ? `(${count}) ` : ""}${name ? `${name} · ` : ""}Chat4All`;
    if (count === this._shown) return;
    this._shown = count;
    this._link.href = count ? picture(count) : this._plain;
  }
}

/** The page's picture with a number in its corner. @param {string} count digits, and a plus sign */
function picture(count) {
  const size = count.length > 2 ? 10 : 13;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#4f46e5"/>
    <path d="M6.5 21.5V14a5 5 0 0 1 5-5h5a5 5 0 0 1 5 5v3.5a5 5 0 0 1-5 5h-5.2l-4 3a.5.5 0 0 1-.8-.4z" fill="#fff"/>
    <circle cx="22" cy="10.5" r="10" fill="#e11d48"/><text x="22" y="15" font-family="sans-serif" font-size="${size}"
    font-weight="bold" text-anchor="middle" fill="#fff">${count}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
