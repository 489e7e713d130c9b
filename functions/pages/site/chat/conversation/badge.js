// By which channel something was said or goes.

import { h } from "../../page/dom.js";
import { channelBadges } from "../channel_badges.js";
import { words } from "./words.js";

/** @param {string} channel */
export function badge(channel) {
  const say = words();
  const name = say.channels[channel] ?? channel;
  if (channel === "in_app") return h("span", { class: "via" }, name);
  const [picture] = channelBadges([channel], say);
  picture.removeAttribute("role");
  picture.removeAttribute("aria-label");
  picture.setAttribute("aria-hidden", "true");
  return h("span", { class: "via" }, picture, name);
}
