// What the page says, in the language of the person.

import { EN } from "./words_en.js";
import { PT } from "./words_pt.js";

/** @typedef {typeof EN} Words */

const KEY = "chat4all.language";
const WORDS = { en: EN, pt: PT };

/** @type {"en" | "pt"} */
let language = chosen();

/** @returns {"en" | "pt"} */
function chosen() {
  const known = [localStorage.getItem(KEY), ...navigator.languages].map((tag) => (tag ?? "").slice(0, 2).toLowerCase());
  return /** @type {"en" | "pt"} */ (known.find((tag) => tag in WORDS) ?? "en");
}

/** @returns {Words} */
export function words() {
  return WORDS[language];
}

export function locale() {
  return language === "pt" ? "pt-BR" : "en";
}

export function otherLanguage() {
  return language === "pt" ? { tag: "en", name: "English" } : { tag: "pt", name: "Português" };
}

export function switchLanguage() {
  language = /** @type {"en" | "pt"} */ (otherLanguage().tag);
  localStorage.setItem(KEY, language);
}

/** Put the words into everything below `root` that names one. @param {ParentNode} root */
export function speak(root = document) {
  document.documentElement.lang = locale();
  for (const element of root.querySelectorAll("[data-word]")) {
    const word = /** @type {any} */ (words())[/** @type {HTMLElement} */ (element).dataset.word ?? ""];
    if (typeof word === "string") element.textContent = word;
  }
}
