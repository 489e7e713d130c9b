// How far an own message has come: one mark, which never goes back.

import { h, icon } from "../../page/dom.js";
import { words } from "./words.js";

/** @typedef {"sending" | "accepted" | "sent" | "delivered" | "read" | "failed"} Status */

const RANK = { sending: 0, accepted: 1, sent: 2, delivered: 3, read: 4 };
/** @type {Record<Status, Parameters<typeof icon>[0]>} */
const PICTURES = { sending: "clock", accepted: "check", sent: "check", delivered: "checks", read: "checks", failed: "alert" };

/** Keeps the furthest status of each message: what is told late takes nothing back (chat4all.domain.status). */
export class Marks {
  constructor() {
    /** @type {Map<string, Status>} */
    this._reached = new Map();
  }

  /** @param {string} messageId  @param {Status} status as it is told now  @returns {Status} */
  status(messageId, status) {
    const before = this._reached.get(messageId);
    const shown = before && goesBack(before, status) ? before : status;
    this._reached.set(messageId, shown);
    return shown;
  }

  clear() {
    this._reached.clear();
  }
}

/** @param {Status} before  @param {Status} now */
function goesBack(before, now) {
  if (now === "failed") return before === "delivered" || before === "read";
  return before !== "failed" && RANK[now] < RANK[before];
}

/** @param {Status} status */
export function mark(status) {
  const label = words().statuses[status];
  return h("span", { class: "mark", "data-status": status, role: "img", "aria-label": label, title: label }, icon(PICTURES[status]));
}
