// The language of the person: as chosen here, else as the browser says.

const KEY = "chat4all.language";
/** @typedef {"en" | "pt"} Language */
/** @type {Record<Language, string>} */
export const LANGUAGES = { en: "English", pt: "Português" };

/** @type {Language} */
let language = chosen();

/** @returns {Language} */
function chosen() {
  const known = [localStorage.getItem(KEY), ...navigator.languages].map((tag) => (tag ?? "").slice(0, 2).toLowerCase());
  return /** @type {Language} */ (known.find((tag) => tag in LANGUAGES) ?? "en");
}

/** @template T  @param {Record<Language, T>} tables  @returns {() => T} the words of the language that is chosen now */
export function wordsOf(tables) {
  return () => tables[language];
}

/** For Intl and the attribute `lang`. */
export function locale() {
  return language === "pt" ? "pt-BR" : "en";
}

/** @returns {Language} */
export function currentLanguage() {
  return language;
}

/** @returns {Language} */
export function otherLanguage() {
  return language === "pt" ? "en" : "pt";
}

/** @param {Language} wanted */
export function chooseLanguage(wanted) {
  language = wanted;
  localStorage.setItem(KEY, wanted);
}

/** Put the words into everything below `root` that names one. @param {Record<string, any>} words  @param {ParentNode} root */
export function speak(words, root = document) {
  document.documentElement.lang = locale();
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-word]"))) {
    const word = words[element.dataset.word ?? ""];
    if (typeof word === "string") element.textContent = word;
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-label]"))) {
    const word = words[element.dataset.label ?? ""];
    if (typeof word === "string") element.setAttribute("aria-label", word);
  }
}
