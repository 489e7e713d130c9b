// Small charts, made by hand.

import { s } from "./dom.js";
import { clock, duration } from "./format.js";

const BAR = 2;

/** Invocations and errors of ten minutes, `bars` as [[invocations, errors], ...]. */
export function sparkline(bars) {
  const height = 20;
  const highest = Math.max(4, ...bars.map(([all]) => all));
  const total = bars.reduce((sum, [all]) => sum + all, 0);
  const box = s("svg", { class: "spark", viewBox: `0 0 ${bars.length * BAR} ${height}`, role: "img", preserveAspectRatio: "none",
    "aria-label": `${total} invocations in the last ten minutes` });
  bars.forEach(([all, errors], at) => {
    if (!all) return;
    const tall = Math.max(1.5, (all / highest) * height);
    box.append(s("rect", { x: at * BAR, y: height - tall, width: BAR - 0.5, height: tall }));
    if (errors) {
      const bad = Math.max(1.5, (errors / highest) * height);
      box.append(s("rect", { class: "bad", x: at * BAR, y: height - bad, width: BAR - 0.5, height: bad }));
    }
  });
  if (!total) box.append(s("line", { x1: 0, x2: bars.length * BAR, y1: height - 0.5, y2: height - 0.5 }));
  return box;
}

const WIDE = 720;
const HIGH = 168;
const LEFT = 46;
const BOTTOM = 20;
const TOP = 8;

/** Durations over time on a logarithmic scale: `points` as [started_at, duration_ms, outcome, init_ms, request_id]. */
export function durations(points, minutes, now, open) {
  const timed = points.filter(([at, milliseconds]) => milliseconds !== null && at >= now - minutes * 60_000);
  const values = timed.map(([, milliseconds]) => Math.max(0.1, milliseconds));
  const low = Math.floor(Math.log10(Math.min(1, ...values)));
  const high = Math.max(low + 2, Math.ceil(Math.log10(Math.max(10, ...values))));
  const x = (at) => LEFT + (1 - (now - at) / (minutes * 60_000)) * (WIDE - LEFT - 8);
  const y = (milliseconds) => TOP + (1 - (Math.log10(Math.max(0.1, milliseconds)) - low) / (high - low)) * (HIGH - TOP - BOTTOM);
  const box = s("svg", { class: "chart", viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img",
    "aria-label": `Durations of ${timed.length} invocations in the last ${minutes} minutes` });
  for (let power = low; power <= high; power += 1) {
    const at = y(10 ** power);
    box.append(s("line", { class: "grid", x1: LEFT, x2: WIDE - 8, y1: at, y2: at }),
      s("text", { x: LEFT - 6, y: at + 3.5, class: "end" }, scale(10 ** power)));
  }
  for (let step = 0; step <= 3; step += 1) {
    const at = now - (minutes * 60_000 * step) / 3;
    box.append(s("text", { x: Math.min(WIDE - 8, x(at)), y: HIGH - 4, class: step === 0 ? "end" : "middle" }, clock(at, false).slice(-8, -3)));
  }
  for (const [at, milliseconds, outcome, init, id] of timed) {
    const kind = outcome === "ok" ? (init === null ? "ok" : "cold") : "bad";
    box.append(s("circle", { class: kind, cx: x(at), cy: y(milliseconds), r: kind === "bad" ? 3.5 : 2.5, onclick: () => open(id) },
      s("title", {}, `${clock(at)}  ${duration(milliseconds)}${init === null ? "" : `, init ${duration(init)}`}${outcome === "ok" ? "" : `, ${outcome}`}`)));
  }
  return box;
}

const scale = (milliseconds) => (milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${milliseconds} ms`);
