// The console: finds the view of an address, and what is around all views.

import { h, show } from "./dom.js";
import { onState } from "./live.js";
import { icon } from "./icons.js";
import { failed } from "./parts.js";
import { go, start } from "./router.js";
import { about, load } from "./stack.js";

const PAGES = [
  ["", "Overview", "overview"], ["functions", "Functions", "functions"], ["invocations", "Invocations", "invocations"],
  ["topics", "Topics", "topics"], ["routes", "Routes", "routes"], ["connections", "Connections", "connections"],
  ["tables", "Tables", "tables"], ["buckets", "Buckets", "buckets"],
];
const ONE = { functions: "function", invocations: "invocation", topics: "topic", tables: "table", buckets: "bucket" };
const main = document.getElementById("main");
let ending = new AbortController();

async function view(path, query) {
  ending.abort();
  const mine = ending = new AbortController();
  const [page, ...rest] = path.slice(1).split("/").map(decodeURIComponent);
  const name = rest.join("/");
  const file = name && ONE[page] ? ONE[page] : PAGES.find(([key]) => key === page)?.[2] ?? "overview";
  for (const link of document.querySelectorAll(".nav a[data-page]")) {
    if (link.dataset.page === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  try {
    await load();
    const module = await import(`/console/views/${file}.js`);
    if (mine.signal.aborted) return;
    const box = h("div", { class: `view view-${file}` });
    document.title = `${name || PAGES.find(([key]) => key === page)?.[1] || "Console"} · Console`;
    show(main, box);
    scrollTo(0, 0);
    await module.default(box, { name, query, signal: mine.signal });
  } catch (error) {
    if (!mine.signal.aborted) show(main, failed(error));
  }
}

function navigation() {
  const links = PAGES.map(([page, title], at) =>
    h("li", {}, h("a", { href: `/${page}`, data: { page }, title: `${title} (${at + 1})` }, icon(page || "overview"), h("span", {}, title))));
  const phones = h("li", { hidden: true }, h("a", { href: "/phones", title: "Simulated phones (9)" }, icon("phones"), h("span", {}, "Phones")));
  const stack = h("p", { class: "nav-stack" });
  const live = h("p", { class: "nav-live", role: "status" });
  show(document.getElementById("nav"), h("a", { class: "brand", href: "/" }, h("img", { src: "/console/icon.svg", alt: "", width: 24, height: 24 }), h("span", {}, h("strong", {}, "Console"), stack)),
    h("ul", {}, links, phones), live);
  onState((state) => {
    live.className = `nav-live ${state}`;
    live.textContent = { live: "Live", lost: "Connecting…", idle: "" }[state];
  });
  about().then((known) => {
    stack.textContent = known.stack_name;
    phones.hidden = !known.simulators;
  }, () => {});
}

function move(step) {
  const links = [...main.querySelectorAll("a.row-link")].filter((link) => link.offsetParent);
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, at === -1 ? 0 : at + step))].focus();
}

const HELP = [["1 – 9", "pages"], ["/", "filter"], ["j, k", "next, previous row"], ["Enter", "open"], ["Backspace", "back"], ["?", "these keys"]];

function help() {
  const dialog = h("dialog", { class: "help", "aria-label": "Keys", onclose: (event) => event.target.remove() },
    h("h2", {}, "Keys"), h("dl", {}, HELP.map(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])),
    h("form", { method: "dialog" }, h("button", { class: "small" }, "Close")));
  document.body.append(dialog);
  dialog.showModal();
}

const KEYS = {
  "/": () => main.querySelector("input[type=search]")?.focus(),
  j: () => move(1),
  k: () => move(-1),
  Backspace: () => history.back(),
  "?": help,
  9: () => location.assign("/phones"),
};
PAGES.forEach(([page], at) => (KEYS[at + 1] = () => go(`/${page}`)));

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("input, textarea, select")) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return undefined;
  const act = KEYS[event.key];
  if (!act) return undefined;
  event.preventDefault();
  return act();
});

navigation();
start(view);
