// One channel's column: a phone, whose it is, the accounts it can write to, and its chats.
//
// A driver (`phones-telegram.js`, `phones-graph.js`) has: channel, name, accountWord, emoji, kinds, albums, needsStart;
// people, addPerson, accounts, addAccount, chats, messages, listen, send, upload, edit, unsend, react, press, block, read,
// canEdit, canUnsend. Ids are texts, times Unix milliseconds.
import { Chat } from "./phones-chat.js";
import { attempt } from "./phones-http.js";
import { summary } from "./phones-message.js";
import { avatar, button, element, fill, timeOf } from "./phones-view.js";

const LOOK_AGAIN_MS = 3000;

export class Column {
  constructor(driver) {
    this.driver = driver;
    this.people = [];
    this.accounts = [];
    this.chats = [];
    this.person = null;
    this.stop = () => {};
    this.draw();
  }

  draw() {
    const { name, channel, accountWord } = this.driver;
    this.picker = element("select", { label: `${name}: whose phone`, className: "picker" });
    this.picker.addEventListener("change", () => attempt(() => this.open(this.people.find((one) => one.id === this.picker.value))));
    this.desk = element("div", { className: "desk", hidden: true });
    this.deskButton = button("+", () => this.toggleDesk(), { className: "plain", label: `${name}: people and ${accountWord}s`, title: `People and ${accountWord}s` });
    this.deskButton.setAttribute("aria-expanded", "false");
    this.list = element("ul", { className: "list chats", label: `${name} chats` });
    this.nobody = element("p", { className: "nobody" });
    this.listScreen = element("div", { className: "screen list-screen" }, [this.list, this.nobody]);
    this.chat = new Chat(this.driver, { back: () => this.showList(), changed: () => this.look() });
    this.device = element("div", { className: "device" }, [
      element("header", { className: "device-head" }, [element("span", { className: "logo" }), element("h2", {}, [name]), this.picker, this.deskButton]),
      this.desk, this.listScreen, this.chat.root,
    ]);
    this.root = element("section", { className: "column", id: `column-${channel}`, label: name, data: { channel } }, [this.device]);
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || this.chat.root.hidden) return;
      if (!this.chat.escape()) this.showList();
    });
    this.drawDesk();
  }

  /** Load, and look again now and then: accounts appear without a word to the page. */
  async start() {
    try {
      await this.load();
    } catch (error) {
      this.nobody.hidden = false;
      this.nobody.textContent = `${this.driver.name} is not there: ${error.message}`;
      return;
    }
    const last = localStorage.getItem(`phone-${this.driver.channel}`);
    const person = this.people.find((one) => one.id === last) ?? this.people[0];
    if (person) await this.open(person);
    setInterval(() => { if (!document.hidden) this.look().catch(() => {}); }, LOOK_AGAIN_MS);
  }

  async load() {
    [this.people, this.accounts] = await Promise.all([this.driver.people(), this.driver.accounts()]);
    this.drawPicker();
    this.drawAccounts();
    this.drawChats();
  }

  async look() {
    const before = JSON.stringify([this.people, this.accounts]);
    const [people, accounts] = await Promise.all([this.driver.people(), this.driver.accounts()]);
    if (JSON.stringify([people, accounts]) !== before) {
      [this.people, this.accounts] = [people, accounts];
      this.drawPicker();
      this.drawAccounts();
      this.drawChats();
    }
    if (!this.person && people.length) await this.open(people[0]);
  }

  // --- Whose phone
  drawPicker() {
    const options = this.people.map((one) => element("option", { value: one.id, selected: one.id === this.person?.id }, [`${one.name} · ${one.detail}`]));
    this.picker.replaceChildren(...options);
    this.picker.hidden = options.length === 0;
  }

  async open(person) {
    this.stop();
    this.person = person;
    localStorage.setItem(`phone-${this.driver.channel}`, person.id);
    this.drawPicker();
    this.showList();
    const { chats, revision } = await this.driver.chats(person);
    if (this.person !== person) return;
    this.chats = chats;
    this.drawChats();
    this.stop = this.driver.listen(person, revision, {
      message: (message) => this.arrived(message),
      typing: (chat, text, ms) => this.chat.typing(chat, text, ms),
      blocked: (chat, blocked) => this.chat.blocked(chat, blocked),
      notice: (text) => this.chat.notice(text),
    });
  }

  arrived(message) {
    const known = this.chats.find((one) => one.key === message.chat);
    const open = this.chat.key === message.chat;
    if (known) {
      if (!known.last || message.order >= known.last.order) known.last = message;
      if (open) known.unread = 0;
      else if (!message.mine && message.unread) known.unread += 1;
    }
    if (open) this.chat.arrived(message);
    if (known) this.drawChats();
    else attempt(() => this.reloadChats());
  }

  async reloadChats() {
    this.chats = (await this.driver.chats(this.person)).chats;
    this.drawChats();
  }

  // --- Chats
  showList() {
    this.chat.close();
    this.listScreen.hidden = false;
    this.drawChats();
  }

  drawChats() {
    const started = new Set(this.chats.filter((one) => !one.group).map((one) => one.account));
    const fresh = this.accounts.filter((one) => !started.has(one.id)).map((one) => ({ key: one.id, account: one.id, title: "", group: false, unread: 0, last: null }));
    const all = [...this.chats, ...fresh].sort((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0));
    this.nobody.hidden = Boolean(this.person && all.length);
    this.nobody.textContent = this.person ? `No ${this.driver.accountWord}s yet: make one with +.` : "Nobody has this phone yet: add a person with +.";
    fill(this.list, this.person ? all.map((one) => this.drawChat(one)) : []);
  }

  drawChat(one) {
    const account = this.accounts.find((candidate) => candidate.id === one.account);
    const title = one.title || account?.name || one.account;
    const made = button("", () => attempt(() => this.openChat(one, title, account)), { className: "item", data: { id: one.key } });
    made.replaceChildren(avatar(title, one.key), element("span", { className: "who" }, [
      element("strong", {}, [title]),
      element("span", { className: "quiet" }, [one.last ? `${one.last.mine ? "You: " : ""}${summary(one.last)}` : account?.detail ?? "Not started"]),
    ]), element("span", { className: "when" }, [
      one.last ? element("span", { className: "time" }, [timeOf(one.last.at)]) : "",
      one.unread ? element("span", { className: "unread", label: `${one.unread} unread` }, [String(one.unread)]) : "",
    ]));
    return element("li", {}, [made]);
  }

  async openChat(one, title, account) {
    await this.chat.open(this.person, one, title, account);
    one.unread = 0;
    this.listScreen.hidden = true;
  }

  // --- People and accounts
  toggleDesk() {
    this.desk.hidden = !this.desk.hidden;
    this.deskButton.setAttribute("aria-expanded", String(!this.desk.hidden));
    if (!this.desk.hidden) this.desk.querySelector("input").focus();
  }

  drawDesk() {
    const { name, accountWord } = this.driver;
    this.accountList = element("ul", { className: "accounts" });
    this.secrets = element("div", { className: "token", hidden: true });
    this.secrets.setAttribute("role", "status");
    const parts = [
      this.form(`${name}: name of a new person`, "A new person’s name", "Add", async (text) => {
        const person = await this.driver.addPerson(text);
        this.people.push(person);
        await this.open(person);
        this.toggleDesk();
      }),
      this.form(`${name}: name of a new ${accountWord}`, `A new ${accountWord}’s name`, "Make", async (text) => {
        const { name: made, secrets } = await this.driver.addAccount(text);
        this.showSecrets(made, secrets);
        await this.load();
      }),
    ];
    if (this.driver.addGroup) {
      parts.push(this.form(`${name}: title of a new group of all people`, "A new group of all", "Make", async (text) => {
        if (!this.person || !this.accounts.length) throw new Error(`A group needs a person and a ${accountWord}.`);
        await this.driver.addGroup(this.person, this.people, this.accounts, text);
        await this.reloadChats();
        this.toggleDesk();
      }));
    }
    this.desk.append(...parts, this.secrets, this.accountList);
  }

  form(label, placeholder, word, act, maxLength = 64) {
    const input = element("input", { maxLength, placeholder, required: true, label });
    const made = element("form", { className: "row", autocomplete: "off" }, [input, element("button", {}, [word])]);
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      attempt(async () => {
        await act(input.value.trim());
        input.value = "";
      });
    });
    return made;
  }

  showSecrets(name, secrets) {
    const lines = Object.entries(secrets).filter(([, value]) => value).map(([word, value]) =>
      element("p", {}, [element("span", { className: "quiet" }, [`${word} `]), element("code", {}, [String(value)])]));
    this.secrets.replaceChildren(element("p", {}, ["For the application’s account of ", element("strong", {}, [name]), ":"]), ...lines);
    this.secrets.hidden = false;
  }

  drawAccounts() {
    if (this.accountList.contains(document.activeElement)) return; // Somebody is writing there.
    this.accountList.replaceChildren(...this.accounts.map((one) => element("li", {}, [
      element("strong", {}, [one.name]), " ", element("code", {}, [one.detail]),
      element("div", { className: one.troubled ? "quiet waiting" : "quiet" }, [one.state]),
      this.driver.setWebhook ? this.form(`${this.driver.name}: webhook of ${one.name}`, "https://…/webhook", "Connect", async (url) => {
        document.activeElement.blur();
        await this.driver.setWebhook(one, url);
        await this.look();
      }, 2000) : "",
    ])));
  }
}
