// What the chat's frame says, in the language of the person. The conversation has words of its own.

import { wordsOf } from "../page/language.js";
import { EN } from "./words_en.js";
import { PT } from "./words_pt.js";

/** @typedef {typeof EN} Words */

/** @type {() => Words} */
export const words = wordsOf({ en: EN, pt: PT });
