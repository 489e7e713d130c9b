export type MessageType = "text" | "file" | "location" | "contact";
export type Standing = "sending" | "accepted" | "sent" | "delivered" | "read" | "failed";
export type MessageFile = {
    file_id: string;
    filename: string;
    content_type: string;
    kind: string;
    status: string;
    size?: number;
    reason?: string;
    image?: {
        width: number;
        height: number;
    };
};
export type Message = {
    message_id: string;
    conversation_id: string;
    /**
     * 0 while it has no number yet
     */
    seq: number;
    sender_id: string;
    channel: string;
    type: string;
    /**
     * absent once it is unsent
     */
    content: any;
    /**
     * user ids by emoji
     */
    reactions: Record<string, string[]>;
    reactions_version?: number;
    created_at: string;
    revision?: number;
    edited_at?: string;
    deleted_at?: string;
    reply_to?: string;
    metadata?: Record<string, any>;
    file?: MessageFile;
    files?: MessageFile[];
    /**
     * ours: of one that is not answered yet
     */
    file_ids?: string[];
    status?: string;
    /**
     * ours: status by recipient and channel, from `message.status`
     */
    fates?: Record<string, Record<string, string>>;
    /**
     * ours: of an own one that the server has not taken
     */
    local?: "sending" | "failed";
    /**
     * ours: of a failed one
     */
    why?: Why;
};
export type Why = {
    code: string;
    detail: string;
    status: number;
};
export type Member = {
    role: string;
    channels: string[];
    delivered_seq: number;
    read_seq: number;
    joined_at?: string;
    receipts_version?: number;
    /**
     * of the membership
     */
    version?: number;
};
export type LastMessage = {
    message_id: string;
    seq: number;
    sender_id: string;
    type: string;
    preview: string;
    created_at: string;
    edited_at?: string;
    deleted_at?: string;
};
export type Conversation = {
    id: string;
    type: "private" | "group";
    title: string | null;
    metadata: Record<string, any>;
    created_by: string;
    created_at: string;
    updated_at: string;
    last_activity_at: string;
    last_message: LastMessage | null;
    member_count: number;
    /**
     * empty until they were asked for, soon after the conversation is known
     */
    members: Map<string, Member>;
    /**
     * the user's own watermarks
     */
    delivered_seq: number;
    read_seq: number;
    /**
     * messages of others behind `read_seq`; 100 may be more
     */
    unread: number;
    /**
     * whatever there is from this number on is held; 1: from the beginning
     */
    loaded_from: number;
    /**
     * whatever there is up to this number is held, down to `loaded_from`
     */
    through: number;
    /**
     * the highest number that is known to exist
     */
    told_of?: number;
    /**
     * numbers above `through` that were told of, ascending: there is a hole below them
     */
    beyond: number[];
};
export type Entry = {
    message_id: string;
    conversation_id: string;
    /**
     * ascending in the order of writing
     */
    order: number;
    type: string;
    content: any;
    file_ids?: string[];
    reply_to?: string;
    /**
     * of the device until the server has answered
     */
    created_at: string;
    tries: number;
    /**
     * 0 until the server has answered
     */
    seq: number;
    failed: Why | null;
};
export type Mark = {
    conversation_id: string;
    delivered_seq: number;
    read_seq: number;
};
export type User = {
    id: string;
    kind?: string;
    username?: string;
    display_name?: string | null;
    deleted_at?: string;
    fetched_at?: number;
};
export type Presence = {
    status: "online" | "offline" | "hidden";
    last_seen_at: string | null;
};
export type Batch = {
    conversations: Conversation[];
    messages: Message[];
    /**
     * conversations that are the user's no more
     */
    lost: string[];
    /**
     * messages of a conversation below a number: they can be loaded again
     */
    forgotten: [string, number][];
    entries: Entry[];
    /**
     * message ids of entries that are over
     */
    settled: string[];
    /**
     * delivered_seq and read_seq 0: over
     */
    marks: Mark[];
};
export type Frame = {
    type: string;
    conversation_id?: string;
    seq?: number;
    time?: string;
    data?: any;
    id?: string | number;
    error?: any;
};
export type Clock = {
    now: () => number;
    setTimeout: (act: () => void, ms: number) => any;
    clearTimeout: (timer: any) => void;
};
export type State = "connecting" | "syncing" | "live" | "offline" | "signed_out";
export type Notice = {
    code: "no_storage" | "storage_full" | "storage_lost";
    detail: string;
};
/**
 * @typedef {"text" | "file" | "location" | "contact"} MessageType
 * @typedef {"sending" | "accepted" | "sent" | "delivered" | "read" | "failed"} Standing
 * @typedef {{file_id: string, filename: string, content_type: string, kind: string, status: string, size?: number, reason?: string,
 *   image?: {width: number, height: number}}} MessageFile
 *
 * @typedef {object} Message  the API's document, and what we know beside it
 * @property {string} message_id
 * @property {string} conversation_id
 * @property {number} seq  0 while it has no number yet
 * @property {string} sender_id
 * @property {string} channel
 * @property {string} type
 * @property {any} content  absent once it is unsent
 * @property {Record<string, string[]>} reactions  user ids by emoji
 * @property {number} [reactions_version]
 * @property {string} created_at
 * @property {number} [revision]
 * @property {string} [edited_at]
 * @property {string} [deleted_at]
 * @property {string} [reply_to]
 * @property {Record<string, any>} [metadata]
 * @property {MessageFile} [file]
 * @property {MessageFile[]} [files]
 * @property {string[]} [file_ids]  ours: of one that is not answered yet
 * @property {string} [status]
 * @property {Record<string, Record<string, string>>} [fates]  ours: status by recipient and channel, from `message.status`
 * @property {"sending" | "failed"} [local]  ours: of an own one that the server has not taken
 * @property {Why} [why]  ours: of a failed one
 *
 * @typedef {{code: string, detail: string, status: number}} Why  what the API said; `code` may be empty
 *
 * @typedef {object} Member
 * @property {string} role
 * @property {string[]} channels
 * @property {number} delivered_seq
 * @property {number} read_seq
 * @property {string} [joined_at]
 * @property {number} [receipts_version]
 * @property {number} [version]  of the membership
 *
 * @typedef {{message_id: string, seq: number, sender_id: string, type: string, preview: string, created_at: string,
 *   edited_at?: string, deleted_at?: string}} LastMessage
 *
 * @typedef {object} Conversation
 * @property {string} id
 * @property {"private" | "group"} type
 * @property {string | null} title
 * @property {Record<string, any>} metadata
 * @property {string} created_by
 * @property {string} created_at
 * @property {string} updated_at
 * @property {string} last_activity_at
 * @property {LastMessage | null} last_message
 * @property {number} member_count
 * @property {Map<string, Member>} members  empty until they were asked for, soon after the conversation is known
 * @property {number} delivered_seq  the user's own watermarks
 * @property {number} read_seq
 * @property {number} unread  messages of others behind `read_seq`; 100 may be more
 * @property {number} loaded_from  whatever there is from this number on is held; 1: from the beginning
 * @property {number} through  whatever there is up to this number is held, down to `loaded_from`
 * @property {number} [told_of]  the highest number that is known to exist
 * @property {number[]} beyond  numbers above `through` that were told of, ascending: there is a hole below them
 *
 * @typedef {object} Entry  an own message that waits to be sent, or to be told of
 * @property {string} message_id
 * @property {string} conversation_id
 * @property {number} order  ascending in the order of writing
 * @property {string} type
 * @property {any} content
 * @property {string[]} [file_ids]
 * @property {string} [reply_to]
 * @property {string} created_at  of the device until the server has answered
 * @property {number} tries
 * @property {number} seq  0 until the server has answered
 * @property {Why | null} failed
 *
 * @typedef {{conversation_id: string, delivered_seq: number, read_seq: number}} Mark  watermarks that the server has not taken yet
 * @typedef {{id: string, kind?: string, username?: string, display_name?: string | null, deleted_at?: string, fetched_at?: number}} User
 * @typedef {{status: "online" | "offline" | "hidden", last_seen_at: string | null}} Presence
 *
 * @typedef {object} Batch  what is written to the store at once, and told to the other tabs
 * @property {Conversation[]} conversations
 * @property {Message[]} messages
 * @property {string[]} lost  conversations that are the user's no more
 * @property {[string, number][]} forgotten  messages of a conversation below a number: they can be loaded again
 * @property {Entry[]} entries
 * @property {string[]} settled  message ids of entries that are over
 * @property {Mark[]} marks  delivered_seq and read_seq 0: over
 *
 * @typedef {{type: string, conversation_id?: string, seq?: number, time?: string, data?: any, id?: string | number, error?: any}} Frame
 * @typedef {{now: () => number, setTimeout: (act: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} Clock
 * @typedef {"connecting" | "syncing" | "live" | "offline" | "signed_out"} State
 * @typedef {{code: "no_storage" | "storage_full" | "storage_lost", detail: string}} Notice
 */
export {};
