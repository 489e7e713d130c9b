// A message whose files are still on their way, as people see it.

import { h } from "../../page/dom.js";
import { clock } from "./dates.js";
import { mark } from "./marks.js";
import { Transfer } from "./transfer.js";
import { words } from "./words.js";

/** @typedef {import("../../chat4all/upload.js").Upload} Upload */
/** @typedef {import("./outgoing.js").Waiting} Waiting */

export class OutgoingBubble {
  /** @param {import("./outgoing.js").Outgoing} outgoing */
  constructor(outgoing) {
    this._outgoing = outgoing;
    /** @type {Map<Upload, Transfer>} */
    this._transfers = new Map();
    this._files = h("div", { class: "files" });
    this._said = h("p", { class: "said" });
    this._bubble = h("div", { class: "bubble", dir: "auto" }, this._files, this._said);
    this.element = h("article", { class: "message is-mine is-first is-last is-local", tabindex: "-1" }, h("div", { class: "stack" }, this._bubble));
    this._moved = () => this._files.isConnected && this._transfers.forEach((transfer) => transfer.show());
    outgoing.addEventListener("moved", this._moved);
  }

  /** @param {import("./timeline.js").Row} row */
  show({ outgoing: waiting }) {
    for (const [upload, transfer] of this._transfers) {
      if (waiting.uploads.includes(upload)) continue;
      transfer.end();
      transfer.element.remove();
      this._transfers.delete(upload);
    }
    for (const upload of waiting.uploads) if (!this._transfers.has(upload)) this._add(waiting, upload);
    this._transfers.forEach((transfer) => transfer.show());
    this.element.setAttribute("aria-label", words().sendsWhenThere);
    const time = h("span", { class: "meta", dir: "ltr" }, h("time", { datetime: new Date(waiting.at).toISOString() }, clock(waiting.at)), mark("sending"));
    this._said.replaceChildren(waiting.caption, time);
  }

  end() {
    this._outgoing.removeEventListener("moved", this._moved);
    this._transfers.forEach((transfer) => transfer.end());
  }

  /** @param {Waiting} waiting  @param {Upload} upload */
  _add(waiting, upload) {
    const transfer = new Transfer(upload, {
      remove: (one) => void this._outgoing.remove(waiting, one),
      again: (one) => void this._outgoing.again(waiting, one),
      choose: (one) => this._outgoing.choose(one),
    });
    this._transfers.set(upload, transfer);
    this._files.append(transfer.element);
  }
}
