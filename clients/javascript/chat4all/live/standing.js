// Where an own message stands: the rules of the server (chat4all/domain/status.py), on what a client is told.

/** @typedef {import("./types.js").Standing} Standing */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Member} Member */

/** @type {Record<string, number>} */
const RANK = { accepted: 0, sent: 1, delivered: 2, read: 3 };
const FAILED = "failed";
/** The highest status that a channel can report: bots of Telegram get no receipts. @type {Record<string, string>} */
const CEILING = { telegram: "sent" };

/** Of two, the one that may replace the other: status only rises, and what was delivered cannot fail. @param {string | undefined} held  @param {string | undefined} given */
export function higher(held, given) {
  if (held === undefined || given === undefined) return held ?? given;
  if (held === FAILED) return held;
  if (given === FAILED) return RANK[held] < RANK.delivered ? given : held;
  return (RANK[given] ?? -1) > (RANK[held] ?? -1) ? given : held;
}

/**
 * The lowest over the recipients that can still rise, as the server counts it; never below what the server has said.
 * @param {Message} message  @param {{members: Map<string, Member>}} conversation  @returns {Standing}
 */
export function standingOf(message, conversation) {
  if (message.local) return message.local;
  const said = message.status ?? "sent";
  if (said === FAILED) return FAILED;
  const fates = [...conversation.members]
    .filter(([userId, member]) => userId !== message.sender_id && !(String(member.joined_at ?? "") > message.created_at))
    .map(([userId, member]) => fateOf(message, userId, member, said));
  return /** @type {Standing} */ (fates.length ? higher(said, lowest(fates)) : said);
}

/** @param {Message} message  @param {string} userId  @param {Member} member  @param {string} said  @returns {[string, string]} channel and status of the way that went furthest */
function fateOf(message, userId, member, said) {
  /** @type {[string, string][]} */
  const ways = Object.entries(message.fates?.[userId] ?? {});
  if (member.channels.includes("in_app") || !member.channels.length) ways.push(["in_app", inApp(message, member)]);
  if (!ways.length) return ["", said];
  return ways.reduce((best, way) => (order(way[1]) > order(best[1]) ? way : best));
}

/** @param {Message} message  @param {Member} member */
function inApp({ seq, status }, member) {
  if (member.read_seq >= seq) return "read";
  if (member.delivered_seq >= seq) return "delivered";
  return status === "accepted" ? "accepted" : "sent";
}

/** @param {[string, string][]} fates */
function lowest(fates) {
  const open = fates.filter(([channel, status]) => status !== FAILED && status !== (CEILING[channel] ?? "read"));
  const ended = fates.filter(([channel, status]) => status !== FAILED && status === (CEILING[channel] ?? "read"));
  if (open.length) return open.map(([, status]) => status).reduce((a, b) => (order(a) <= order(b) ? a : b));
  return ended.length ? ended.map(([, status]) => status).reduce((a, b) => (order(a) >= order(b) ? a : b)) : FAILED;
}

/** @param {string} status */
function order(status) {
  return status === FAILED ? -1 : (RANK[status] ?? 0);
}
