// The chat page: joins session, live client and what is seen.

import { Api, LiveClient, Session } from "../chat4all/index.js";
import { byId } from "../page/dom.js";
import { chooseLanguage, LANGUAGES, otherLanguage, speak } from "../page/language.js";
import { SignIn } from "../page/sign_in.js";
import { Frame } from "./frame.js";
import { settings } from "./settings.js";
import { words } from "./words.js";

const session = new Session();
const api = new Api(session);
const signIn = new SignIn(byId("sign-in"), session, words);
/** Who opened the client that is shown, or is being opened. @type {{live: LiveClient | null, frame: Frame | null} | null} */
let here = null;
let isLeaving = false;

async function begin() {
  const mine = (here = { live: /** @type {LiveClient | null} */ (null), frame: /** @type {Frame | null} */ (null) });
  showWho();
  const { websocket_url: websocketUrl } = await settings();
  if (here !== mine) return;
  const live = await LiveClient.open({ session, api, websocketUrl });
  if (here !== mine) return live.close();
  mine.live = live;
  mine.frame = new Frame({ live, api, session, signOut });
  mine.frame.open();
}

function signOut() {
  isLeaving = true;
  void session.signOut();
}

function end() {
  const gone = here;
  here = null;
  gone?.frame?.close();
  gone?.live?.close();
  if (isLeaving) location.hash = "#/";
  showWho(!isLeaving);
  isLeaving = false;
}

/** @param {boolean} [hasEnded] by itself */
function showWho(hasEnded = false) {
  const isIn = session.userId !== null;
  byId("welcome").hidden = isIn;
  byId("app").hidden = !isIn;
  if (isIn) return;
  showWelcome();
  signIn.show(hasEnded);
  signIn.focus();
}

function showWelcome() {
  speak(words());
  byId("welcome-language").textContent = LANGUAGES[otherLanguage()];
  byId("welcome-language").lang = otherLanguage();
}

byId("welcome-language").addEventListener("click", () => {
  chooseLanguage(otherLanguage());
  showWelcome();
  signIn.show();
});
session.addEventListener("began", () => void begin());
session.addEventListener("ended", end);
if (session.userId) void begin();
else showWho();
