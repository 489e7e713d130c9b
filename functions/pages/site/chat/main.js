// The chat page: joins session, live client and what is seen.

import { Api, LiveClient, Session, SignedOut } from "../chat4all/index.js";
import { byId } from "../page/dom.js";
import { chooseLanguage, LANGUAGES, otherLanguage, speak } from "../page/language.js";
import { cameBack, canSignInBy } from "../page/provider_sign_in.js";
import { SignIn } from "../page/sign_in.js";
import { forgetWritten } from "./conversation/drafts.js";
import { Frame } from "./frame.js";
import { settings } from "./settings.js";
import { words } from "./words.js";

/** All tabs are one person's, also after the browser was closed, until that person signs out. */
const session = new Session({ storage: localStorage });
const api = new Api(session);
const signIn = new SignIn(byId("sign-in"), session, words);
/** From a provider, with what it says; told once. */
let came = cameBack();
/** What is shown, or about to be. @type {{frame: Frame | null, userId: string} | null} */
let here = null;

async function begin() {
  const mine = (here = { frame: /** @type {Frame | null} */ (null), userId: String(session.userId) });
  showWho();
  const { websocket_url: websocketUrl, sign_in: providers = {} } = await settings();
  if (here !== mine) return;
  const live = await LiveClient.open({ session, api, websocketUrl }).catch(isSignedOut);
  if (here !== mine || !live) return;
  mine.frame = new Frame({ live, api, session, providers, signOut: () => void session.signOut() });
  mine.frame.open();
  const back = came;
  came = null;
  if (back?.purpose === "link") await mine.frame.link(back);
}

/** Then it is told of as `ended`. @param {unknown} error  @returns {null} */
function isSignedOut(error) {
  if (error instanceof SignedOut) return null;
  throw error;
}

/** The live client hears of it by itself, and empties what the device has kept. @param {string} why */
function end(why) {
  here?.frame?.close();
  if (here && why === "signed_out") {
    forgetWritten(here.userId);
    location.hash = "#/";
  }
  here = null;
  showWho(why !== "signed_out");
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
  void offerProviders();
}

async function offerProviders() {
  const { sign_in: providers = {} } = await settings();
  if (canSignInBy) signIn.offer(providers);
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
session.addEventListener("ended", (event) => end(/** @type {CustomEvent} */ (event).detail?.why));
// Somebody signed in in another tab: so they are here.
addEventListener("storage", () => session.userId === null && new Session({ storage: localStorage }).userId !== null && location.reload());
if (session.userId) void begin();
else {
  showWho();
  if (came) void signIn.finish(came);
  came = null;
}
