import { Slots } from "./gate.js";
import { KeptUploads } from "./kept.js";
import { Upload } from "./upload.js";
export type Chosen = {
    file: File;
    handle: FileSystemFileHandle | null;
};
/** Tells `change` with the upload as `detail`, and with null when there are others in `list`. */
export declare class Uploads extends EventTarget {
    _session: import("./session.js").Session;
    _kept: KeptUploads;
    _means: {
        api: import("./api.js").Api;
        kept: KeptUploads;
        slots: Slots;
        turns: Slots;
        lanes: number;
    };
    /** @type {Upload[]} */
    list: Upload[];
    _userId: string | null;
    /**
     * @param {{session: import("./session.js").Session, api: import("./api.js").Api, partsAtOnce?: number, filesAtOnce?: number}} given
     *   `partsAtOnce` over all files: browsers open six connections to a host where it has no HTTP/2, as S3 has not
     */
    constructor({ session, api, partsAtOnce, filesAtOnce }: {
        session: import("./session.js").Session;
        api: import("./api.js").Api;
        partsAtOnce?: number;
        filesAtOnce?: number;
    });
    get isBusy(): boolean;
    /** Upload these, or go on with those of which an upload was begun. @param {Chosen[]} chosen  @returns {Promise<Upload[]>} */
    add(chosen: Chosen[]): Promise<Upload[]>;
    /** What this user has begun and not finished. */
    restore(): Promise<void>;
    /** Go on with one that needs its file, by the handle that is kept; false where the person has to choose. @param {Upload} upload */
    reopen(upload: Upload): Promise<boolean>;
    /** One that has failed, from its beginning; false where its file is not at hand. @param {Upload} upload */
    again(upload: Upload): Promise<boolean>;
    /** No longer in the list. @param {Upload} upload an ended one */
    remove(upload: Upload): void;
    /** @param {File} file  @param {FileSystemFileHandle | null} handle */
    _begin(file: File, handle: FileSystemFileHandle | null): Promise<Upload>;
    /** @param {Upload} upload */
    _append(upload: Upload): void;
    _signedIn(): Promise<void>;
    /** @param {(upload: Upload) => unknown} act */
    _each(act: (upload: Upload) => unknown): void;
    /** @param {Upload | null} upload */
    _tell(upload: Upload | null): void;
}
