// What a person does with messages, and what they are told when it is refused.

import { copyText } from "../../page/clipboard.js";
import { ask } from "../../page/dialog.js";
import { refusalText } from "../refusals.js";
import { save } from "./saving.js";
import { words } from "./words.js";

/**
 * @typedef {import("./acts.js").Act} Act
 * @typedef {{live: import("../../chat4all/index.js").LiveClient, previews: import("./previews.js").Previews, conversation: () => any,
 *   tell: (text: string) => void, reply: (message: any) => void, edit: (message: any) => void, info: (message: any) => void}} Given
 */

const MANAGERS = new Set(["owner", "admin"]);
const WRITTEN = new Set(["text", "file"]);

export class Deeds {
  /** @param {Given} given */
  constructor(given) {
    this._given = given;
  }

  get role() {
    const { conversation, live } = this._given;
    return conversation()?.members.get(live.userId)?.role;
  }

  /** Whether the person may write here; while the members are not known yet, it is tried. */
  get mayWrite() {
    const conversation = this._given.conversation();
    return Boolean(conversation) && (conversation.members.size === 0 || (this.role !== undefined && this.role !== "reader"));
  }

  /** @param {any} message  @returns {Act[]} */
  may(message) {
    if (!message || message.deleted_at || message.local) return [];
    const isMine = message.sender_id === this._given.live.userId;
    const hasText = typeof message.content === "string" && message.content !== "";
    /** @type {[Act, boolean][]} */
    const all = [
      ["reply", this.mayWrite],
      ["edit", isMine && this.mayWrite && WRITTEN.has(message.type)],
      ["copy", hasText],
      ["info", isMine],
      ["unsend", (isMine && this.mayWrite) || MANAGERS.has(this.role ?? "")],
    ];
    return all.filter(([, is]) => is).map(([act]) => act);
  }

  /** @param {Act} act  @param {any} message */
  async act(act, message) {
    const { live, reply, edit, info } = this._given;
    const say = words();
    if (act === "reply") reply(message);
    else if (act === "edit") edit(message);
    else if (act === "info") info(message);
    else if (act === "copy") await this.copy(message.content);
    else if (await ask({ title: say.reallyUnsend, text: say.reallyUnsendText, go: say.unsend, cancel: say.cancel })) await this.attempt(live.unsend(message.message_id));
  }

  /** The same again takes it back. @param {any} message  @param {string} emoji */
  react(message, emoji) {
    const { live } = this._given;
    const isMine = (message.reactions?.[emoji] ?? []).includes(live.userId);
    return this.attempt(live.react(message.message_id, emoji, isMine));
  }

  /** @param {string} text */
  async copy(text) {
    const say = words();
    this._given.tell((await copyText(text)) ? say.copied : say.notCopied);
  }

  /** @param {any} file */
  async save(file) {
    try {
      await save(file, this._given.previews);
    } catch {
      this._given.tell(words().downloadFailed);
    }
  }

  /** Whether it was done; else the person is told why not. @param {Promise<unknown> | unknown} doing */
  async attempt(doing) {
    try {
      await doing;
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    }
  }

  /** @param {unknown} error */
  refused(error) {
    this._given.tell(navigator.onLine ? refusalText(error, words()) : words().offlineNow);
  }
}
