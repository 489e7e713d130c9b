// What stands behind encoded values of events: base64 of Kafka, bodies of HTTP, bytes of headers, JSON in strings.

import { structure } from "./json_text.js";

function textOf(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // eslint-disable-next-line no-control-regex
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

export function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

export function hex(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.slice(at, at + 16)];
    const digits = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ").padEnd(47);
    const signs = row.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${digits}  ${signs}`);
  }
  return lines.join("\n");
}

const isKafkaRecord = (value) => typeof value?.topic === "string" && "offset" in value && "partition" in value;

function decodedBase64(text) {
  const bytes = text === "" ? undefined : fromBase64(text);
  const decoded = bytes && textOf(bytes);
  if (decoded === undefined) return undefined;
  const tree = structure(decoded);
  return tree === undefined ? { kind: "text", value: decoded } : { kind: "JSON", value: tree };
}

/** {kind, value} to show beside `parent[key]`, or undefined. */
export function decoded(parent, key, value) {
  if (typeof value === "string") {
    const base64 = (isKafkaRecord(parent) && (key === "key" || key === "value"))
      || (key === "body" && parent.isBase64Encoded === true) || (key === "data" && typeof parent.sequenceNumber === "string");
    if (base64) return decodedBase64(value);
    const tree = structure(value);
    return tree === undefined ? undefined : { kind: "JSON", value: tree };
  }
  if (Array.isArray(value) && value.length && value.every((item) => Number.isInteger(item) && item >= -128 && item <= 255)) {
    const text = textOf(Uint8Array.from(value, (item) => item & 255));
    return text === undefined ? undefined : { kind: "text", value: text };
  }
  return undefined;
}
