// Keys. All with a modifier, so that none is in the way of writing (WCAG 2.2, 2.1.4); Esc and arrows where the focus is.

import { openDialog } from "../page/dialog.js";
import { h } from "../page/dom.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {"search" | "new" | "previous" | "next" | "details" | "help"} Command */

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const CTRL = IS_MAC ? "⌘" : "Ctrl";
const ALT = IS_MAC ? "⌥" : "Alt";

/**
 * By `code`, the key's place: with Alt many layouts make other characters of it.
 * @param {KeyboardEvent} event  @returns {Command | null}
 */
export function commandOf(event) {
  const isCtrl = event.ctrlKey || event.metaKey;
  if (isCtrl && !event.altKey && !event.shiftKey) return event.code === "KeyK" ? "search" : event.key === "/" ? "help" : null;
  if (!event.altKey || isCtrl || event.shiftKey) return null;
  /** @type {Record<string, Command>} */
  const byCode = { KeyN: "new", ArrowUp: "previous", ArrowDown: "next", KeyI: "details" };
  return byCode[event.code] ?? null;
}

/** @param {Words} say */
export function openShortcuts(say) {
  const rows = [
    [say.shortcutSearch, CTRL, "K"], [say.shortcutNew, ALT, "N"], [say.shortcutPrevious, ALT, "↑"], [say.shortcutNext, ALT, "↓"],
    [say.shortcutDetails, ALT, "I"], [say.shortcutArrows, "↑", "↓"], [say.shortcutEscape, "Esc"], [say.shortcutSend, "Enter"],
    [say.shortcutLine, "Shift", "Enter"], [say.shortcutHelp, CTRL, "/"],
  ];
  const list = h("dl", { class: "shortcuts" }, ...rows.map(([what, ...keys]) =>
    h("div", {}, h("dt", {}, what), h("dd", {}, ...keys.map((key) => h("kbd", {}, key))))));
  openDialog({ title: say.shortcuts, close: say.close }, h("div", { class: "dialog-body" }, list));
}
