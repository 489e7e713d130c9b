// Errors as one tab tells them to another: structured clone keeps no classes.

import { ApiError, NetworkError, SignedOut } from "../errors.js";

/** @param {any} error */
export function told(error) {
  const { name, message, status = 0, problem = null, retryAfter = null } = error ?? {};
  return { name, message, status, problem, retryAfter };
}

/** @param {ReturnType<typeof told>} error */
export function thrown({ name, message, status, problem, retryAfter }) {
  if (name === "ApiError") return new ApiError(status, problem, retryAfter);
  if (name === "SignedOut") return new SignedOut();
  return name === "NetworkError" ? new NetworkError(message) : new Error(message);
}
