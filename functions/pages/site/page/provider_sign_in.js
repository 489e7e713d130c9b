// Signing in with Google or GitHub: the browser goes there, and comes back with a code in the address (docs/sign-in.md).

import { reason } from "./reason.js";

/** What this tab waits for, while it is somewhere else. */
const KEY = "chat4all.sign-in";

/**
 * @typedef {"sign_in" | "link"} Purpose
 * @typedef {{provider: string, verifier: string, purpose: Purpose}} Waiting
 * @typedef {{provider: string, purpose: Purpose, code: string, verifier: string, error: string}} Came
 */

/** Whether this browser can make what a sign-in needs: only where the page came by TLS, or from this machine. */
export const canSignInBy = globalThis.crypto?.subtle !== undefined;

/**
 * Send the browser to the provider; it comes back to this page.
 * @param {string} provider  @param {string} url where the deployment begins it  @param {Purpose} purpose
 */
export async function goTo(provider, url, purpose) {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
  sessionStorage.setItem(KEY, JSON.stringify({ provider, verifier, purpose }));
  const query = new URLSearchParams({ return_to: location.origin + location.pathname, code_challenge: challenge, code_challenge_method: "S256" });
  location.assign(`${url}?${query}`);
}

/**
 * What the browser has come back with, once; null where it comes from nowhere. The address forgets it, and so does the history.
 * @returns {Came | null}
 */
export function cameBack() {
  const values = new URLSearchParams(location.hash.slice(1));
  const [code, error] = [values.get("sign-in") ?? "", values.get("sign-in-error") ?? ""];
  if (!code && !error) return null;
  history.replaceState(null, "", location.pathname);
  const waiting = taken();
  // A code that this tab did not ask for is somebody else's.
  if (!waiting || waiting.provider !== values.get("provider")) return { provider: "", purpose: "sign_in", code: "", verifier: "", error: error || "sign_in_state" };
  return { ...waiting, code, error };
}

/**
 * Why it came to nothing.
 * @param {unknown} error an ApiError, or a word of `cameBack`  @param {any} say words
 * @returns {string}
 */
export function whyNot(error, say) {
  const code = typeof error === "string" ? error : /** @type {any} */ (error)?.code;
  return say.signInErrors[code] ?? (typeof error === "string" ? say.signInErrors.sign_in_failed : reason(error, say));
}

/** @returns {Waiting | null} */
function taken() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  } finally {
    sessionStorage.removeItem(KEY);
  }
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
