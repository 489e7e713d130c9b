// The chat around its conversation: list, routes, details, keys, and what the tab says.

import { topDialog } from "../page/dialog.js";
import { byId, h, icon } from "../page/dom.js";
import { speak } from "../page/language.js";
import { soon } from "../page/soon.js";
import { openAccount } from "./account_menu.js";
import { Announcer } from "./announcer.js";
import { Avatar } from "./avatar.js";
import { ConnectionBanner } from "./connection_banner.js";
import { ConversationList } from "./conversation_list.js";
import { Details } from "./details.js";
import { showListEmpty, showNoConversation } from "./empty_states.js";
import { nameOf, otherOf, titleOf } from "./names.js";
import { openNewConversation } from "./new_conversation.js";
import { hashOf, parseRoute } from "./route.js";
import { commandOf, openShortcuts } from "./shortcuts.js";
import { finishLink } from "./sign_ins.js";
import { TabTitle } from "./tab_title.js";
import { Talk } from "./talk.js";
import { words } from "./words.js";

/** @typedef {import("../chat4all/index.js").LiveClient} LiveClient */

const NOTICE_MS = 4_000;
const MINUTE_MS = 60_000;
/** Where list and conversation are two screens, as chat.css has it. */
const PHONE = matchMedia("(max-width: 720px)");

export class Frame {
  /** @param {{live: LiveClient, api: import("../chat4all/index.js").Api, session: import("../chat4all/index.js").Session, signOut: () => void,
   *   providers?: Record<string, string>}} given `providers`: by whom people sign in here, and where each begins */
  constructor({ live, api, session, signOut, providers = {} }) {
    this._live = live;
    this._api = api;
    this._signOut = signOut;
    this._providers = providers;
    this._ending = new AbortController();
    this._route = parseRoute(location.hash);
    this._list = new ConversationList(byId("list"), live, words);
    this._banner = new ConnectionBanner(byId("banner"), live, words);
    this._talk = new Talk(byId("conversation"), live, { session, api });
    this._details = new Details(byId("details"), {
      live, api, words, go: (id) => this.go(id), close: () => this._closeDetails(),
      writeTo: (userId) => void this._writeTo(userId), notice,
    });
    this._announcer = new Announcer(byId("said"), live, words);
    this._title = new TabTitle();
    this._account = new Avatar("small");
    /** The user as only they see it. @type {any} */
    this._me = null;
    this._draw = soon(() => this._ending.signal.aborted || this._show());
  }

  open() {
    const { signal } = this._ending;
    this._listen(signal);
    this._listenToLive(signal);
    byId("new").replaceChildren(icon("plus"));
    byId("account").replaceChildren(this._account.element);
    const minute = setInterval(() => this._touch(), MINUTE_MS);
    signal.addEventListener("abort", () => clearInterval(minute));
    this.showWords();
    this._banner.show();
    this._announcer.note(this._live.conversations().map(({ id }) => id), null);
    this._follow();
  }

  close() {
    this._ending.abort();
    this._banner.close();
    this._talk.end();
    this._details.open(null);
    this._list.clear();
    this._title.show(0, "");
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  }

  showWords() {
    speak(words(), byId("app"));
    byId("new").title = words().newConversation;
    byId("account").title = words().account;
    /** @type {HTMLInputElement} */ (byId("search")).placeholder = words().search;
    this._touch();
  }

  /** @param {string | null} conversationId */
  go(conversationId) {
    location.hash = hashOf(conversationId);
  }

