// The upload page: joins session, uploads and what is seen.

// Not from index.js: this page needs no live client.
import { Api } from "../chat4all/api.js";
import { Session } from "../chat4all/session.js";
import { Uploads } from "../chat4all/uploads.js";
import { copyText } from "../page/clipboard.js";
import { byId, h, icon } from "../page/dom.js";
import { chooseLanguage, LANGUAGES, otherLanguage, speak } from "../page/language.js";
import { choose, dropped, takeDrops } from "../page/picker.js";
import { SignIn } from "../page/sign_in.js";
import { List } from "./list.js";
import { words } from "./words.js";

/** @typedef {import("../chat4all/upload.js").Upload} Upload */

const NOTICE_MS = 6_000;
const session = new Session();
const api = new Api(session);
const uploads = new Uploads({ session, api });
const signIn = new SignIn(byId("sign-in"), session, words);
const list = new List(uploads, {
  cancel: (upload) => {
    if (!upload.sent || confirm(words().reallyCancel(upload.name))) void upload.cancel();
  },
  choose: (upload) => void chooseFor(upload),
  reopen: async (upload) => (await uploads.reopen(upload)) || void chooseFor(upload),
  again: (upload) => void again(upload),
  download: (upload) => void download(upload),
  copy: async (upload) => notice((await copyText(String(upload.fileId))) ? words().copied : words().notCopied),
  remove: (upload) => uploads.remove(upload),
});

/** @param {Upload} upload */
async function chooseFor(upload) {
  const [chosen] = await choose(false);
  if (chosen) upload.attach(chosen.file, chosen.handle);
}

/** @param {Upload} upload */
async function again(upload) {
  if (!(await uploads.again(upload))) {
    const chosen = await choose(false);
    if (chosen.length) uploads.remove(upload);
    await uploads.add(chosen);
  }
}

/** @param {Upload} upload */
async function download(upload) {
  // Opened in the click, as browsers want it; what is to be saved closes it again.
  const tab = open("about:blank", "_blank");
  try {
    const { url } = await api.presigned(String(upload.fileId));
    if (tab) {
      tab.opener = null;
      tab.location.replace(url);
    } else {
      location.assign(url);
    }
  } catch {
    tab?.close();
    notice(words().downloadFailed);
  }
}

/** @param {DataTransfer} data */
async function take(data) {
  if (!session.userId) return;
  const { chosen, folders } = await dropped(data);
  if (folders.length) notice(words().noFolders(folders.join(", ")));
  await uploads.add(chosen);
}

/** @param {string} text */
function notice(text) {
  const shown = h("p", {}, text);
  byId("notice").replaceChildren(shown);
  setTimeout(() => shown.remove(), NOTICE_MS);
}

let isLeaving = false;

/** @param {boolean} [hasEnded] by itself */
function showWho(hasEnded = false) {
  const isIn = session.userId !== null;
  byId("sign-in").hidden = isIn;
  byId("drop").hidden = !isIn;
  byId("sign-out").hidden = !isIn;
  document.body.classList.toggle("left", !isIn && !hasEnded);
  signIn.show(hasEnded);
  if (!isIn) signIn.focus();
}

function showWords() {
  speak(words());
  byId("language").textContent = LANGUAGES[otherLanguage()];
  byId("language").lang = otherLanguage();
  signIn.show();
  list.show();
}

byId("language").addEventListener("click", () => {
  chooseLanguage(otherLanguage());
  showWords();
});
byId("sign-out").addEventListener("click", () => {
  isLeaving = true;
  void session.signOut();
  isLeaving = false;
});
byId("choose").addEventListener("click", async () => void uploads.add(await choose(true)));
session.addEventListener("began", () => showWho());
session.addEventListener("ended", () => showWho(!isLeaving));
addEventListener("beforeunload", (event) => {
  if (uploads.isBusy) event.preventDefault();
});
document.querySelector(".drop-art")?.append(icon("upload"));
takeDrops((data) => void take(data));
showWords();
showWho();
void uploads.restore();
