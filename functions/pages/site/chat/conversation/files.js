// The files of a message: pictures and films as such, the rest as cards with a name.

import { h, icon } from "../../page/dom.js";
import { size } from "../../page/format.js";
import { isGone } from "./previews.js";
import { words } from "./words.js";

/** @typedef {Pick<import("./bubble.js").Around, "previews" | "show" | "save">} Means */

const PICTURES = new Set(["image", "sticker", "animation"]);
const SOUNDS = new Set(["audio", "voice"]);
/** A picture of which there is no thumbnail is loaded whole where it is small. */
const SMALL_BYTES = 1_000_000;
const WIDEST = 320;
const TALLEST = 380;
const PROPORTION = { width: 320, height: 240 };
/** Marks of direction make "gpj.exe" look like "exe.jpg" (Unicode Technical Report 36, 2.1). */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** @param {string} name of a file */
export function fileName(name) {
  return name.replace(TURNING, "");
}

/** @param {any[]} files  @param {Means} means */
export function filesNode(files, means) {
  const pictures = files.filter((file) => PICTURES.has(file.kind) && file.content_type.startsWith("image/"));
  const areAll = pictures.length === files.length;
  const nodes = files.map((file) => fileNode(file, means, areAll && files.length > 1));
  return h("div", { class: areAll ? "files only-pictures" : "files", "data-count": files.length }, ...nodes);
}

/** @param {any} file  @param {Means} means  @param {boolean} isTile one of several pictures */
function fileNode(file, means, isTile) {
  if (file.status === "failed") return card(file, reasonOf(file), []);
  if (file.status !== "completed") return card(file, words().filePending, []);
  if (file.content_type.startsWith("image/")) return picture(file, means, isTile);
  if (SOUNDS.has(file.kind)) return sound(file, means);
  const save = button("down", words().downloadName(fileName(file.filename)), () => means.save(file));
  if (!file.content_type.startsWith("video/")) return card(file, "", [save]);
  const play = button("play", words().play(fileName(file.filename)), () => void open(file, means));
  return card(file, "", [play, save]);
}

/** @param {any} file  @param {Means} means  @param {boolean} isTile */
function picture(file, means, isTile) {
  const image = h("img", { alt: "", decoding: "async" });
  const element = h("button", { type: "button", class: "picture", "aria-label": words().open(fileName(file.filename)) }, image);
  if (!isTile) fit(element, file.image ?? PROPORTION);
  element.addEventListener("click", () => void open(file, means));
  const failed = (/** @type {unknown} */ error) => {
    element.replaceWith(card(file, isGone(error) ? words().fileGone : "", isGone(error) ? [] : [button("down", words().downloadName(fileName(file.filename)), () => means.save(file))]));
  };
  means.previews.whenSeen(element, async () => {
    try {
      const { url, thumbnail_url: thumbnail } = await means.previews.addresses(file.file_id);
      if (!thumbnail && (file.size ?? Infinity) > SMALL_BYTES) throw new Error("no thumbnail");
      image.addEventListener("error", failed, { once: true });
      image.addEventListener("load", () => element.classList.add("is-there"), { once: true });
      /** @type {HTMLImageElement} */ (image).src = thumbnail ?? url;
    } catch (error) {
      failed(error);
    }
  });
  return element;
}

/** As large as it will be, before it is there: nothing moves when it comes. @param {HTMLElement} element  @param {{width: number, height: number}} image */
function fit(element, { width, height }) {
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  element.style.width = `${Math.max(64, Math.round(width * scale))}px`;
  element.style.aspectRatio = `${width} / ${height}`;
}

/** @param {any} file  @param {Means} means */
function sound(file, means) {
  const save = button("down", words().downloadName(fileName(file.filename)), () => means.save(file));
  const play = button("play", words().play(fileName(file.filename)), async () => {
    try {
      const { url } = await means.previews.addresses(file.file_id);
      const player = /** @type {HTMLAudioElement} */ (h("audio", { controls: true, src: url, "aria-label": fileName(file.filename) }));
      element.querySelector(".file-text")?.replaceChildren(player);
      play.remove();
      await player.play();
    } catch {
      // It says itself that it cannot be played; it can still be downloaded.
    }
  });
  const element = card(file, "", [play, save]);
  return element;
}

/** @param {any} file  @param {Means} means */
async function open(file, means) {
  try {
    means.show(file, await means.previews.addresses(file.file_id));
  } catch {
    means.save(file);
  }
}

/** @param {any} file  @param {string} said in the place of its size  @param {HTMLElement[]} acts */
function card(file, said, acts) {
  const shown = fileName(file.filename);
  const ending = /\.([A-Za-z0-9]{1,4})$/.exec(shown)?.[1].toUpperCase() ?? "";
  const parts = [said || (file.size === undefined ? "" : size(file.size))];
  return h("div", { class: "file", "data-status": file.status, dir: "ltr" },
    h("span", { class: "file-art", "aria-hidden": "true" }, ending || icon("clip")),
    h("div", { class: "file-text" }, h("span", { class: "file-name", dir: "auto", title: shown }, shown), h("span", { class: "file-size" }, ...parts)),
    ...acts);
}

/** @param {Parameters<typeof icon>[0]} picture  @param {string} label  @param {() => void} act */
function button(picture, label, act) {
  return h("button", { type: "button", class: "quiet icon", title: label, "aria-label": label, onclick: act }, icon(picture));
}

/** @param {any} file */
function reasonOf(file) {
  const detail = String(file.reason ?? "").split(": ").slice(1).join(": ");
  return [words().fileFailed, detail].filter(Boolean).join(" ");
}
