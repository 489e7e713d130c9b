// What is said where no conversation is shown.

import { copyText } from "../page/clipboard.js";
import { h, icon } from "../page/dom.js";
import { showEmpty } from "./empty.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("../chat4all/index.js").LiveClient} LiveClient */

const USERNAME = /^@?[A-Za-z0-9_.-]{3,32}$/;
const SKELETONS = 6;

/**
 * In the place of the list.
 * @param {HTMLElement} root  @param {{live: LiveClient, say: Words, count: number, sought: string, startWith: (name?: string) => void, notice: (text: string) => void}} given
 */
export function showListEmpty(root, { live, say, count, sought, startWith, notice }) {
  const name = sought.trim();
  const isComing = live.state !== "live";
  const wanted = count ? "" : JSON.stringify([name, isComing, say.start, /** @type {any} */ (live.me)?.username]);
  if (root.dataset.shown === wanted) return;
  root.dataset.shown = wanted;
  root.hidden = count > 0;
  if (count) return;
  if (name) return showEmpty(root, { picture: "search", title: say.noMatch(name) }, USERNAME.test(name) ? [{ label: say.findPerson(name), act: () => startWith(name) }] : []);
  if (isComing) return root.replaceChildren(h("div", { class: "skeletons", role: "status", "aria-label": say.loading }, ...Array.from({ length: SKELETONS }, skeleton)));
  showEmpty(root, { picture: "bubbles", title: say.noConversations, text: say.noConversationsText }, [{ label: say.start, act: () => startWith(), isPrimary: true }], [ownName(live, say, notice)]);
}

/**
 * In the place of the conversation.
 * @param {HTMLElement} root  @param {{live: LiveClient, say: Words, wanted: string | null, isThere: boolean, start: () => void, toList: () => void}} given
 */
export function showNoConversation(root, { live, say, wanted, isThere, start, toList }) {
  const isComing = wanted !== null && live.state !== "live";
  const isNew = live.conversations().length === 0;
  const shown = isThere ? "" : JSON.stringify([wanted, isComing, isNew, say.start]);
  if (root.dataset.shown === shown) return;
  root.dataset.shown = shown;
  root.hidden = isThere;
  if (isThere) return;
  if (isComing) return root.replaceChildren(h("p", { class: "soft", role: "status" }, say.loading));
  if (wanted) return showEmpty(root, { picture: "alert", title: say.notThere, text: say.notThereText }, [{ label: say.toList, act: toList }]);
  if (isNew) return showEmpty(root, { picture: "bubbles", title: say.welcomeTitle, text: say.welcomeText });
  showEmpty(root, { picture: "bubbles", title: say.chooseOne, text: say.chooseOneText }, [{ label: say.newConversation, act: start }]);
}

/** The name by which others find one, to be copied. @param {LiveClient} live  @param {Words} say  @param {(text: string) => void} notice */
function ownName(live, say, notice) {
  const username = String(/** @type {any} */ (live.me)?.username ?? "");
  const copy = async () => notice((await copyText(username)) ? say.copied : say.notCopied);
  return h("button", { type: "button", class: "own-name", "aria-label": `${say.copyName}: ${username}`, onclick: copy }, `@${username}`, icon("copy"));
}

function skeleton() {
  return h("div", { class: "skeleton" }, h("span", {}), h("span", {}), h("span", {}));
}
