// What does not change while the stack runs.

import { get } from "./api.js";

let asked;

/** The document of /api/stack, asked for once. */
export const about = () => (asked ??= get("/api/stack").catch((error) => {
  asked = undefined;
  throw error;
}));

let names = {};

/** Load names before any view is shown. */
export async function load() {
  names = (await about()).functions;
}

/** Of a function: its logical id, which people know better than its name. */
export const called = (name) => names[name] ?? name;

/** [[name, logical id]], by logical id. */
export const functions = () => Object.entries(names).sort((one, other) => one[1].localeCompare(other[1]));
