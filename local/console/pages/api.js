// The JSON API.

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function answerOf(promise) {
  let response;
  try {
    response = await promise;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "The stack does not answer.");
  }
  let body;
  try {
    body = await response.json();
  } catch {
    throw new ApiError(response.status, `The answer (${response.status}) is no JSON.`);
  }
  if (!response.ok) throw new ApiError(response.status, body.error ?? `It answered ${response.status}.`);
  return body;
}

/** Parameters that are empty are left out. */
export function get(path, params = {}, signal = undefined) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false));
  return answerOf(fetch(query.size ? `${path}?${query}` : path, { signal }));
}

/** `body` is an object, or JSON text that must arrive as it is. */
export function post(path, body = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return answerOf(fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: text }));
}

/** A path with each part encoded: path`/api/topics/${name}`. */
export const path = (strings, ...values) => String.raw({ raw: strings }, ...values.map((value) => encodeURIComponent(value)));
