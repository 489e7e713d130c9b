// What people are told when the API refuses: by its code where there are own words for it.

import { ApiError } from "../chat4all/index.js";
import { errorText } from "../page/errors.js";

/** @param {unknown} error  @param {import("./words.js").Words} say */
export function refusalText(error, say) {
  return (error instanceof ApiError && say.refusals[error.code]) || errorText(error, say);
}
