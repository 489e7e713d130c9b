// What a page has to know of its deployment.

import { answer } from "../chat4all/session.js";
import { delayMs, pause } from "../chat4all/backoff.js";

/** Until it is answered. @returns {Promise<{websocket_url: string, api_url: string, sign_in?: Record<string, string>}>} */
export async function settings() {
  for (let failures = 1; ; failures++) {
    try {
      return await answer("/pages/settings.json", {});
    } catch {
      await pause(delayMs(failures), new AbortController().signal, new EventTarget());
    }
  }
}
