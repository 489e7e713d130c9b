// What the gateways serve, and a request by hand.

import { get, post } from "../api.js";
import { attempt, copyButton, h, show } from "../dom.js";
import { duration } from "../format.js";
import { breakable, choice, empty, field, functionLink, head, pairs, panel } from "../parts.js";
import { bytesView } from "../payload.js";
import { table } from "../table.js";

const AUTHORIZATION = "console.authorization";

function split(route) {
  const [method, ...rest] = route.split(" ");
  return rest.length ? { method, path: rest.join(" ") } : { method: "ANY", path: route };
}

const verb = (method) => h("span", { class: `verb ${method.toLowerCase()}` }, method);

function tryIt(api, answers) {
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"].map((one) => [one, one]);
  const method = choice("Method", methods, "GET", () => {});
  const path = h("input", { class: "mono", value: "/", "aria-label": "Path", autocomplete: "off", spellcheck: "false" });
  const authorization = h("input", { class: "mono", value: sessionStorage.getItem(AUTHORIZATION) ?? "", placeholder: "Bearer …", autocomplete: "off" });
  const headers = pairs("More headers", [{ name: "content-type", value: "application/json" }]);
  const body = h("textarea", { class: "code", rows: 6, spellcheck: "false" });
  const form = h("form", { class: "form", onsubmit: (event) => {
    event.preventDefault();
    sessionStorage.setItem(AUTHORIZATION, authorization.value);
    const sent = [...headers.read(), ...(authorization.value ? [{ name: "authorization", value: authorization.value }] : [])];
    attempt(async () => {
      const answer = await post("/api/http-requests", { api: api.api, method: method.value, path: path.value, headers: sent, body: body.value });
      show(answers, h("p", { class: "status-line" }, h("strong", { class: answer.status < 400 ? "good" : "bad" }, `${answer.status} ${answer.reason}`), " ", h("span", { class: "note" }, duration(answer.waited_ms))),
        bytesView(answer.body), h("details", {}, h("summary", {}, `${answer.headers.length} headers`),
          h("dl", { class: "facts" }, answer.headers.map(({ name, value }) => [h("dt", {}, h("code", {}, name)), h("dd", {}, h("code", {}, value))]))));
    });
  } },
  h("div", { class: "row try" }, method, path, h("button", { class: "primary" }, "Send")),
  field("Authorization", authorization, "Kept until this tab is closed."), headers.element, field("Body", body), answers);
  const set = (route) => {
    const wanted = split(route);
    method.value = wanted.method === "ANY" ? "GET" : wanted.method;
    path.value = wanted.path.startsWith("/") ? wanted.path : "/";
    path.focus();
    const hole = path.value.search(/\{/);
    if (hole >= 0) path.setSelectionRange(hole, path.value.indexOf("}") + 1);
  };
  return { form, set };
}

function httpApi(api, chosen) {
  const answers = h("div", { class: "answers", "aria-live": "polite" });
  const hand = tryIt(api, answers);
  const list = table({ columns: [
    { title: "Method", cell: (one) => verb(split(one.route).method) },
    { title: "Path", cell: (one) => h("code", {}, breakable(split(one.route).path)), class: "name" },
    { title: "Function", cell: (one) => functionLink(one.function), class: "name" },
    { title: "Authorizer", cell: (one) => (one.authorizer ? h("span", { class: "badge" }, one.authorizer) : h("span", { class: "zero" }, "none")) },
    ...(api.routes.some((one) => one.scopes.length) ? [{ title: "Scopes", cell: (one) => one.scopes.join(" ") }] : []),
    { title: "", cell: (one) => h("button", { type: "button", class: "small", "aria-label": `Try ${one.route}`, onclick: () => hand.set(one.route) }, "Try") },
  ], key: (one) => one.route, kind: (one) => (one.route === chosen ? "chosen" : ""), empty: "It has no routes.", label: `Routes of ${api.api}` });
  list.update([...api.routes].sort((one, other) => split(one.route).path.localeCompare(split(other.route).path)));
  if (api.routes.some((one) => one.route === chosen)) hand.set(chosen);
  return h("div", { class: "columns" }, h("div", { class: "column" }, panel(api.api, list.element, { wide: true, note: "HTTP API", actions: [h("code", {}, api.address), copyButton(api.address)] })),
    h("div", { class: "column stays" }, panel("Try it", hand.form)));
}

function websocketApi(api) {
  const list = table({ columns: [
    { title: "Route", cell: (one) => h("code", {}, one.route), class: "name" },
    { title: "Function", cell: (one) => functionLink(one.function), class: "name" },
    { title: "Answer", cell: (one) => (one.route_response ? "goes to the client" : h("span", { class: "zero" }, "stays here")) },
  ], key: (one) => one.route, empty: "It has no routes.", label: `Routes of ${api.api}` });
  list.update(api.routes);
  return panel(api.api, [list.element, h("p", { class: "panel-foot note" }, "Route selection ", h("code", {}, api.selection), api.authorizer && [" · authorizer ", functionLink(api.authorizer)])],
    { wide: true, note: "WebSocket API", actions: [h("code", {}, api.address), copyButton(api.address)] });
}

export default async function routes(box, { query, signal }) {
  const known = await get("/api/routes", {}, signal);
  const all = [...known.http.map((api) => httpApi(api, query.get("route"))), ...known.websocket.map(websocketApi)];
  show(box, head("Routes"), all.length ? all : empty("The template has no APIs."));
}
