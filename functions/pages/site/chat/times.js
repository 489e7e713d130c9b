// Times as people say them. Pure, but for the language.

import { locale } from "../page/language.js";

const DAY_MS = 86_400_000;

/** In a list: the time today, "yesterday", the day of the week, or the date. @param {string} time RFC 3339  @param {import("./words.js").Words} say */
export function shortTime(time, say, now = new Date()) {
  const then = new Date(time);
  const days = daysBetween(then, now);
  if (days <= 0) return then.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (days === 1) return say.yesterday;
  if (days < 7) return then.toLocaleDateString(locale(), { weekday: "short" });
  const year = then.getFullYear() === now.getFullYear() ? undefined : "2-digit";
  return then.toLocaleDateString(locale(), { day: "numeric", month: year ? "numeric" : "short", year });
}

/** When somebody was here last, in words. @param {string} time RFC 3339  @param {import("./words.js").Words} say */
export function lastSeen(time, say, now = new Date()) {
  const minutes = Math.round((now.getTime() - Date.parse(time)) / 60_000);
  if (minutes < 1) return say.seenJustNow;
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  if (minutes < 60) return say.seen(relative.format(-minutes, "minute"));
  if (minutes < 60 * 24) return say.seen(relative.format(-Math.round(minutes / 60), "hour"));
  return say.seen(relative.format(-daysBetween(new Date(time), now), "day"));
}

/** Midnights between the two. @param {Date} from  @param {Date} to */
function daysBetween(from, to) {
  const midnight = (/** @type {Date} */ day) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  return Math.round((midnight(to) - midnight(from)) / DAY_MS);
}
