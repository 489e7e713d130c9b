// Numbers as people read them.

import { locale } from "./language.js";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** @param {number} bytes  @param {string} [per] `-per-second` */
export function size(bytes, per = "") {
  const step = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  const maximumFractionDigits = step === 0 || value >= 100 ? 0 : 1;
  return new Intl.NumberFormat(locale(), { style: "unit", unit: UNITS[step] + per, unitDisplay: step === 0 ? "long" : "short", maximumFractionDigits }).format(value);
}

/** @param {number} bytesPerSecond */
export function speed(bytesPerSecond) {
  return size(bytesPerSecond, "-per-second");
}

/** @param {number} part  @param {number} whole */
export function percent(part, whole) {
  const share = whole ? Math.floor((part / whole) * 100) / 100 : 0;
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** @param {number} seconds */
export function time(seconds) {
  const [value, unit] =
    seconds < 60 ? [Math.max(1, Math.round(seconds)), "second"] : seconds < 3600 ? [Math.round(seconds / 60), "minute"] : [Math.round(seconds / 360) / 10, "hour"];
  return new Intl.NumberFormat(locale(), { style: "unit", unit: String(unit), unitDisplay: "short" }).format(Number(value));
}
