// An open chat: its messages, its composer, and what a person does in it.
import { Composer } from "./phones-composer.js";
import { attempt } from "./phones-http.js";
import { drawDay, drawMessage } from "./phones-message.js";
import { avatar, button, dayOf, element } from "./phones-view.js";

/** What is seen of a message: a change of the rest draws nothing anew. */
const look = (message) => JSON.stringify({ ...message, revision: 0, unread: false });

export class Chat {
  constructor(driver, column) {
    this.driver = driver;
    this.column = column;
    this.key = null;
    this.messages = new Map();
    this.composer = new Composer(driver, {
      send: (content, replyTo) => this.send(content, replyTo),
      edit: (message, text) => this.edit(message, text),
      upload: (file) => driver.upload(this.person, file),
      me: () => this.person,
    });
    this.draw();
  }

  draw() {
    this.face = element("span", { className: "face" });
    this.title = element("h3");
    this.state = element("p", { className: "quiet state" });
    this.state.setAttribute("aria-live", "polite");
    this.readsBox = element("input", { type: "checkbox", checked: true });
    this.reads = element("label", { className: "switch", title: "Tell the account what was read" }, [this.readsBox, "reads"]);
    this.reads.hidden = this.driver.channel === "telegram";
    this.readsBox.addEventListener("change", () => this.read());
    this.blockButton = button("Block", () => attempt(() => this.setBlocked(true)), { className: "plain danger" });
    this.upgradeButton = button("Upgrade", () => attempt(() => this.upgrade()), { className: "plain", title: "Make it a supergroup" });
    this.list = element("ol", { className: "messages", label: "Messages", tabIndex: 0 });
    this.list.setAttribute("role", "log");
    this.atEnd = true;
    this.list.addEventListener("scroll", () => { this.atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80; });
    for (const event of ["load", "loadedmetadata"]) {
      this.list.addEventListener(event, () => { if (this.atEnd) this.toEnd(); }, true); // A picture takes its place when it is there.
    }
    this.startBar = element("div", { className: "start" }, [button("START", () => attempt(() => this.send({ text: "/start" })), { className: "primary" })]);
    this.blockedBar = element("div", { className: "start" }, [button("Unblock", () => attempt(() => this.setBlocked(false)))]);
    this.notices = element("p", { className: "notice", hidden: true });
    this.notices.setAttribute("role", "status");
    this.root = element("div", { className: "screen chat-screen", hidden: true }, [
      element("header", { className: "screen-head" }, [
        button("←", () => this.column.back(), { className: "plain", label: `${this.driver.name}: all chats` }), this.face,
        element("div", { className: "who" }, [this.title, this.state]), this.reads, this.upgradeButton, this.blockButton,
      ]),
      this.list, this.notices, this.composer.root, this.startBar, this.blockedBar,
    ]);
  }

  async open(person, one, title, account) {
    const { items, started, blocked } = await this.driver.messages(person, one.key);
    this.person = person;
    this.key = one.key;
    this.one = one;
    this.name = title;
    this.about = one.group ? one.type : account?.detail ?? this.driver.accountWord;
    this.messages = new Map(items.map((message) => [message.id, message]));
    this.face.replaceChildren(avatar(title, one.key));
    this.title.textContent = title;
    this.state.textContent = this.about;
    this.composer.reset();
    this.root.hidden = false;
    this.drawAll();
    this.bars(started || !this.driver.needsStart, blocked);
    this.read();
  }

  close() {
    this.key = null;
    this.root.hidden = true;
  }

  bars(started, blocked) {
    this.startBar.hidden = started;
    this.blockedBar.hidden = !started || !blocked;
    this.composer.root.hidden = !started || blocked;
    this.blockButton.hidden = !started || blocked || this.one.group;
    this.upgradeButton.hidden = this.one.type !== "group";
    if (!this.composer.root.hidden) this.composer.focus();
  }

