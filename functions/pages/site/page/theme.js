// Light or dark: as the system says, unless the person chose here.

const KEY = "chat4all.theme";
/** @typedef {"system" | "light" | "dark"} Theme */

/** @returns {Theme} */
export function currentTheme() {
  return /** @type {Theme} */ (document.documentElement.dataset.theme ?? "system");
}

/** @param {Theme} theme */
export function chooseTheme(theme) {
  if (theme === "system") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, theme);
    document.documentElement.dataset.theme = theme;
  }
}
