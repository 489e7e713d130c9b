import { Asking } from "./asking.js";
import { Engine } from "./engine.js";
import { Held } from "./held.js";
import { People } from "./people.js";
import { Presences } from "./presences.js";
import { Tabs } from "./tabs.js";
import { Typists } from "./typists.js";
import { Writer } from "./writer.js";
export type Batch = import("./types.js").Batch;
export type State = import("./types.js").State;
export type Frame = import("./types.js").Frame;
export type Store = import("./writer.js").Store;
export type Given = {
    session: import("../session.js").Session;
    api: import("./asking.js").HttpApi;
    websocketUrl: string;
    clock: import("./types.js").Clock;
    random: () => number;
    WebSocket: import("./line.js").WebSocketClass;
    store: Store;
    name: string;
    isOnline: () => boolean;
};
export type Hooks = {
    onState: () => void;
    onBatch: (batch: Batch) => void;
    onPresence: (userIds: string[]) => void;
    onTyping: (conversationId: string) => void;
    onUsers: (userIds: string[]) => void;
    onNotice: (notice: import("./types.js").Notice) => void;
};
export declare class Core {
    _given: Given;
    _hooks: Hooks;
    _ending: AbortController;
    waking: EventTarget;
    me: string;
    /** @type {State} */
    state: State;
    store: import("./writer.js").Store;
    held: Held;
    writer: Writer;
    asking: Asking;
    presences: Presences;
    typists: Typists;
    people: People;
    tabs: Tabs | null;
    /** @type {Engine | null} */
    engine: Engine | null;
    /** Which conversation each tab shows. @type {Map<string, string>} */
    _watched: Map<string, string>;
    _onEnded: (event: any) => void;
    /** @param {Given} given  @param {Hooks} hooks */
    constructor(given: Given, hooks: Hooks);
    /** What is kept is there; the rest comes. */
    begin(): Promise<void>;
    /** Have whoever is connected do something. @param {string} what  @param {any[]} given  @returns {Promise<any>} */
    ask(what: string, ...given: any[]): Promise<any>;
    /** @param {string} what  @param {any[]} given  @returns {Promise<any>} */
    act(what: string, given: any[]): Promise<any>;
    /** Which conversation this tab shows. @param {string | null} id */
    watch(id: string | null): void;
    /** @param {string} id  @param {boolean} isOver */
    typing(id: string, isOver: boolean): void;
    /** Entries and marks of this tab, stored, and told to whoever sends them. @param {Partial<Batch>} some */
    keep(some: Partial<Batch>): Promise<void>;
    /** What seemed lost may be there again. */
    wake(): void;
    /** Nobody is signed in any more: after a wish nothing stays, which `forgetAfter` sees to. @param {boolean} isWish */
    signedOut(isWish: boolean): void;
    end(): void;
    _newWriter(): Writer;
    /** All that is kept, into memory. */
    _read(): Promise<void>;
    /** @param {Awaited<ReturnType<Store["all"]>>} kept */
    _know({ conversations, entries, marks, users }: Awaited<ReturnType<Store["all"]>>): void;
    _lead(): Promise<void>;
    /** Where another tab writes: what it told while this one stood still was not heard. */
    readAgain(): void;
    /** Another tab wrote until now: the store has what counts. Where it cannot be read, what is in memory. */
    _reread(): Promise<void>;
    _readStore(): Promise<void>;
    /** @param {Batch} whole */
    _stored(whole: Batch): void;
    /** @param {Batch} whole */
    _applied(whole: Batch): void;
    /** @param {string} messageId  @returns {Promise<import("./types.js").Message | null>} */
    _message(messageId: string): Promise<import("./types.js").Message | null>;
    /** @param {Frame} frame */
    _other(frame: Frame): void;
    /** @param {Frame} frame */
    _typing(frame: Frame): void;
    /** @param {any[]} documents */
    _presence(documents: any[]): void;
    /** @param {State} state */
    _setState(state: State): void;
    /** @param {import("./types.js").User[]} users */
    _keepUsers(users: import("./types.js").User[]): void;
    /** @param {string} tab  @param {string | null} id */
    _watch(tab: string, id: string | null): void;
    /** What another tab told. @param {import("./tabs.js").Told} told */
    _take(told: import("./tabs.js").Told): void;
    /** Another tab has begun. */
    _welcome(): void;
    _tellWatched(): void;
    /** @param {Batch} whole */
    _received(whole: Batch): void;
    /** @param {any} error */
    _storeFailed(error: any): void;
    /** @param {string} messageId */
    _discard(messageId: string): Promise<void>;
    /** @param {string} messageId  @param {any} [content] other than it was */
    _resend(messageId: string, content?: any): Promise<void>;
}
