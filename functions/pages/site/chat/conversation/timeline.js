// The rows of a conversation: days, the line above what is unread, messages in groups. Pure.

/**
 * @typedef {any} Message  the API's message document, and `local`, `why`
 * @typedef {{key: string, kind: "beginning" | "day" | "unread" | "message" | "outgoing", message?: any, outgoing?: any, at?: number,
 *   isMine?: boolean, isFirst?: boolean, isLast?: boolean}} Row
 */

const TOGETHER_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
/** Times of messages, read once: thousands are gone through at each arrival. @type {WeakMap<Message, {at: number, day: string}>} */
const READ = new WeakMap();

/**
 * @param {{messages: readonly Message[], userId: string, unreadFrom: number | null, isBeginning: boolean, outgoing?: any[], now?: number}} held
 *   `unreadFrom`: seq above which the line stands; `outgoing`: messages whose files are on their way
 * @returns {Row[]}
 */
export function rowsOf({ messages, userId, unreadFrom, isBeginning, outgoing = [], now = Date.now() }) {
  /** @type {Row[]} */
  const rows = isBeginning ? [{ key: "beginning", kind: "beginning" }] : [];
  let day = "";
  /** @type {Row | null} */
  let before = null;
  let isLineDrawn = unreadFrom === null;
  for (const message of messages) {
    const { at, day: ownDay } = timeOf(message, now);
    if (ownDay !== day) {
      rows.push({ key: `day ${ownDay}`, kind: "day", at });
      day = ownDay;
      before = null;
    }
    const isMine = message.sender_id === userId;
    if (!isLineDrawn && !isMine && message.seq >= Number(unreadFrom)) {
      rows.push({ key: "unread", kind: "unread" });
      isLineDrawn = true;
      before = null;
    }
    /** @type {Row} */
    const row = { key: message.message_id, kind: "message", message, at, isMine, isFirst: true, isLast: true };
    if (before && goTogether(before, row)) {
      before.isLast = false;
      row.isFirst = false;
    }
    rows.push(row);
    before = row;
  }
  for (const one of outgoing) rows.push({ key: `outgoing ${one.key}`, kind: "outgoing", outgoing: one, isMine: true, isFirst: true, isLast: true });
  return rows;
}

/** @param {Row} before  @param {Row} row */
function goTogether(before, row) {
  const [one, other] = [before.message, row.message];
  const isNear = Math.abs(Number(row.at) - Number(before.at)) < TOGETHER_MS;
  return isNear && one.sender_id === other.sender_id && (one.channel ?? "in_app") === (other.channel ?? "in_app");
}

/** @param {Message} message  @param {number} now */
function timeOf(message, now) {
  const read = READ.get(message);
  if (read) return read;
  const at = Date.parse(message.created_at ?? "") || now;
  const time = { at, day: dayOf(at) };
  READ.set(message, time);
  return time;
}

/** Where a person's day ends is where their clock says so. @param {number} at */
export function dayOf(at) {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** How many midnights lie between. @param {number} at  @param {number} [now] */
export function daysAgo(at, now = Date.now()) {
  return Math.round((midnight(now) - midnight(at)) / DAY_MS);
}

/** @param {number} at */
function midnight(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}
