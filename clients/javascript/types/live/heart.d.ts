export declare class Heart {
    _onMissed: () => void;
    _line: () => import("./line.js").Line | null;
    _session: {
        token: (refused?: string) => Promise<string>;
    };
    _clock: import("./types.js").Clock;
    _watched: () => string[];
    _onPresence: (documents: any[]) => void;
    _intervalMs: number;
    /** @type {any} */
    _timer: any;
    _isBeating: boolean;
    /** Once more, for what was asked for meanwhile. */
    _isWanted: boolean;
    _isRenewing: boolean;
    /** Of the server, less that of the device (ms). */
    skewMs: number;
    /**
     * @param {{line: () => import("./line.js").Line | null, session: {token: (refused?: string) => Promise<string>},
     *   clock: import("./types.js").Clock, watched: () => string[], onPresence: (documents: any[]) => void, onMissed: () => void}} given
     *   `onMissed`: nothing was pushed for a while
     */
    constructor({ line, session, clock, watched, onPresence, onMissed }: {
        line: () => import("./line.js").Line | null;
        session: {
            token: (refused?: string) => Promise<string>;
        };
        clock: import("./types.js").Clock;
        watched: () => string[];
        onPresence: (documents: any[]) => void;
        onMissed: () => void;
    });
    begin(): void;
    /** One sign of life. @param {boolean} [isDoubted] whether the connection may be dead, so that it has to answer soon */
    beat(isDoubted?: boolean): Promise<void>;
    /** @param {import("./line.js").Line} line  @param {boolean} isDoubted */
    _tell(line: import("./line.js").Line, isDoubted: boolean): Promise<void>;
    /** A new token for the connection. */
    renew(): Promise<void>;
    rest(): void;
    _plan(): void;
    /** @param {import("./line.js").Line} line  @param {any} data  @param {boolean} isDoubted  @param {string} token */
    _send(line: import("./line.js").Line, data: any, isDoubted: boolean, token: string): Promise<void>;
}
