// What people are told of a call that failed.

import { ApiError } from "../chat4all/errors.js";

/** @param {unknown} error  @param {{slowDown: (s: number) => string, noAnswer: string}} say */
export function errorText(error, say) {
  if (!(error instanceof ApiError)) return say.noAnswer;
  if (error.status === 429) return say.slowDown(error.retryAfter ?? 1);
  if (error.status >= 500) return say.noAnswer;
  return error.errors.length ? error.errors.map((one) => `${one.pointer.slice(1)}: ${one.detail}`).join("; ") : error.message;
}
