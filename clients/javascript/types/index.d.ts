export { Api } from "./api.js";
export { ApiError, Cancelled, FileUnreadable, NetworkError, SignedOut, StorageError, WrongFile } from "./errors.js";
export { LiveClient } from "./live/client.js";
export { Session } from "./session.js";
export { Upload } from "./upload.js";
export { Uploads } from "./uploads.js";
