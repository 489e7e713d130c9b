// Open WebSocket connections.

import { post } from "../api.js";
import { attempt, copyButton, h, notice, show } from "../dom.js";
import { clock, count } from "../format.js";
import { subscribe } from "../live.js";
import { field, head, panel } from "../parts.js";
import { table } from "../table.js";

function sendForm(one, done) {
  const text = h("textarea", { class: "code", rows: 4, spellcheck: "false" });
  const form = h("form", { class: "form", onsubmit: (event) => {
    event.preventDefault();
    attempt(async () => {
      await post("/api/connections/send", { api: one.api, connection_id: one.connection_id, text: text.value });
      notice("Sent");
      done();
    });
  } }, field(`A text message to ${one.connection_id}`, text, "It reaches the client as if the application had posted it to @connections."),
  h("div", { class: "actions" }, h("button", { class: "primary" }, "Send"), h("button", { type: "button", onclick: done }, "Cancel")));
  return { form, text };
}

export default function connections(box, { signal }) {
  const hand = h("div", {});
  const total = h("span", { class: "note" });
  const say = (one) => {
    const { form, text } = sendForm(one, () => show(hand));
    show(hand, panel("Send", form));
    text.focus();
  };
  const close = (one) => attempt(async () => {
    await post("/api/connections/close", { api: one.api, connection_id: one.connection_id });
    notice("Closed");
  });
  const list = table({ columns: [
    { title: "Connection", cell: (one) => [h("code", {}, one.connection_id), " ", copyButton(one.connection_id)], class: "name" },
    { title: "API", cell: (one) => one.api },
    { title: "Connected", cell: (one) => clock(one.connected_at * 1000, false), class: "time" },
    { title: "Last active", cell: (one) => h("span", { title: clock(one.last_active_at * 1000) }, clock(one.last_active_at * 1000, false)), class: "time" },
    { title: "Source", cell: (one) => h("code", {}, one.source_ip) },
    { title: "User agent", cell: (one) => h("span", { class: "what" }, one.user_agent) },
    { title: "", cell: (one) => h("span", { class: "actions" }, h("button", { type: "button", class: "small", onclick: () => say(one) }, "Send"), h("button", { type: "button", class: "small danger", onclick: () => close(one) }, "Close")) },
  ], key: (one) => one.connection_id, empty: "Nobody is connected.", label: "Connections" });
  show(box, head("Connections", { note: total }), hand, panel("Open connections", list.element, { wide: true, bare: true }));
  subscribe("connections", {}, (now) => {
    total.textContent = now.total > now.items.length ? `${count(now.total)}, the youngest ${count(now.items.length)} are shown` : `${count(now.total)} open`;
    list.update(now.items);
  }, signal);
}