  /** @param {AbortSignal} signal */
  _listen(signal) {
    addEventListener("hashchange", () => this._follow(), { signal });
    for (const type of ["online", "offline"]) addEventListener(type, () => this._banner.show(), { signal });
    document.addEventListener("keydown", (event) => this._key(event), { signal });
    byId("new").addEventListener("click", () => this._openNew(), { signal });
    byId("account").addEventListener("click", () => void this.openAccount(), { signal });
    byId("search").addEventListener("input", () => this._search(), { signal });
    byId("search").addEventListener("keydown", (event) => this._searchKey(event), { signal });
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      this._main().focus();
    }, { signal });
    PHONE.addEventListener("change", () => this._main(), { signal });
  }

  /** @param {AbortSignal} signal */
  _listenToLive(signal) {
    const live = /** @type {EventTarget} */ (this._live);
    const on = (/** @type {string} */ type, /** @type {(detail: any) => void} */ act) =>
      live.addEventListener(type, (event) => act(/** @type {CustomEvent} */ (event).detail), { signal });
    on("conversations", ({ ids }) => {
      this._announcer.note(ids, this._route.conversationId);
      this._touch(ids);
    });
    on("messages", (detail) => this._touch([detail.conversation_id]));
    on("typing", (detail) => this._touch([detail.conversation_id]));
    on("presence", () => this._touch());
    on("users", () => this._touch());
    on("notice", ({ code }) => notice(words().notices[code] ?? code));
    on("state", () => {
      this._banner.show();
      this._touch([]);
    });
  }

  /** @param {string[]} [ids] of conversations that changed; none: all */
  _touch(ids) {
    this._list.touch(ids);
    this._draw();
  }

  _show() {
    const say = words();
    this._list.show();
    const all = this._live.conversations();
    showListEmpty(byId("list-empty"), { live: this._live, say, count: this._list.count, sought: this._list.sought, startWith: (name) => this._openNew(name), notice });
    const open = all.find(({ id }) => id === this._route.conversationId);
    this._talk.show(open?.id ?? null);
    showNoConversation(byId("no-conversation"), { live: this._live, say, wanted: this._route.conversationId, isThere: open !== undefined, start: () => this._openNew(), toList: () => this.go(null) });
    this._details.open(open && this._route.details ? open.id : null);
    this._title.show(all.reduce((sum, { unread }) => sum + unread, 0), open ? titleOf(open, this._live, say) : "");
    const me = this._me ?? this._live.me;
    this._account.show({ id: this._live.userId, name: nameOf(me, say) });
    byId("account").setAttribute("aria-label", `${say.account}: ${nameOf(me, say)}`);
  }

  /** Go where the address says. */
  _follow() {
    const before = this._route;
    this._route = parseRoute(location.hash);
    const { conversationId, details } = this._route;
    byId("app").dataset.screen = conversationId ? "talk" : "list";
    this._main();
    this._list.select(conversationId);
    this._show();
    if (details && !before.details) this._details.focus();
    if (!conversationId && before.conversationId) this._list.focus(before.conversationId);
    // On a phone the list, where the focus was, has gone.
    if (conversationId && !document.activeElement?.checkVisibility()) byId("main").focus();
  }

  _toggleDetails() {
    const { conversationId, details } = this._route;
    if (conversationId) location.hash = hashOf(conversationId, !details);
  }

  _closeDetails() {
    if (!this._route.details) return;
    location.hash = hashOf(this._route.conversationId);
    byId("main").focus();
  }

  /** What the page is about now, which has to be a landmark: on a phone's first screen the list. */
  _main() {
    const isList = PHONE.matches && !this._route.conversationId;
    if (isList) byId("side").setAttribute("role", "main");
    else byId("side").removeAttribute("role");
    return byId(isList ? "side" : "main");
  }

  /** @param {string} [name] */
  _openNew(name) {
    openNewConversation({ live: this._live, words, go: (id) => this.go(id) }, name);
  }

  /** The browser has come back to link a provider. @param {import("../page/provider_sign_in.js").Came} came */
  async link(came) {
    const text = await finishLink(came, this._signIns());
    await this.openAccount();
    notice(text);
  }

  _signIns() {
    return { api: this._api, providers: this._providers, words, notice };
  }

  async openAccount() {
    // Presence and email are told to nobody else, so that the live client does not know them.
    this._me = (await this._api.request("GET", "/v1/users/me").catch(() => null)) ?? this._me ?? this._live.me;
    openAccount({
      ...this._signIns(), me: () => this._me,
      update: async (changes) => {
        this._me = await this._api.request("PATCH", "/v1/users/me", { body: changes });
        this._touch();
      },
      onLanguage: () => this.showWords(), onShortcuts: () => openShortcuts(words()), signOut: this._signOut,
    });
  }

  /** @param {string} userId */
  async _writeTo(userId) {
    const known = this._live.conversations().find((one) => otherOf(one, this._live.userId) === userId);
    try {
      this.go((known ?? (await this._live.createConversation({ type: "private", member_ids: [userId] }))).id);
    } catch {
      notice(words().noAnswer);
    }
  }

  _search() {
    this._list.sought = /** @type {HTMLInputElement} */ (byId("search")).value;
    this._show();
  }

  /** @param {KeyboardEvent} event */
  _searchKey(event) {
    const field = /** @type {HTMLInputElement} */ (byId("search"));
    const [first] = this._list.ids;
    if (event.key === "Enter" && first && !event.isComposing) this.go(first);
    else if (event.key === "ArrowDown") this._list.focus();
    else if (event.key === "Escape" && field.value) field.value = "";
    else return;
    event.preventDefault();
    this._search();
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return this._escape();
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    this._do(command);
  }

  _escape() {
    if (this._route.details) this._closeDetails();
    else if (this._route.conversationId) this.go(null);
  }

  /** @param {import("./shortcuts.js").Command} command */
  _do(command) {
    if (command === "search") {
      if (byId("app").dataset.screen === "talk" && !byId("search").checkVisibility()) this.go(null);
      byId("search").focus();
    } else if (command === "new") this._openNew();
    else if (command === "help") openShortcuts(words());
    else if (command === "details") this._toggleDetails();
    else {
      const id = this._list.beside(command === "next" ? 1 : -1);
      if (id) this.go(id);
    }
  }
}

/** Say something for a moment: in the dialog that is open, behind which all else is dimmed and silent. @param {string} text */
function notice(text) {
  const shown = h("p", {}, text);
  noticeIn(topDialog()).replaceChildren(shown);
  setTimeout(() => shown.remove(), NOTICE_MS);
}

/** @param {Element | undefined} dialog */
function noticeIn(dialog) {
  if (!dialog) return byId("notice");
  const known = dialog.querySelector(":scope > .notice");
  if (known) return known;
  const made = h("div", { class: "notice", role: "status" });
  dialog.append(made);
  return made;
}
