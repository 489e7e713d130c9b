// The page of simulated phones: a column for each channel, side by side. No framework, no build.
import { Column } from "./phones-column.js";
import { drawFaults } from "./phones-faults.js";
import { instagram, messenger, whatsapp } from "./phones-graph.js";
import { attempt } from "./phones-http.js";
import { telegram } from "./phones-telegram.js";
import { button } from "./phones-view.js";

const drivers = [telegram, whatsapp, messenger, instagram];
const columns = drivers.map((driver) => new Column(driver));
const $ = (id) => document.getElementById(id);

/** On a narrow screen one phone is seen at a time. */
function choose(channel) {
  localStorage.setItem("phones-channel", channel);
  document.body.dataset.channel = channel;
  for (const tab of $("tabs").children) tab.setAttribute("aria-pressed", String(tab.dataset.id === channel));
}

$("phones").append(...columns.map((column) => column.root));
$("tabs").append(...drivers.map((driver) => button(driver.name, () => choose(driver.channel), { className: "tab", data: { id: driver.channel } })));
choose(localStorage.getItem("phones-channel") ?? "telegram");

$("open-faults").addEventListener("click", () => attempt(async () => {
  await drawFaults($("fault-groups"), [{ name: "Telegram", path: telegram.settingsPath }, { name: "WhatsApp, Messenger, Instagram", path: whatsapp.settingsPath }]);
  $("faults").showModal();
}));

await Promise.all(columns.map((column) => attempt(() => column.start())));
