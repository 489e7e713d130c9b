// A file onto the person's device, with its name.

import { h } from "../../page/dom.js";
import { fileName } from "./files.js";

/** What is smaller is fetched by the page, which can name it; larger ones go to the browser's own downloads, which can go on after a break. */
const BY_PAGE_BYTES = 32 * 1024 * 1024;
const KEPT_MS = 60_000;

/** @param {any} file  @param {import("./previews.js").Previews} previews */
export async function save(file, previews) {
  if ((file.size ?? Infinity) > BY_PAGE_BYTES) return byBrowser(file, previews);
  const { url } = await previews.addresses(file.file_id);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const address = URL.createObjectURL(await answer.blob());
  h("a", { href: address, download: fileName(file.filename) }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** @param {any} file  @param {import("./previews.js").Previews} previews */
async function byBrowser(file, previews) {
  // Opened in the click, as browsers want it; what is to be saved closes it again.
  const tab = open("about:blank", "_blank");
  try {
    const { url } = await previews.addresses(file.file_id);
    if (!tab) return location.assign(url);
    tab.opener = null;
    tab.location.replace(url);
  } catch (error) {
    tab?.close();
    throw error;
  }
}
