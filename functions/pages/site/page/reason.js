// Why a sign-in or a registration was refused.

import { ApiError } from "../chat4all/errors.js";
import { errorText } from "./errors.js";

/** In the person's language; what has no own words there is told as the API tells it. @param {unknown} error  @param {import("./sign_in.js").Words} say */
export function reason(error, say) {
  if (!(error instanceof ApiError)) return errorText(error, say);
  if (error.status === 401) return say.wrongPassword;
  if (say.taken[error.code]) return say.taken[error.code];
  const known = error.errors.map(({ pointer }) => say.wrongFields[pointer]);
  return known.length && known.every(Boolean) ? [...new Set(known)].join("\n") : errorText(error, say);
}
