// JSON without loss: a number that JavaScript cannot hold stays as it was written.

export class ExactNumber {
  constructor(source) {
    this.source = source;
  }
}

/** Throws SyntaxError. */
export function parse(text) {
  return JSON.parse(text, (_key, value, context) => {
    const source = context?.source;
    return typeof value === "number" && source !== undefined && String(value) !== source ? new ExactNumber(source) : value;
  });
}

/** undefined for what is no JSON, and for a bare word or number: only objects and arrays are worth a tree. */
export function structure(text) {
  if (typeof text !== "string" || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Indented text. */
export function pretty(value, indent = "") {
  if (value instanceof ExactNumber) return value.source;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => inner + pretty(item, inner))
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${pretty(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return parts.length ? `${open}\n${parts.join(",\n")}\n${indent}${close}` : open + close;
}

export function prettyText(text) {
  try {
    return pretty(parse(text));
  } catch {
    return text;
  }
}
