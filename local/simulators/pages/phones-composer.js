// Where a person writes: text, files with a caption, a place, a contact; as an answer, or as an edit.
import { attempt } from "./phones-http.js";
import { summary } from "./phones-message.js";
import { button, element, sizeOf } from "./phones-view.js";

const PLACE = { latitude: 52.516266, longitude: 13.377775 };
const WORDS = { image: "photo", video: "video", audio: "audio", voice: "voice message", sticker: "sticker", document: "file" };

function kindOf(file, kinds) {
  const kind = file.type.split("/")[0];
  return kinds.includes(kind) && file.type !== "image/svg+xml" ? kind : "document";
}

export class Composer {
  /** `acts`: send(content, replyTo), edit(message, text), upload(file), me(). */
  constructor(driver, acts) {
    this.driver = driver;
    this.acts = acts;
    this.files = [];
    this.answered = null;
    this.edited = null;
    this.draw();
  }

  draw() {
    const { name } = this.driver;
    this.about = element("p");
    this.aboutBar = element("div", { className: "replying", hidden: true }, [this.about, button("✕", () => this.escape(), { className: "plain", label: `${name}: never mind` })]);
    this.fileList = element("ul", { className: "pending", hidden: true, label: "Files to send" });
    this.picker = element("input", { type: "file", multiple: true, hidden: true, label: `${name}: files` });
    this.picker.addEventListener("change", () => { this.attach([...this.picker.files]); this.picker.value = ""; });
    this.text = element("textarea", { rows: 1, placeholder: "Message", label: `${name} message` });
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
    this.text.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) { event.preventDefault(); this.attach([...event.clipboardData.files]); }
    });
    this.form = element("form", { className: "composer" }, [
      this.picker,
      button("📎", () => this.picker.click(), { className: "plain", label: `${name}: attach files`, title: "Attach files" }),
      this.driver.locations === false ? "" : button("📍", () => this.once({ location: PLACE }), { className: "plain", label: `${name}: send my location`, title: "Send my location" }),
      this.driver.contacts === false ? "" : button("👤", () => this.once({ contact: { name: this.acts.me().name, phone: this.acts.me().phone || "+9995550000" } }), { className: "plain", label: `${name}: send my contact`, title: "Send my contact" }),
      this.text,
      element("button", { className: "primary round", label: `${name}: send` }, ["➤"]),
    ]);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); attempt(() => this.submit()); });
    this.root = element("div", { className: "composing" }, [this.aboutBar, this.fileList, this.form]);
    this.root.addEventListener("dragover", (event) => event.preventDefault());
    this.root.addEventListener("drop", (event) => { event.preventDefault(); this.attach([...event.dataTransfer.files]); });
  }

  reset() {
    this.escape();
    this.text.value = "";
  }

  focus() {
    this.text.focus();
  }

  replyTo(message) {
    this.escape();
    this.answered = message;
    this.showAbout("Answer to ", summary(message));
  }

  editing(message) {
    this.escape();
    this.edited = message;
    this.text.value = message.text;
    this.showAbout("Edit ", summary(message));
  }

  showAbout(word, text) {
    this.about.replaceChildren(element("strong", {}, [word]), text);
    this.aboutBar.hidden = false;
    this.focus();
  }

  /** Leave an answer, an edit, or files; false where there was nothing to leave. */
  escape() {
    const something = Boolean(this.answered || this.edited || this.files.length);
    if (this.edited) this.text.value = "";
    this.answered = null;
    this.edited = null;
    this.files = [];
    this.aboutBar.hidden = true;
    this.drawFiles();
    return something;
  }

  attach(files) {
    this.files.push(...files.map((file) => ({ file, kind: kindOf(file, this.driver.kinds) })));
    this.drawFiles();
    this.focus();
  }

  drawFiles() {
    this.fileList.hidden = this.files.length === 0;
    this.fileList.replaceChildren(...this.files.map((one, number) => {
      const kind = element("select", { label: `Send ${one.file.name} as` }, this.driver.kinds.map((word) => element("option", { value: word, selected: word === one.kind }, [WORDS[word]])));
      kind.addEventListener("change", () => { one.kind = kind.value; });
      const away = button("✕", () => { this.files.splice(number, 1); this.drawFiles(); }, { className: "plain", label: `Without ${one.file.name}` });
      return element("li", {}, [element("span", { className: "file-name" }, [one.file.name]), element("span", { className: "quiet" }, [sizeOf(one.file.size)]), kind, away]);
    }));
  }

  once(content) {
    return attempt(() => this.sent(content));
  }

  async submit() {
    const text = this.text.value.trim();
    if (this.edited) {
      await this.acts.edit(this.edited, text);
      this.escape();
      return;
    }
    if (!text && !this.files.length) return;
    this.text.value = "";
    try {
      await this.sent(this.files.length ? { files: await this.uploaded(), caption: text } : { text });
    } catch (error) {
      this.text.value = text;
      throw error;
    }
  }

  async uploaded() {
    return Promise.all(this.files.map(async ({ file, kind }) => ({ ...(await this.acts.upload(file)), kind })));
  }

  async sent(content) {
    await this.acts.send(content, this.answered?.id);
    this.escape();
  }
}
