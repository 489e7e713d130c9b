// Whether somebody is here, in words.

import { lastSeen } from "./times.js";

/** @param {{status: string, last_seen_at?: string | null} | null} presence  @param {import("./words.js").Words} say  @returns {string} empty where nothing is known */
export function statusText(presence, say) {
  if (presence?.status === "online") return say.online;
  if (presence?.status !== "offline") return "";
  return presence.last_seen_at ? lastSeen(presence.last_seen_at, say) : say.offline;
}
