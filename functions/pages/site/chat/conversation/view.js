// The open conversation: joins its messages, what is written, and what the live client tells.

import { Uploads } from "../../chat4all/index.js";
import { h } from "../../page/dom.js";
import { currentLanguage } from "../../page/language.js";
import { takeDrops } from "../../page/picker.js";
import { soon } from "../../page/soon.js";
import { nameOf, previewOf } from "../names.js";
import { Acts } from "./acts.js";
import { Announcing } from "./announcing.js";
import { Attaching } from "./attaching.js";
import { Bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { Deeds } from "./deeds.js";
import { divider } from "./dividers.js";
import { Down } from "./down.js";
import { Header } from "./header.js";
import { showLarge } from "./lightbox.js";
import { Log } from "./log.js";
import { Marks } from "./marks.js";
import { Outgoing } from "./outgoing.js";
import { OutgoingBubble } from "./outgoing_bubble.js";
import { Previews } from "./previews.js";
import { Reading } from "./reading.js";
import { Search } from "./search.js";
import { StatusPanel } from "./status_panel.js";
import { rowsOf } from "./timeline.js";
import { Tray } from "./tray.js";
import { words } from "./words.js";

/** @typedef {import("../../chat4all/index.js").LiveClient} LiveClient */
/** @typedef {import("./timeline.js").Row} Row */
/** @typedef {{session: import("../../chat4all/index.js").Session, api: import("../../chat4all/index.js").Api}} Means */

const NOTICE_MS = 6_000;
const FLASH_MS = 1_800;
const HEAD_MS = 30_000;
const PAGE = 50;
/** Pages that are loaded to come to a message, at most. */
const FAR = 40;
/** Pages that are loaded to come to the first that is unread. */
const UNREAD = 3;

/** One for a session, also when it ends and begins again: what is under way goes on. @type {WeakMap<object, Uploads>} */
const UPLOADS = new WeakMap();

export class ConversationView {
  /** @param {HTMLElement} root  @param {LiveClient} live  @param {Means} means */
  constructor(root, live, { session, api }) {
    this._root = root;
    this._live = live;
    this._id = "";
    /** @type {readonly any[]} */
    this._messages = [];
    /** @type {Map<string, any>} */
    this._byId = new Map();
    /** Files of own messages that the server has not answered yet. @type {Map<string, any>} */
    this._documents = new Map();
    /** @type {{from: unknown[], rows: Row[]}} */
    this._made = { from: [], rows: [] };
    this._isLoading = false;
    this._isBeginning = false;
    /** It stands where the person goes on reading: what is drawn before that has not been seen. */
    this._isPlaced = false;
    this._stop = new AbortController();
    this._marks = new Marks();
    this._reading = new Reading(live);
    this._previews = new Previews(api);
    this._uploads = UPLOADS.get(session) ?? new Uploads({ session, api });
    UPLOADS.set(session, this._uploads);
    this._tray = new Tray(this._uploads, (upload) => void this._attaching.again(upload));
    this._outgoing = this._newOutgoing(api);
    this._status = new StatusPanel({ name: (id) => this._name(id), ask: (id) => live.status(id), tell: (error) => this._deeds.refused(error) });
    this._deeds = this._newDeeds();
    this._header = new Header(live, () => this._search.open());
    this._search = this._newSearch();
    this._around = this._newAround();
    this._log = new Log({ make: (row) => this._make(row), onOlder: () => void this._older(), onSeen: (row, isAtBottom) => this._seen(row, isAtBottom) });
    this._composer = this._newComposer();
    this._attaching = this._newAttaching();
    this._acts = this._newActs();
    this._announcing = new Announcing({ userId: live.userId, name: (id) => this._name(id) });
    this._down = new Down(() => this._toNewest());
    this._notice = h("div", { class: "talk-notice", role: "status" });
    this._dropText = h("p");
    this._build();
    this._listen();
    this._outgoing.restore();
  }

  /** @param {string} conversationId */
  open(conversationId) {
    if (this._id === conversationId) return;
    this.close();
    this._id = conversationId;
    this._isBeginning = this._isPlaced = false;
    this._reading.open(conversationId, this._conversation());
    this._live.watch(conversationId);
    this._header.open(conversationId);
    this._composer.open(conversationId);
    this._draw();
    void this._begin(conversationId);
    if (matchMedia("(pointer: fine)").matches) this._composer.focus();
  }

  close() {
    if (!this._id) return;
    this._composer.leave();
    this._search.close();
    this._status.close();
    this._acts.clear();
    this._announcing.clear();
    this._marks.clear();
    this._log.clear();
    this._id = "";
    this._messages = [];
    this._byId = new Map();
    this._live.watch(null);
  }

  /** For good: somebody has signed out. */
  end() {
    this.close();
    this._stop.abort();
    this._outgoing.end();
    this._tray.end();
    this._previews.end();
    this._acts.end();
    this._log.end();
    this._root.replaceChildren();
  }

  _build() {
    const { element: log } = this._log;
    log.setAttribute("role", "log");
    // What comes is told by `_announcing`: older messages, which are drawn here too, are no news.
    log.setAttribute("aria-live", "off");
    log.tabIndex = 0;
    const over = h("div", { class: "drop-over", "aria-hidden": "true", hidden: true }, this._dropText);
    const middle = h("div", { class: "talk-log" }, log, this._down.element, this._notice);
    this._root.replaceChildren(this._header.element, this._search.element, middle, this._composer.element, this._announcing.element, over);
    takeDrops((data) => void this._attaching.take(data), over, this._root);
  }

  _listen() {
    const { signal } = this._stop;
    const drawSoon = soon(() => this._draw());
    const headSoon = soon(() => this._head());
    const isOurs = (/** @type {any} */ event) => event.detail?.conversation_id === this._id;
    const on = (/** @type {EventTarget} */ target, /** @type {string} */ type, /** @type {(event: any) => void} */ act) => target.addEventListener(type, act, { signal });
    on(this._live, "messages", (event) => isOurs(event) && drawSoon());
    on(this._live, "conversations", (event) => event.detail.ids.includes(this._id) && drawSoon());
    on(this._live, "users", drawSoon);
    on(this._live, "typing", (event) => isOurs(event) && headSoon());
    on(this._live, "presence", headSoon);
    on(this._outgoing, "change", drawSoon);
    on(document, "visibilitychange", drawSoon);
    on(globalThis, "beforeunload", (event) => {
      this._composer.leave();
      if (this._uploads.isBusy || !this._live.hasKeptAll) event.preventDefault();
    });
    const language = new MutationObserver(() => this._speak());
    language.observe(document.documentElement, { attributeFilter: ["lang"] });
    const minutes = setInterval(headSoon, HEAD_MS);
    signal.addEventListener("abort", () => {
      language.disconnect();
      clearInterval(minutes);
    });
  }

  /** @param {import("../../chat4all/index.js").Api} api */
  _newOutgoing(api) {
    return new Outgoing({
      userId: this._live.userId,
      uploads: this._uploads,
      file: (fileId) => api.file(fileId),
      choose: (upload) => void this._attaching.again(upload),
      giveBack: (id, text) => id === this._id && this._composer.giveBack(text),
      send: (id, message, documents) => {
        for (const document of documents) this._documents.set(document.file_id, document);
        this._live.send(id, message);
      },
    });
  }

  _newDeeds() {
    return new Deeds({
      live: this._live, previews: this._previews, conversation: () => this._conversation(), tell: (text) => this._tell(text),
      reply: (message) => this._composer.reply(message), edit: (message) => this._composer.edit(message), info: (message) => void this._status.open(message),
    });
  }

  _newSearch() {
    return new Search({
      find: (sought) => this._live.search(this._id, sought),
      goTo: (id) => void this._goTo(id),
      changed: () => this._draw(),
      isMore: () => !this._isBeginning,
      older: () => this._older(),
      left: () => this._composer.focus(),
    });
  }

  _newComposer() {
    return new Composer({
      userId: this._live.userId, tray: this._tray, name: (id) => this._name(id), preview: (message) => previewOf(message, words()),
      send: (text, replied) => this._send(text, replied),
      edit: (message, text) => this._deeds.attempt(this._live.edit(message.message_id, text)),
      typing: () => this._live.typing(this._id),
      stopped: () => this._live.stoppedTyping(this._id),
      lastOwn: () => this._messages.findLast((message) => this._deeds.may(message).includes("edit")),
      take: (chosen) => void this._attaching.add(chosen),
      up: () => this._log.focusLast(),
    });
  }

  _newAttaching() {
    return new Attaching({
      tray: this._tray, uploads: this._uploads, input: () => this._composer.input, mayWrite: () => this._deeds.mayWrite,
      tell: (text) => this._tell(text), done: () => this._composer.focus(),
    });
  }

  _newActs() {
    return new Acts(this._log.list, {
      find: (id) => this._byId.get(id),
      may: (message) => this._deeds.may(message),
      mayReact: () => this._deeds.mayWrite,
      act: (act, message) => void this._deeds.act(act, message),
      react: (message, emoji) => void this._deeds.react(message, emoji),
      leave: () => this._composer.focus(),
      beside: (id, step) => this._log.beside(id, step, (row) => row.kind === "message"),
    });
  }

  /** @returns {import("./bubble.js").Around} */
  _newAround() {
    const { _live: live, _deeds: deeds } = this;
    return {
      userId: live.userId, previews: this._previews, language: currentLanguage,
      isGroup: () => this._conversation()?.type === "group",
      name: (id) => this._name(id),
      status: (message) => this._marks.status(message.message_id, live.statusOf(message)),
      find: (id) => this._byId.get(id),
      document: (id) => this._documents.get(id) ?? { file_id: id, filename: "", content_type: "", kind: "document", status: "pending" },
      sought: () => this._search.sought,
      show: (file, addresses) => showLarge(file, addresses, () => void deeds.save(file)),
      save: (file) => void deeds.save(file),
      goTo: (id) => void this._goTo(id),
      react: (message, emoji) => void deeds.react(message, emoji),
      again: (message) => void deeds.attempt(live.resend(message.message_id)),
      discard: (message) => void deeds.attempt(live.discard(message.message_id)),
      info: (message) => void this._status.open(message),
      mayReact: () => deeds.mayWrite,
    };
  }

  /** @param {Row} row  @returns {import("./log.js").Drawn} */
  _make({ kind }) {
    if (kind === "message") return new Bubble(this._around);
    return kind === "outgoing" ? new OutgoingBubble(this._outgoing) : divider(() => !this._messages.length);
  }

  _conversation() {
    return this._live.conversation(this._id);
  }

  /** @param {string} id */
  _name(id) {
    return nameOf(this._live.user(id), words());
  }

  get _isWatched() {
    return document.visibilityState === "visible";
  }

  _draw() {
    const id = this._id;
    if (!id) return;
    const messages = this._live.messages(id);
    if (messages !== this._messages) this._took(messages);
    this._isBeginning ||= this._conversation()?.loaded_from === 1;
    this._search.refresh();
    this._log.show(this._rows());
    this._status.refreshSoon();
    this._head();
  }

  /** @param {readonly any[]} messages  another array where anything of them has changed */
  _took(messages) {
    this._messages = messages;
    this._byId = new Map(messages.map((message) => [message.message_id, message]));
    this._reading.came(messages, this._isWatched);
    this._announcing.came(messages);
  }

  /** Made anew where what they are made of has changed. */
  _rows() {
    const { _messages: messages, _isBeginning: isBeginning, _reading: { unreadFrom } } = this;
    const outgoing = this._outgoing.of(this._id);
    const from = [messages, isBeginning, unreadFrom, ...outgoing];
    const isSame = this._made.from.length === from.length && this._made.from.every((one, at) => one === from[at]);
    if (!isSame) this._made = { from, rows: rowsOf({ messages, userId: this._live.userId, unreadFrom, isBeginning, outgoing }) };
    return this._made.rows;
  }

  _head() {
    if (!this._id) return;
    const say = words();
    this._header.show(this._conversation());
    this._log.element.setAttribute("aria-label", say.log);
    this._dropText.textContent = say.dropHere;
    const note = this._deeds.role === "reader" ? say.readOnly : say.notMember;
    this._composer.address({ who: this._header.title, mayWrite: this._deeds.mayWrite, note });
  }

  _speak() {
    this._composer.show();
    this._acts.clear();
    this._draw();
  }

  /** What is loaded when a conversation is opened: down to the first that is unread. @param {string} id */
  async _begin(id) {
    const { unreadFrom } = this._reading;
    for (let pages = 0; pages < UNREAD && this._id === id; pages++) {
      const from = this._conversation()?.loaded_from ?? Infinity;
      const isEnough = this._messages.length > 0 && (unreadFrom === null || from <= unreadFrom);
      if (isEnough || this._isBeginning || !(await this._older())) break;
    }
    if (this._id !== id) return;
    this._isPlaced = true;
    if (unreadFrom === null || !this._log.reveal("unread", "start")) this._log.look();
  }

  /** @returns {Promise<boolean>} whether there are more */
  async _older() {
    const id = this._id;
    if (this._isLoading || this._isBeginning || !id) return false;
    this._isLoading = true;
    this._root.classList.add("is-loading");
    try {
      const isMore = await this._live.older(id, PAGE);
      if (this._id !== id) return false;
      this._isBeginning ||= !isMore;
      this._draw();
      return isMore;
    } catch {
      return false; // offline: what is here is shown, and scrolling asks again
    } finally {
      this._isLoading = false;
      this._root.classList.remove("is-loading");
    }
  }

  /** @param {Row | null} row the last that is seen  @param {boolean} isAtBottom */
  _seen(row, isAtBottom) {
    if (!this._id || !this._isPlaced) return;
    const last = isAtBottom ? this._messages.reduce((highest, message) => Math.max(highest, message.seq), 0) : (row?.message?.seq ?? 0);
    this._reading.seen(last, this._isWatched);
    this._down.show(isAtBottom, isAtBottom ? 0 : this._reading.below(this._messages));
  }

  _toNewest() {
    this._log.toBottom();
    this._composer.focus();
  }

  /** Bring a message into view, also one that has to be loaded first. @param {string} messageId */
  async _goTo(messageId) {
    const id = this._id;
    for (let pages = 0; pages < FAR && this._id === id && !this._byId.has(messageId); pages++) {
      if (!(await this._older())) break;
    }
    if (this._id !== id) return;
    const element = this._log.reveal(messageId) ? this._log.drawn(messageId) : null;
    if (!element) return this._tell(words().notFound);
    element.classList.add("is-shown");
    setTimeout(() => element.classList.remove("is-shown"), FLASH_MS);
  }

  /** @param {string} text  @param {any} replied */
  _send(text, replied) {
    const uploads = this._tray.take();
    this._reading.answered();
    if (uploads.length) void this._outgoing.add(this._id, { caption: text, replyTo: replied?.message_id ?? null, uploads });
    else this._live.send(this._id, replied ? { type: "text", content: text, reply_to: replied.message_id } : { type: "text", content: text });
    this._draw();
    this._log.toBottom();
  }

  /** @param {string} text */
  _tell(text) {
    const shown = h("p", {}, text);
    this._notice.replaceChildren(shown);
    setTimeout(() => shown.remove(), NOTICE_MS);
  }
}
