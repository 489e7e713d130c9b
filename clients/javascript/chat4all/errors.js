// What can go wrong, told apart by what is to be done about it.

/** The API refused: a problem document (RFC 9457), or the gateway's own `{"message"}`. */
export class ApiError extends Error {
  /** @param {number} status  @param {any} problem  @param {number | null} retryAfter seconds, of the header Retry-After */
  constructor(status, problem, retryAfter = null) {
    super(problem?.detail ?? problem?.message ?? `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    /** A stable word, such as `file_pending`; empty where the gateway answered. @type {string} */
    this.code = problem?.code ?? "";
    /** @type {{pointer: string, detail: string}[]} */
    this.errors = problem?.errors ?? [];
    /** Numbers of 409 `parts_missing`, and whatever else the document has. @type {any} */
    this.problem = problem ?? {};
    this.retryAfter = retryAfter;
  }
}

/** S3 refused a part; `code` is that of its error document (Amazon S3 API Reference, "Error Responses"). */
export class StorageError extends Error {
  /** @param {number} status  @param {string} code */
  constructor(status, code) {
    super(`HTTP ${status} ${code}`);
    this.name = "StorageError";
    this.status = status;
    this.code = code;
  }
}

/** Nobody answered: no connection, or none that holds. */
export class NetworkError extends Error {
  constructor(message = "no answer") {
    super(message);
    this.name = "NetworkError";
  }
}

/** The session has ended; somebody has to sign in. */
export class SignedOut extends Error {
  constructor() {
    super("signed out");
    this.name = "SignedOut";
  }
}

/** The file on this device cannot be read any more: changed, moved or deleted since it was chosen. */
export class FileUnreadable extends Error {
  constructor(message = "the file cannot be read") {
    super(message);
    this.name = "FileUnreadable";
  }
}

/** Another file than the one whose upload was begun. */
export class WrongFile extends Error {
  constructor(message = "another file") {
    super(message);
    this.name = "WrongFile";
  }
}

/** Somebody called it off. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
    this.name = "Cancelled";
  }
}

const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Whether the same may work a while later.
 * @param {unknown} error
 */
export function isPassing(error) {
  if (error instanceof NetworkError) return true;
  return (error instanceof ApiError || error instanceof StorageError) && PASSING.has(error.status);
}
