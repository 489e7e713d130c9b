/** A UUID of version 4 (RFC 9562, 5.4), in lower case. */
export declare function newId(): string;