  // --- Messages
  acts() {
    return {
      find: (id) => this.messages.get(id),
      reply: (message) => this.composer.replyTo(message),
      react: (message, emoji) => attempt(() => this.driver.react(this.person, this.key, message, emoji)),
      edit: (message) => this.composer.editing(message),
      unsend: (message) => attempt(() => this.driver.unsend(this.person, this.key, message)),
      press: (message, one) => attempt(() => this.driver.press(this.person, this.key, message, one)),
      answer: (text) => attempt(() => this.send({ text })),
      canEdit: this.driver.canEdit, canUnsend: this.driver.canUnsend, emoji: this.driver.emoji, other: this.name,
    };
  }

  drawAll() {
    const ordered = [...this.messages.values()].sort((a, b) => a.order - b.order);
    let day = "";
    this.list.replaceChildren(...ordered.flatMap((message) => {
      const head = dayOf(message.at) === day ? [] : [drawDay(message.at)];
      day = dayOf(message.at);
      return [...head, drawMessage(message, this.acts())];
    }));
    this.toEnd();
  }

  toEnd() {
    this.atEnd = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** A new message, or one that has changed: only its own item is drawn anew, so that a film goes on. */
  arrived(message) {
    const known = this.messages.get(message.id);
    if (known && known.revision >= message.revision) return;
    this.messages.set(message.id, message);
    const { atEnd } = this;
    const old = this.list.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
    const newest = Math.max(...[...this.messages.values()].map((one) => one.order));
    if (old) {
      if (look(known) !== look(message)) this.redraw(old, message);
    } else if (message.order >= newest && this.list.childElementCount) {
      const made = drawMessage(message, this.acts());
      made.classList.add("new");
      this.list.append(made);
    } else {
      this.drawAll();
    }
    if (!message.mine) this.typing(this.key, "", 0);
    if (atEnd || message.mine) this.toEnd();
    if (!old && !message.mine) this.read();
  }

  /** Draw one item anew; what was unfolded and where the keyboard was stay as they were. */
  redraw(old, message) {
    const held = old.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent : null;
    const unfolded = old.querySelector(".acts") !== null;
    const made = drawMessage(message, this.acts());
    old.replaceWith(made);
    if (unfolded) made.querySelector(".more")?.click();
    if (held === null) return;
    const again = [...made.querySelectorAll("button, a")].find((one) => (one.getAttribute("aria-label") ?? one.textContent) === held);
    (again ?? made.querySelector(".more"))?.focus();
  }

  typing(chat, text, ms) {
    if (chat !== this.key) return;
    clearTimeout(this.typingEnds);
    this.state.textContent = text || this.about;
    if (text) this.typingEnds = setTimeout(() => { this.state.textContent = this.about; }, ms);
  }

  notice(text) {
    clearTimeout(this.noticeEnds);
    this.notices.textContent = text;
    this.notices.hidden = false;
    this.noticeEnds = setTimeout(() => { this.notices.hidden = true; }, 6000);
  }

  blocked(chat, blocked) {
    if (chat === this.key) this.bars(true, blocked);
  }

  // --- Acts
  async send(content, replyTo) {
    const sent = await this.driver.send(this.person, this.key, content, replyTo);
    for (const message of sent) if (message.chat === this.key) this.arrived(message);
    this.bars(true, false);
  }

  edit(message, text) {
    return this.driver.edit(this.person, this.key, message, text);
  }

  async setBlocked(blocked) {
    await this.driver.block(this.person, this.key, blocked);
    this.bars(true, blocked);
  }

  async upgrade() {
    await this.driver.upgrade(this.person, this.key);
    this.column.back();
  }

  read() {
    if (this.key && this.readsBox.checked && !document.hidden) attempt(() => this.driver.read(this.person, this.key));
  }

  /** Leave what is under way in the composer; false where nothing is. */
  escape() {
    return this.composer.escape();
  }
}
