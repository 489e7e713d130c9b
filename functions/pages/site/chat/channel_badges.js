// By which channels somebody is reached: small marks, with their names for who does not see them.

import { h, icon } from "../page/dom.js";

const KNOWN = new Set(["whatsapp", "messenger", "instagram", "telegram"]);

/** @param {string[]} channels  @param {import("./words.js").Words} say  @returns {HTMLElement[]} */
export function channelBadges(channels, say) {
  return channels.map((channel) => {
    const name = say.channels[channel] ?? channel;
    const picture = KNOWN.has(channel) ? icon(/** @type {import("../page/icon_paths.js").IconName} */ (channel)) : channel.slice(0, 2);
    return h("span", { class: "channel-badge", "data-channel": channel, title: name, role: "img", "aria-label": name }, picture);
  });
}
