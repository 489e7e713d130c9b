// DynamoDB's typed JSON as plain values.

import { ExactNumber } from "./json_text.js";

function number(text) {
  const value = Number(text);
  return String(value) === text ? value : new ExactNumber(text);
}

/** Of one attribute value. Binary stays base64; sets become lists. */
export function plain(attribute) {
  const [[type, value]] = Object.entries(attribute);
  switch (type) {
    case "N": return number(value);
    case "M": return item(value);
    case "L": return value.map(plain);
    case "NS": return value.map(number);
    case "NULL": return null;
    default: return value;
  }
}

export const item = (attributes) => Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, plain(attribute)]));
