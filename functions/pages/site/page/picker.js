// Files that people choose, drop or paste; with a handle where the browser gives one, so that a later visit can go on by itself.

import { byId } from "../page/dom.js";

/** @typedef {import("../chat4all/uploads.js").Chosen} Chosen */

/**
 * Let the person choose; nothing comes where they think better of it.
 * @param {boolean} several  @param {HTMLInputElement} [input] for browsers without a dialog that gives handles  @returns {Promise<Chosen[]>}
 */
export async function choose(several, input = byId("files")) {
  const pick = /** @type {any} */ (globalThis).showOpenFilePicker;
  if (!pick) return chooseByInput(several, input);
  let handles;
  try {
    handles = await pick({ multiple: several });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return [];
    return chooseByInput(several, input);
  }
  return Promise.all(handles.map(async (/** @type {FileSystemFileHandle} */ handle) => ({ file: await handle.getFile(), handle })));
}

/** @param {boolean} several  @param {HTMLInputElement} input  @returns {Promise<Chosen[]>} */
function chooseByInput(several, input) {
  input.multiple = several;
  input.value = "";
  return new Promise((resolve) => {
    const done = () => {
      input.onchange = input.oncancel = null;
      resolve(Array.from(input.files ?? [], (file) => ({ file, handle: null })));
    };
    input.onchange = input.oncancel = done;
    input.click();
  });
}

/**
 * What was dropped or pasted. To be called in the event itself: afterwards the browser has let go of it.
 * @param {DataTransfer} data  @returns {Promise<{chosen: Chosen[], folders: string[]}>}
 */
export async function dropped(data) {
  const items = Array.from(data.items).filter((item) => item.kind === "file");
  const found = await Promise.all(items.map((item) => {
    const file = item.getAsFile();
    const entry = item.webkitGetAsEntry?.();
    if (entry?.isDirectory) return { folder: entry.name };
    const handle = /** @type {any} */ (item).getAsFileSystemHandle?.() ?? Promise.resolve(null);
    return handle.catch(() => null).then((/** @type {FileSystemFileHandle | null} */ kept) => (file ? { file, handle: kept } : {}));
  }));
  return { chosen: found.filter((one) => one.file), folders: found.flatMap((one) => one.folder ?? []) };
}

/**
 * Have an element, or the whole window, take files that are dropped or pasted on it.
 * @param {(data: DataTransfer) => void} take  @param {HTMLElement} [over] shown while files are held above it
 * @param {EventTarget} [target]
 */
export function takeDrops(take, over = byId("over"), target = globalThis) {
  let depth = 0;
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  const show = (/** @type {number} */ by) => {
    depth = by === 0 ? 0 : Math.max(0, depth + by);
    over.hidden = depth === 0;
  };
  const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ act) => target.addEventListener(type, act);
  on("dragenter", (event) => hasFiles(event) && show(1));
  on("dragleave", (event) => hasFiles(event) && show(-1));
  on("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  on("drop", (event) => {
    if (!hasFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    show(0);
    take(event.dataTransfer);
  });
  on("paste", (event) => {
    if (!event.clipboardData?.files.length || isText(event.clipboardData)) return;
    event.preventDefault();
    take(event.clipboardData);
  });
}

/** Cells and paragraphs come with a picture of themselves: what is meant is their text. @param {DataTransfer} data */
function isText(data) {
  return data.types.includes("text/html") && data.getData("text/plain").trim() !== "";
}
