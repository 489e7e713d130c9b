// Files that are chosen, dropped or pasted, into what is being written.

import { choose, dropped } from "../../page/picker.js";
import { FILES_MAX } from "./tray.js";
import { words } from "./words.js";

/**
 * @typedef {{tray: import("./tray.js").Tray, uploads: import("../../chat4all/index.js").Uploads, mayWrite: () => boolean, tell: (text: string) => void,
 *   input: () => HTMLInputElement, done: () => void}} Given
 */

export class Attaching {
  /** @param {Given} given */
  constructor(given) {
    this._given = given;
  }

  /** @param {import("../../chat4all/uploads.js").Chosen[]} chosen */
  async add(chosen) {
    const { tray, mayWrite, tell, done } = this._given;
    if (!mayWrite()) return;
    if (await tray.add(chosen)) tell(words().tooManyFiles(FILES_MAX));
    done();
  }

  /** @param {DataTransfer} data */
  async take(data) {
    const { chosen, folders } = await dropped(data);
    if (folders.length) this._given.tell(words().noFolders(folders.join(", ")));
    if (chosen.length) await this.add(chosen);
  }

  /** A file whose upload was begun on an earlier visit, where the browser cannot open it by itself. @param {import("../../chat4all/index.js").Upload} upload */
  async again(upload) {
    if (await this._given.uploads.reopen(upload)) return;
    const [chosen] = await choose(false, this._given.input());
    if (chosen) upload.attach(chosen.file, chosen.handle);
  }
}
