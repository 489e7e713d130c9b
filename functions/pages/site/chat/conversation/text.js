// What a text is made of: links, what was searched for, the rest. Pure.

/** @typedef {{text: string, href?: string, isFound?: boolean}} Piece */

/** Marks of direction end a link: with them one address can look like another (Unicode Technical Report 36, 2.1). */
const LINK = /\bhttps?:\/\/[^\s<>"'`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const TRAILING = /[.,;:!?…»”’)\]}*_~]+$/u;
const CLOSING = { ")": "(", "]": "[", "}": "{" };
const FEW = 3;
const ONE_EMOJI = String.raw`(?:\p{Regional_Indicator}{2}|[#*0-9]\ufe0f\u20e3|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f)[\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]*(?:\u200d\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]*)*)`;
const FEW_EMOJIS = new RegExp(`^\\s*(?:${ONE_EMOJI}\\s*){1,${FEW}}$`, "u");

/** Whether it is nothing but one to three emojis. @param {string} text */
export function isFewEmojis(text) {
  return text.length <= 80 && FEW_EMOJIS.test(text);
}

/**
 * @param {string} text  @param {string} [sought] words that are to stand out  @returns {Piece[]}
 */
export function pieces(text, sought = "") {
  return linked(text).flatMap((piece) => found(piece.text, sought).map((part) => ({ ...piece, ...part })));
}

/** @param {string} text  @returns {Piece[]} */
function linked(text) {
  const all = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = withoutTrailing(match[0]);
    const href = addressOf(shown);
    if (!href) continue;
    if (match.index > end) all.push({ text: text.slice(end, match.index) });
    all.push({ text: shown, href });
    end = match.index + shown.length;
  }
  if (end < text.length || !all.length) all.push({ text: text.slice(end) });
  return all;
}

/** A full stop behind a link is the sentence's; a bracket is the link's where it opens in it. @param {string} link */
function withoutTrailing(link) {
  let kept = link.replace(TRAILING, "");
  for (const mark of link.slice(kept.length)) {
    const opening = /** @type {any} */ (CLOSING)[mark];
    if (!opening || count(kept, mark) >= count(kept, opening)) break;
    kept += mark;
  }
  return kept;
}

/** @param {string} text  @param {string} mark */
function count(text, mark) {
  return text.split(mark).length - 1;
}

/** @param {string} text  @returns {string} empty where it is no address on the web */
function addressOf(text) {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : "";
  } catch {
    return "";
  }
}

/** @param {string} text  @param {string} sought  @returns {Piece[]} */
function found(text, sought) {
  const { folded, at } = fold(text);
  const wanted = fold(sought.trim()).folded;
  if (!wanted) return [{ text }];
  const all = [];
  let end = 0;
  for (let from = folded.indexOf(wanted); from >= 0; from = folded.indexOf(wanted, from + wanted.length)) {
    const [start, stop] = [at[from], at[from + wanted.length]];
    if (start < end) continue;
    if (start > end) all.push({ text: text.slice(end, start) });
    all.push({ text: text.slice(start, stop), isFound: true });
    end = stop;
  }
  if (end < text.length || !all.length) all.push({ text: text.slice(end) });
  return all;
}

/**
 * Without case and accents, so that "nao" finds "Não"; `at` says where each of its characters stands in the text.
 * @param {string} text
 */
export function fold(text) {
  let folded = "";
  const at = [];
  let place = 0;
  for (const character of text) {
    const plain = character.normalize("NFD").replace(/\p{M}+/gu, "").toLowerCase();
    for (let unit = 0; unit < plain.length; unit++) at.push(place);
    folded += plain;
    place += character.length;
  }
  at.push(place);
  return { folded, at };
}
