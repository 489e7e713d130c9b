// What the conversation says, in the language of the person.

import { wordsOf } from "../../page/language.js";
import { EN } from "./words_en.js";
import { PT } from "./words_pt.js";

/** @typedef {typeof EN} Words */

/** @type {() => Words} */
export const words = wordsOf({ en: EN, pt: PT });
