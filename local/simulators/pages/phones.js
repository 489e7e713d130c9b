// The phones' page: state from /phones/api, changes by server-sent events. No framework, no build.
import { element, avatar, quote, timeOf, dayOf, summary } from "./phones-view.js";

const api = "/phones/api";
const $ = (id) => document.getElementById(id);
const state = { people: [], bots: [], chats: new Map(), person: null, bot: null, messages: new Map(), replyTo: null, events: null };

async function call(method, path, body) {
  const answer = await fetch(api + path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const document_ = await answer.json();
  if (!answer.ok) throw new Error(document_.error);
  return document_;
}

/** Run `act` and show what goes wrong. */
async function attempt(act) {
  try {
    $("problem").hidden = true;
    return await act();
  } catch (error) {
    $("problem").textContent = error instanceof TypeError ? "The simulator does not answer." : error.message;
    $("problem").hidden = false;
    return undefined;
  }
}

// --- The desk
async function loadDesk() {
  const [people, bots, settings] = await Promise.all([call("GET", "/phones"), call("GET", "/bots"), call("GET", "/settings")]);
  state.people = people.items;
  state.bots = bots.items;
  $("rates").checked = settings.rate_limits;
  drawDesk();
}

function item(thing, name, detail, current, act, time = "") {
  const button = element("button", { className: "item", type: "button" }, [
    avatar(name, thing.id),
    element("span", { className: "who" }, [element("strong", {}, [name]), element("span", { className: "quiet" }, [detail])]),
    time ? element("span", { className: "time" }, [time]) : "",
  ]);
  button.dataset.id = thing.id;
  if (current) button.setAttribute("aria-current", "true");
  button.addEventListener("click", act);
  return element("li", {}, [button]);
}

/** Replace the items of a list and leave the keyboard where it was. */
function fill(list, items) {
  const held = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  list.replaceChildren(...items);
  if (held) list.querySelector(`[data-id="${held}"]`)?.focus();
}

const nameOf = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

function drawDesk() {
  fill($("people"), state.people.map((person) =>
    item(person, nameOf(person), person.phone_number, person.id === state.person?.id, () => attempt(() => openPhone(person)))));
  $("bots").replaceChildren(...state.bots.map((bot) => element("li", {}, [
    element("strong", {}, [bot.name]), " ", element("code", {}, [`@${bot.username}`]),
    element("div", { className: bot.last_error && bot.pending_updates ? "quiet waiting" : "quiet" }, [botState(bot)]),
  ])));
}

function botState(bot) {
  const waiting = bot.pending_updates ? `${bot.pending_updates} waiting` : "";
  if (!bot.webhook_url) return ["no webhook", waiting].filter(Boolean).join(", ");
  return ["webhook set", waiting, waiting && bot.last_error].filter(Boolean).join(", ");
}

// --- A phone
async function openPhone(person) {
  state.person = person;
  state.bot = null;
  localStorage.setItem("phone", person.id);
  $("nobody").hidden = true;
  $("device").hidden = false;
  $("owner").textContent = nameOf(person);
  $("number").textContent = person.phone_number;
  drawDesk();
  await showChats();
  const { revision } = await call("GET", `/phones/${person.id}/chats`);
  listen(person, revision);
}

function listen(person, revision) {
  state.events?.close();
  const events = new EventSource(`${api}/phones/${person.id}/events?after=${revision}`);
  state.events = events;
  events.addEventListener("message", (event) => { if (event.data) arrived(JSON.parse(event.data)); });
  events.addEventListener("action", (event) => showAction(JSON.parse(event.data)));
  events.addEventListener("blocked", (event) => {
    const { bot_id: botId, blocked } = JSON.parse(event.data);
    if (botId === state.bot?.id) drawBars(true, blocked);
  });
}

async function showChats() {
  $("chat-screen").hidden = true;
  $("chat-list-screen").hidden = false;
  state.bot = null;
  const { items } = await call("GET", `/phones/${state.person.id}/chats`);
  state.chats = new Map(items.map((chat) => [chat.bot_id, chat]));
  drawChats();
}

function drawChats() {
  const last = (bot) => state.chats.get(bot.id)?.last_message;
  const bots = [...state.bots].sort((a, b) => (last(b)?.revision ?? 0) - (last(a)?.revision ?? 0));
  $("no-bots").hidden = bots.length > 0;
  fill($("chats"), bots.map((bot) => {
    const message = last(bot);
    return item(bot, bot.name, message ? summary(message) : "Not started", false, () => attempt(() => openChat(bot)), message ? timeOf(message.date) : "");
  }));
}

// --- A chat
async function openChat(bot) {
  state.bot = bot;
  reply(null);
  const chat = await call("GET", `/phones/${state.person.id}/chats/${bot.id}/messages`);
  state.messages = new Map(chat.items.map((message) => [message.message_id, message]));
  $("chat-list-screen").hidden = true;
  $("chat-screen").hidden = false;
  $("chat-name").textContent = bot.name;
  $("chat-state").textContent = "bot";
  $("chat-avatar").replaceWith(Object.assign(avatar(bot.name, bot.id), { id: "chat-avatar" }));
  drawMessages();
  drawBars(chat.started, chat.blocked);
}

function drawBars(started, blocked) {
  $("start-bar").hidden = started;
  $("blocked-bar").hidden = !(started && blocked);
  $("composer").hidden = !started || blocked;
  $("block").hidden = !started || blocked;
  (started ? (blocked ? $("unblock") : $("text")) : $("start")).focus();
}

function drawMessages(newest = null) {
  const list = $("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const ordered = [...state.messages.values()].sort((a, b) => a.message_id - b.message_id);
  let day = "";
  const items = [];
  for (const message of ordered) {
    if (dayOf(message.date) !== day) {
      day = dayOf(message.date);
      items.push(element("li", { className: "day" }, [day]));
    }
    items.push(drawMessage(message, message.message_id === newest));
  }
  list.replaceChildren(...items);
  if (atEnd || newest === null) list.scrollTop = list.scrollHeight;
}

function drawMessage(message, isNew) {
  const mine = message.from === "me";
  const flags = [mine && "me", message.deleted && "deleted", message.reaction && "reacted", isNew && "new"];
  const replied = state.messages.get(message.reply_to_message_id);
  const bubble = element("div", { className: "bubble" }, [
    replied ? quote(replied) : "",
    summary(message),
    element("span", { className: "meta" }, [`${message.edit_date ? "edited " : ""}${timeOf(message.date)}`]),
  ]);
  const row = element("li", { className: ["message", ...flags.filter(Boolean)].join(" ") }, [
    element("span", { className: "sr-only" }, [mine ? "You: " : `${state.bot.name}: `]), bubble,
  ]);
  if (!message.deleted) {
    const answer = element("button", { className: "answer", type: "button", title: "Answer" }, ["↩"]);
    answer.setAttribute("aria-label", `Answer: ${summary(message).slice(0, 60)}`);
    answer.addEventListener("click", () => reply(message));
    row.append(answer);
  }
  if (message.reaction) row.append(element("span", { className: "reaction" }, [message.reaction]));
  return row;
}

function arrived(message) {
  const chat = state.chats.get(message.bot_id) ?? { bot_id: message.bot_id };
  state.chats.set(message.bot_id, { ...chat, last_message: message });
  if (message.bot_id !== state.bot?.id) {
    if (!$("chat-list-screen").hidden) drawChats();
    return;
  }
  const known = state.messages.get(message.message_id);
  if (known && known.revision >= message.revision) return;
  state.messages.set(message.message_id, message);
  if (message.from === "bot") $("chat-state").textContent = "bot";
  drawMessages(known ? -1 : message.message_id);
}

let actionEnds = 0;
function showAction({ bot_id: botId, action }) {
  if (botId !== state.bot?.id) return;
  clearTimeout(actionEnds);
  $("chat-state").textContent = `${action.replaceAll("_", " ")}…`;
  actionEnds = setTimeout(() => { $("chat-state").textContent = "bot"; }, 5000);
}

function reply(message) {
  state.replyTo = message;
  const list = $("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  $("replying").hidden = message === null;
  if (atEnd) list.scrollTop = list.scrollHeight; // the bar takes its height from the list
  if (message) {
    $("replying-text").textContent = summary(message);
    $("text").focus();
  }
}

async function send(content) {
  const body = state.replyTo ? { ...content, reply_to_message_id: state.replyTo.message_id } : content;
  const message = await call("POST", `/phones/${state.person.id}/chats/${state.bot.id}/messages`, body);
  reply(null);
  arrived(message);
  $("messages").scrollTop = $("messages").scrollHeight;
  drawBars(true, false);
}

async function setBlocked(blocked) {
  await call(blocked ? "PUT" : "DELETE", `/phones/${state.person.id}/chats/${state.bot.id}/block`);
  drawBars(true, blocked);
}

// --- Hands
function submit(id, act) {
  $(id).addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(act);
  });
}

submit("new-person", async () => {
  const person = await call("POST", "/phones", { first_name: $("first-name").value });
  $("first-name").value = "";
  state.people.push(person);
  await openPhone(person);
});
submit("new-bot", async () => {
  const bot = await call("POST", "/bots", { name: $("bot-name").value });
  $("bot-name").value = "";
  $("token-name").textContent = bot.name;
  $("token-text").textContent = bot.token;
  $("token").hidden = false;
  await loadDesk();
  if (state.person && !state.bot) drawChats();
});
submit("composer", async () => {
  const text = $("text").value.trim();
  if (!text) return;
  $("text").value = "";
  try {
    await send({ text });
  } catch (error) {
    $("text").value = text;
    throw error;
  }
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !state.bot) return;
  if (state.replyTo) reply(null);
  else attempt(showChats).then(() => $("chats").querySelector("button")?.focus());
});
$("to-chats").addEventListener("click", () => attempt(showChats));
$("no-reply").addEventListener("click", () => reply(null));
$("start").addEventListener("click", () => attempt(() => send({ text: "/start" })));
$("block").addEventListener("click", () => attempt(() => setBlocked(true)));
$("unblock").addEventListener("click", () => attempt(() => setBlocked(false)));
$("place").addEventListener("click", () => attempt(() => send({ location: { latitude: 52.516266, longitude: 13.377775 } })));
$("card").addEventListener("click", () => attempt(() =>
  send({ contact: { phone_number: state.person.phone_number, first_name: nameOf(state.person) } })));
$("rates").addEventListener("change", () => attempt(() => call("PUT", "/settings", { rate_limits: $("rates").checked })));
$("token-copy").addEventListener("click", () => navigator.clipboard.writeText($("token-text").textContent));

await attempt(async () => {
  await loadDesk();
  const last = state.people.find((person) => String(person.id) === localStorage.getItem("phone")) ?? state.people[0];
  if (last) await openPhone(last);
});
setInterval(async () => {
  // Bots appear, and their webhooks change, without a word to the page.
  if (document.hidden) return;
  const before = state.bots.length;
  try {
    state.bots = (await call("GET", "/bots")).items;
  } catch {
    return;
  }
  drawDesk();
  if (state.person && !state.bot && state.bots.length !== before) drawChats();
}, 3000);
