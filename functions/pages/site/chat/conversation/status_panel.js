// What became of a message, for each recipient and each way to them.

import { openDialog } from "../../page/dialog.js";
import { h } from "../../page/dom.js";
import { Avatar } from "../avatar.js";
import { badge } from "./badge.js";
import { dayAndClock } from "./dates.js";
import { mark } from "./marks.js";
import { words } from "./words.js";

/** @typedef {{name: (id: string) => string, ask: (messageId: string) => Promise<any>, tell: (error: unknown) => void}} Given */

const REFRESH_MS = 1_000;

export class StatusPanel {
  /** @param {Given} given */
  constructor(given) {
    this._given = given;
    /** @type {any} */
    this._message = null;
    this._list = h("ul", { class: "fates" });
    /** @type {HTMLDialogElement | null} */
    this._dialog = null;
    this._timer = 0;
  }

  /** @param {any} message */
  async open(message) {
    const say = words();
    this._message = message;
    this._list.replaceChildren(h("li", { class: "soft" }, say.loading));
    const when = h("p", { class: "soft fates-when" }, say.sentAt(dayAndClock(Date.parse(message.created_at))));
    this._dialog = openDialog({ title: say.info, close: say.close }, when, this._list);
    this._dialog.addEventListener("close", () => (this._message = null));
    await this._refresh();
  }

  /** Something of it may have changed. */
  refreshSoon() {
    if (!this._message || this._timer) return;
    this._timer = setTimeout(() => {
      this._timer = 0;
      void this._refresh();
    }, REFRESH_MS);
  }

  async _refresh() {
    const message = this._message;
    if (!message) return;
    try {
      const document = await this._given.ask(message.message_id);
      if (this._message === message) this._show(document);
    } catch (error) {
      if (this._message === message) this.close();
      this._given.tell(error);
    }
  }

  close() {
    this._dialog?.close();
  }

  /** @param {any} document  of GET /v1/messages/{id}/status */
  _show(document) {
    const rows = document.recipients.map((/** @type {any} */ one) => this._recipient(one));
    this._list.replaceChildren(...(rows.length ? rows : [h("li", { class: "soft" }, words().noRecipients)]));
  }

  /** @param {any} one */
  _recipient(one) {
    const name = this._given.name(one.user_id);
    const ways = one.deliveries.map((/** @type {any} */ delivery) => way(delivery));
    if (one.reason) ways.push(h("p", { class: "way soft" }, reasonText(one.reason)));
    const status = words().statuses[one.status] ?? one.status;
    return h("li", { class: "fate" },
      new Avatar().show({ id: one.user_id, name }),
      h("p", { class: "fate-name", dir: "auto" }, name),
      h("p", { class: "fate-status", "data-status": one.status }, mark(one.status), h("span", { "aria-hidden": "true" }, status)),
      h("div", { class: "fate-ways" }, ...ways));
  }
}

/** @param {any} delivery */
function way(delivery) {
  const say = words();
  const texts = [say.statuses[delivery.status] ?? delivery.status];
  if (delivery.part) texts.unshift(say.part(delivery.part + 1));
  if (delivery.reason) texts.push(delivery.status === "failed" ? reasonText(delivery.reason) : say.waiting(reasonText(delivery.reason)));
  if (delivery.note) texts.push(say.note(reasonText(delivery.note)));
  if (delivery.outdated) texts.push(say.outdated);
  if (delivery.updated_at) texts.push(dayAndClock(Date.parse(delivery.updated_at)));
  return h("p", { class: "way soft" }, badge(delivery.channel), ` ${texts.join(" · ")}`);
}

/** A stable word, and the provider's own text where it says more. @param {string} reason */
function reasonText(reason) {
  const [code, ...rest] = reason.split(": ");
  const known = words().reasons[code];
  return [known ?? code, ...rest].join(" – ");
}
