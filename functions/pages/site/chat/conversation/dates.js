// Days and times as people read them.

import { locale } from "../../page/language.js";
import { daysAgo } from "./timeline.js";

const WEEK = 7;

/** @param {number} at */
export function clock(at) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** "Today", "Yesterday", "Monday", "12 March 2026". @param {number} at */
export function day(at) {
  const ago = daysAgo(at);
  if (ago === 0 || ago === 1) return capital(new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-ago, "day"));
  if (ago > 1 && ago < WEEK) return capital(new Intl.DateTimeFormat(locale(), { weekday: "long" }).format(at));
  const year = new Date(at).getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", year }).format(at);
}

/** All of it. @param {number} at */
export function full(at) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "medium" }).format(at);
}

/** "today at 14:05", for the middle of a sentence. @param {number} at */
export function dayAndClock(at) {
  const ago = daysAgo(at);
  if (ago === 0) return clock(at);
  const text = ago === 1 ? new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-1, "day") : day(at);
  return `${text}, ${clock(at)}`;
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);
}
