// A picture or a film, large.

import { h, icon } from "../../page/dom.js";
import { fileName } from "./files.js";
import { words } from "./words.js";

/** @param {any} file  @param {{url: string}} addresses  @param {() => void} save */
export function showLarge(file, { url }, save) {
  const say = words();
  const name = fileName(file.filename);
  const isFilm = file.content_type.startsWith("video/");
  const shown = isFilm ? h("video", { src: url, controls: true, autoplay: true, playsinline: true }) : h("img", { src: url, alt: name });
  const close = h("button", { type: "button", class: "quiet icon", "aria-label": say.close, title: say.close }, icon("cross"));
  const download = h("button", { type: "button", class: "quiet icon", "aria-label": say.downloadName(name), title: say.download, onclick: save }, icon("down"));
  const dialog = /** @type {HTMLDialogElement} */ (
    h("dialog", { class: "large-view", "aria-label": name },
      h("header", { class: "large-top" }, h("span", { class: "large-name", dir: "auto" }, name), download, close),
      h("div", { class: "large-shown" }, shown))
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target instanceof Element && !event.target.closest("img, video, header")) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
