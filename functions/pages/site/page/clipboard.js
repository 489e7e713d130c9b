// Text into the clipboard, also over plain HTTP from another machine, where there is no `navigator.clipboard`.

import { topDialog } from "./dialog.js";
import { h } from "./dom.js";

/** To be called in the click or key itself. @param {string} text  @returns {Promise<boolean>} whether it was taken */
export async function copyText(text) {
  if (!navigator.clipboard) return copySelected(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** As browsers did before: what is selected in a field. @param {string} text */
function copySelected(text) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" }));
  field.value = text;
  (topDialog() ?? document.body).append(field);
  field.select();
  const isTaken = document.execCommand("copy");
  field.remove();
  before?.focus();
  return isTaken;
}
