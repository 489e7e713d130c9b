export {};
export type Accepted = {
    status: "accepted";
    message_id: string;
    conversation_id: string;
    seq: number;
    created_at: string;
};
export type Account = {
    id: string;
    /**
     * Who made it: contacts' private conversations are with them.
     */
    owner_id: string;
    channel: string;
    name: string;
    settings: Record<string, any>;
    inbound: Inbound;
    created_at: string;
    updated_at: string;
    breaker: Breaker;
};
export type AccountPage = {
    items: Array<Account>;
    next_cursor: string | null;
};
export type AddMemberRequest = {
    user_id: string;
    role?: "owner" | "admin" | "member" | "reader";
};
export type Administrator = {
    user_id: string;
    /**
     * User id, or `operator:<ARN>`.
     */
    granted_by: string;
    granted_at: string;
};
export type AdministratorPage = {
    items: Array<Administrator>;
    next_cursor: string | null;
};
export type Alive = {
    status: "ok";
};
export type ArrivedPart = {
    number: number;
    etag: string;
};
export type AuditEntry = {
    id: string;
    time: string;
    action: string;
    /**
     * begun, done, denied or failed.
     */
    outcome: string;
    /**
     * User id, or `operator:<ARN>`; null where nobody has proved who they are.
     */
    actor: string | null;
    /**
     * Of the error, where there was one.
     */
    code: string | null;
    target: string | null;
    source_address: string | null;
    user_agent: string | null;
    request_id: string | null;
    connection_id: string | null;
    details: Record<string, string | number>;
};
export type AuditPage = {
    items: Array<AuditEntry>;
    next_cursor: string | null;
};
export type Breaker = {
    state: "closed" | "open" | "half_open";
    failures: number;
    since?: string;
    retry_at?: string;
    reason?: string;
};
export type CompleteUploadRequest = {
    file_id: string;
    sha256?: string | null;
    /**
     * Where given, S3 must have these very parts. It may be left out: S3's own list is what counts.
     */
    parts?: Array<ArrivedPart> | null;
};
export type Conditions = {
    senders?: Array<string> | null;
    recipients?: Array<string> | null;
    /**
     * Channels that the message came from.
     */
    origins?: Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram"> | null;
    types?: Array<"text" | "file" | "location" | "contact"> | null;
    size?: TextSize | null;
    /**
     * Whole words or phrases of the text, in any case.
     */
    words?: Array<string> | null;
    /**
     * When the message was accepted.
     */
    hours?: Hours | null;
    /**
     * Whether the recipient has the app open.
     */
    presence?: "online" | "offline" | null;
};
export type Contact = {
    name: string;
    phone?: string | null;
    email?: string | null;
    user_id?: string | null;
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
    /**
     * What is shown up to now.
     */
    last_seq: number;
    member_count: number;
    /**
     * Messages of others behind `read_seq`, counted up to 100.
     */
    unread_count: number;
    /**
     * The caller's own, as `read_seq`.
     */
    delivered_seq: number;
    read_seq: number;
    members: Array<Member>;
};
export type ConversationPage = {
    items: Array<ConversationSummary>;
    next_cursor: string | null;
};
export type ConversationSummary = {
    id: string;
    type: "private" | "group";
    title: string | null;
    metadata: Record<string, any>;
    created_by: string;
    created_at: string;
    updated_at: string;
    last_activity_at: string;
    last_message: LastMessage | null;
    /**
     * What is shown up to now.
     */
    last_seq: number;
    member_count: number;
    /**
     * Messages of others behind `read_seq`, counted up to 100.
     */
    unread_count: number;
    /**
     * The caller's own, as `read_seq`.
     */
    delivered_seq: number;
    read_seq: number;
};
export type CreateAccountRequest = {
    channel: "telegram" | "whatsapp" | "messenger" | "instagram";
    name: string;
    settings: Record<string, any>;
    inbound?: InboundRule;
};
export type CreateConversationRequest = {
    type: "private" | "group";
    member_ids: Array<string>;
    title?: string | null;
    metadata?: Record<string, any> | null;
};
export type CreateRoutingRuleRequest = {
    name?: string | null;
    enabled?: boolean;
    /**
     * Where it is put in, from 1; those from there on move down. None: at the end.
     */
    position?: number | null;
    conditions?: Conditions;
    action: RuleAction;
};
export type CreateTokenRequest = {
    grant_type?: "password" | "refresh_token";
    /**
     * Of the grant password, as `password`.
     */
    username?: string | null;
    password?: string | null;
    /**
     * Of the grant refresh_token.
     */
    refresh_token?: string | null;
};
export type CreateWebhookRequest = {
    url: string;
    events: Array<"message.created" | "message.updated" | "message.deleted" | "message.status" | "reaction.updated" | "receipt.updated" | "conversation.updated" | "member.updated" | "webhook.disabled" | "*">;
    /**
     * `whsec_` and base64 of 24 to 64 bytes; made where it is left out.
     */
    secret?: string | null;
    description?: string | null;
};
export type Delivery = {
    channel: string;
    status: "accepted" | "sent" | "delivered" | "read" | "failed";
    account_id?: string;
    part?: number;
    attempts?: number;
    updated_at?: string;
    /**
     * What it carries.
     */
    file_id?: string;
    /**
     * The provider's.
     */
    external_id?: string;
    /**
     * Why it failed: a stable word, a colon and a text.
     */
    reason?: string;
    /**
     * In what it differs from what was asked, such as a link in the place of a file.
     */
    note?: string;
    /**
     * The channel shows what the message said before it was changed.
     */
    outdated?: true;
};
export type DeliveryAttempt = {
    /**
     * When it began.
     */
    at: string;
    duration_ms: number;
    status_code?: number;
    /**
     * A stable word, a colon and a text, where no answer came.
     */
    error?: string;
};
export type DependencyState = {
    status: "up" | "down";
    latency_ms: number;
    /**
     * A word for the cause.
     */
    error?: string;
};
export type Draft = {
    type?: "text" | "file" | "location" | "contact";
    content?: string | Location | Contact | null;
    /**
     * None: the caller.
     */
    sender_id?: string | null;
    /**
     * From which it comes.
     */
    channel?: "in_app" | "telegram" | "whatsapp" | "messenger" | "instagram";
    /**
     * That the sender asks for.
     */
    channels?: Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram" | "all"> | null;
    /**
     * When it is accepted (RFC 3339). None: now.
     */
    at?: string | null;
};
export type EditMessageRequest = {
    content: string | Location | Contact | null;
    /**
     * The revision that the caller has seen: where it is another by now, nothing is changed (409).
     */
    revision?: number | null;
};
export type ExchangeSignInRequest = {
    /**
     * From the fragment of the page's address; good for a minute and one use.
     */
    code: string;
    /**
     * Of which the challenge was made.
     */
    code_verifier: string;
};
export type ExplainedChoice = {
    recipient_id: string;
    choice: RuleChoice;
    /**
     * In order, up to the one that decided.
     */
    rules: Array<RuleLookedAt>;
    /**
     * In words.
     */
    explanation: string;
    online: boolean;
    routes: Array<RuleRoute>;
};
export type ExportItem = {
    /**
     * What it is. New kinds may come.
     */
    kind: "profile" | "sign_in" | "identity" | "session" | "webhook" | "routing_rule" | "account" | "file" | "membership" | "message";
    /**
     * As the operation of that kind answers it; of a message without reactions.
     */
    data: Record<string, any>;
};
export type ExportPage = {
    items: Array<ExportItem>;
    next_cursor: string | null;
};
export type Fallback = {
    chain: Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram">;
    wait_s: number;
};
export type FallbackProgress = {
    wait_s: number;
    chain: Array<FallbackStep>;
};
export type FallbackStep = {
    channel: string;
    status: "accepted" | "sent" | "delivered" | "read" | "failed" | "waiting" | "not_needed";
};
export type FieldProblem = {
    /**
     * A JSON Pointer (RFC 6901) into the body, `?name` of a parameter, or the name of a header.
     */
    pointer: string;
    detail: string;
};
export type File = {
    file_id: string;
    filename: string;
    content_type: string;
    kind: "image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation";
    /**
     * Bytes, where it is known.
     */
    size?: number;
    /**
     * Of a file that failed: a stable word, a colon and a text.
     */
    reason?: string;
    /**
     * Of an image, soon after its bytes are there.
     */
    image?: ImageSize;
    /**
     * pending: its bytes are on their way; verifying: they are being checked.
     */
    status: "pending" | "verifying" | "completed" | "failed";
    owner_id: string;
    created_at: string;
    sha256?: string;
    /**
     * Of a pending upload, for its owner.
     */
    upload?: UploadProgress;
    /**
     * Of an upload that is being checked, for its owner.
     */
    verification?: Verification;
};
export type FileDownload = {
    file_id: string;
    filename: string;
    content_type: string;
    kind: "image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation";
    /**
     * Bytes, where it is known.
     */
    size?: number;
    /**
     * Of a file that failed: a stable word, a colon and a text.
     */
    reason?: string;
    /**
     * Of an image, soon after its bytes are there.
     */
    image?: ImageSize;
    /**
     * For GET only.
     */
    url: string;
    expires_at: string;
    /**
     * Of an image that has one.
     */
    thumbnail_url?: string;
};
export type GatewayError = {
    message: string | null;
};
export type GivenRecipient = {
    recipient_id: string;
    /**
     * On which they are reached.
     */
    channels: Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram">;
    online?: boolean;
};
export type Heartbeat = {
    time: string;
    /**
     * Seconds until the next one.
     */
    interval: number;
    /**
     * Of the other members of the conversation that was named.
     */
    presence?: Array<Presence>;
};
export type Hours = {
    time_zone: string;
    days?: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
    start?: string;
    /**
     * Not part of it.
     */
    end?: string;
};
export type Identity = {
    channel: string;
    account_id: string;
    /**
     * As the provider knows it.
     */
    address: string;
    status: "linked" | "pending";
    linked_at?: string;
    /**
     * Of the code.
     */
    expires_at?: string;
    tries_left?: number;
};
export type IdentityList = {
    items: Array<Identity>;
};
export type IdentityRequest = {
    channel: string;
    account_id: string;
    /**
     * As the provider knows it.
     */
    address: string;
    status: "linked" | "pending";
    linked_at?: string;
    /**
     * Of the code.
     */
    expires_at?: string;
    tries_left?: number;
    /**
     * What to do where no code comes, for people.
     */
    how: string;
};
export type ImageSize = {
    width: number;
    height: number;
};
export type Inbound = {
    /**
     * `by_contact`, or the id of a group.
     */
    conversation: string;
    mirror_to?: string;
};
export type InboundRule = {
    /**
     * by_contact: a private conversation of the account's owner with each contact; or a conversation's id.
     */
    conversation?: string;
    /**
     * A conversation in which everything that arrives is said once more.
     */
    mirror_to?: string | null;
};
export type InitiateUploadRequest = {
    filename: string;
    /**
     * Bytes.
     */
    size: number;
    content_type?: string | null;
    sha256?: string | null;
    kind?: "image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation" | null;
    /**
     * Bytes.
     */
    part_size?: number | null;
    /**
     * Every part comes with its SHA-256, signed into its address. S3 takes all parts so or none (chat4all.upload_bucket).
     */
    part_checksum?: "sha256" | null;
};
export type Key = {
    kty: string;
    kid: string;
};
export type KeySet = {
    keys: Array<Key>;
};
export type LastMessage = {
    message_id: string;
    seq: number;
    sender_id: string;
    type: string;
    /**
     * Its first 100 characters; of files without a caption their names.
     */
    preview: string;
    created_at: string;
    edited_at?: string;
    deleted_at?: string;
};
export type LinkIdentityRequest = {
    account_id: string;
    address: string;
};
export type LinkedSignIn = {
    provider: "google" | "github";
    /**
     * By which the person knows the account there again: an email at Google, a login at GitHub.
     */
    label: string | null;
    linked_at: string;
};
export type Location = {
    latitude: number;
    longitude: number;
    name?: string | null;
    address?: string | null;
};
export type Member = {
    user_id: string;
    role: "owner" | "admin" | "member" | "reader";
    /**
     * On which they are reached.
     */
    channels: Array<string>;
    /**
     * Everything up to there has reached them.
     */
    delivered_seq: number;
    read_seq: number;
    joined_at: string;
};
export type MemberPage = {
    items: Array<Member>;
    next_cursor: string | null;
};
export type Message = {
    message_id: string;
    conversation_id: string;
    seq: number;
    sender_id: string;
    /**
     * Where it came from.
     */
    channel: string;
    /**
     * text, file, location or contact; what comes over a channel may be of another one.
     */
    type: string;
    /**
     * A text (of a file its caption), or the location's or contact's fields; null of one that was unsent.
     */
    content: any;
    /**
     * Who reacted, by emoji.
     */
    reactions: Record<string, Array<string>>;
    created_at: string;
    /**
     * Of several the first.
     */
    file?: MessageFile;
    /**
     * All, where there are several.
     */
    files?: Array<MessageFile>;
    reply_to?: string;
    metadata?: Record<string, any>;
    /**
     * Grows with each reaction; none: there never were any.
     */
    reactions_version?: number;
    /**
     * Number of the change that made this state; none: as it was sent.
     */
    revision?: number;
    edited_at?: string;
    deleted_at?: string;
    /**
     * The lowest over all recipients who can report it; left out where a change is answered.
     */
    status?: "accepted" | "sent" | "delivered" | "read" | "failed";
};
export type MessageChange = {
    /**
     * The change's own number.
     */
    seq: number;
    type: "message.updated" | "message.deleted" | "reaction.updated";
    time: string;
    message: Message;
};
export type MessageFile = {
    file_id: string;
    filename: string;
    content_type: string;
    kind: "image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation";
    /**
     * Bytes, where it is known.
     */
    size?: number;
    /**
     * Of a file that failed: a stable word, a colon and a text.
     */
    reason?: string;
    /**
     * Of an image, soon after its bytes are there.
     */
    image?: ImageSize;
    /**
     * pending: its bytes are on their way; verifying: they are being checked.
     */
    status: "pending" | "verifying" | "completed" | "failed";
};
export type MessagePage = {
    items: Array<Message>;
    next_cursor: string | null;
    /**
     * With `after_seq`.
     */
    changes?: Array<MessageChange>;
    /**
     * With `after_seq`: nothing will come any more up to here.
     */
    complete_through?: number;
};
export type OAuthProblem = {
    /**
     * `urn:chat4all:problem:<code>`.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: number;
    /**
     * For people.
     */
    detail: string;
    /**
     * The path that was asked.
     */
    instance: string;
    /**
     * A stable word, for programs.
     */
    code: string;
    errors?: Array<FieldProblem>;
    /**
     * Of `parts_missing`: the first 1,000 parts that an upload lacks.
     */
    numbers?: Array<number>;
    /**
     * Seconds, as the header Retry-After says.
     */
    retry_after?: number;
    /**
     * Of a send that may have been written: what to repeat it with.
     */
    message_id?: string;
    error: string;
    error_description: string;
};
export type OpenIdConfiguration = {
    issuer: string;
    jwks_uri: string;
    token_endpoint: string;
    token_endpoint_auth_methods_supported: Array<string>;
    grant_types_supported: Array<string>;
    response_types_supported: Array<string>;
    subject_types_supported: Array<string>;
    id_token_signing_alg_values_supported: Array<string>;
    scopes_supported: Array<string>;
    claims_supported: Array<string>;
};
export type OwnUser = {
    id: string;
    kind: "user";
    username: string;
    display_name: string | null;
    created_at: string;
    email: string;
    /**
     * Who sees one's presence: `contacts` share a conversation with one.
     */
    presence_visibility: "contacts" | "nobody";
};
export type Presence = {
    user_id: string;
    status: "online" | "offline" | "hidden";
    /**
     * What comes with a lower one is older.
     */
    version: number;
    last_seen_at?: string;
    /**
     * Seconds for which it holds without news.
     */
    expires_in?: number;
};
export type Problem = {
    /**
     * `urn:chat4all:problem:<code>`.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    status: number;
    /**
     * For people.
     */
    detail: string;
    /**
     * The path that was asked.
     */
    instance: string;
    /**
     * A stable word, for programs.
     */
    code: string;
    errors?: Array<FieldProblem>;
    /**
     * Of `parts_missing`: the first 1,000 parts that an upload lacks.
     */
    numbers?: Array<number>;
    /**
     * Seconds, as the header Retry-After says.
     */
    retry_after?: number;
    /**
     * Of a send that may have been written: what to repeat it with.
     */
    message_id?: string;
};
export type Reactions = {
    message_id: string;
    conversation_id: string;
    reactions: Record<string, Array<string>>;
    reactions_version: number;
};
export type Readiness = {
    status: "ready" | "degraded";
    dependencies: Record<string, DependencyState>;
};
export type Receipt = {
    conversation_id: string;
    user_id: string;
    delivered_seq: number;
    read_seq: number;
};
export type RecipientStatus = {
    user_id: string;
    status: "accepted" | "sent" | "delivered" | "read" | "failed";
    channel: string;
    deliveries: Array<Delivery>;
    /**
     * Why nothing was tried.
     */
    reason?: string;
    /**
     * The routing rule that decided.
     */
    rule_id?: string;
    /**
     * The rule keeps it from this recipient.
     */
    dropped?: true;
    fallback?: FallbackProgress;
};
export type RecordReceiptRequest = {
    delivered_seq?: number | null;
    read_seq?: number | null;
};
export type RefreshTokenRequest = {
    refresh_token: string;
};
export type RegisterUserRequest = {
    username: string;
    email: string;
    password: string;
    display_name?: string | null;
};
export type ReplayWebhookDeliveriesRequest = {
    delivery_id?: string | null;
    from?: string | null;
    /**
     * Not part of it.
     */
    to?: string | null;
    status?: "pending" | "delivered" | "failed" | null;
    /**
     * `next_cursor` of the answer before, to go on where it ended.
     */
    cursor?: string | null;
};
export type RotateWebhookSecretRequest = {
    secret?: string | null;
    /**
     * So long what is sent is signed with the former secret too.
     */
    overlap_s?: number;
};
export type RoutingRule = {
    id: string;
    name: string | null;
    position: number;
    enabled: boolean;
    conditions: Conditions;
    action: RuleAction;
    created_at: string;
    updated_at: string;
};
export type RoutingRulePage = {
    items: Array<RoutingRule>;
    next_cursor: string | null;
};
export type RuleAction = {
    /**
     * These and no others, whether the recipient is online or not.
     */
    channels?: Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram" | "all"> | null;
    fallback?: Fallback | null;
    /**
     * Nothing leaves the app for this recipient. History and the app have the message all the same.
     */
    drop?: true | null;
    /**
     * A conversation in which the message is said once more.
     */
    mirror_to?: string | null;
};
export type RuleChoice = {
    by: "sender" | "rule" | "default";
    /**
     * External ones that are used at once.
     */
    channels: Array<string>;
    rule_id?: string;
    /**
     * Of a fallback, all its steps.
     */
    chain?: Array<string>;
    wait_s?: number;
    dropped?: true;
};
export type RuleFailure = {
    condition: string;
    detail: string;
};
export type RuleLookedAt = {
    rule_id: string;
    name: string | null;
    position: number;
    holds: boolean;
    failed: Array<RuleFailure>;
};
export type RuleRoute = {
    channel: string;
    account_id?: string;
};
export type SendHeartbeatRequest = {
    /**
     * Whose members' presence is asked for.
     */
    conversation_id?: string | null;
};
export type SendMessageRequest = {
    conversation_id?: string | null;
    /**
     * Another name for conversation_id.
     */
    chat_id?: string | null;
    type: "text" | "file" | "location" | "contact";
    content?: string | Location | Contact | null;
    /**
     * Of type file: what is sent; `content` is its caption.
     */
    file_id?: string | null;
    /**
     * Of type file: several, in the order in which they are shown; one alone is the same as `file_id`.
     */
    file_ids?: Array<string> | null;
    channels?: Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram" | "all"> | null;
    reply_to?: string | null;
    message_id?: string | null;
    metadata?: Record<string, any> | null;
};
export type SendTypingRequest = {
    /**
     * It is over at once, and not only when it is not repeated.
     */
    stopped?: boolean;
};
export type SignInList = {
    items: Array<LinkedSignIn>;
    has_password: boolean;
};
export type SignInRequest = {
    username: string;
    password: string;
};
export type SignUploadPartsRequest = {
    numbers?: Array<number> | null;
    /**
     * By part number; where only checksums are given, they name the parts.
     */
    sha256?: Record<string, string> | null;
};
export type SignedIn = {
    access_token: string;
    token_type: "bearer";
    /**
     * Seconds.
     */
    expires_in: number;
    refresh_token: string;
    scope: string;
    /**
     * The access token.
     */
    token: string;
    expires_at: string;
};
export type SignedPart = {
    number: number;
    size: number;
    url: string;
    headers: Record<string, string>;
};
export type SignedParts = {
    parts: Array<SignedPart>;
    /**
     * Of the addresses.
     */
    expires_at: string;
};
export type StatusReport = {
    message_id: string;
    conversation_id: string;
    seq: number;
    /**
     * The lowest over the recipients who can report more.
     */
    status: "accepted" | "sent" | "delivered" | "read" | "failed";
    recipients: Array<RecipientStatus>;
};
export type TestRoutingRulesRequest = {
    message: Draft;
    conversation_id?: string | null;
    recipients?: Array<GivenRecipient> | null;
};
export type TextSize = {
    at_least?: number;
    at_most?: number;
};
export type Tokens = {
    access_token: string;
    token_type: "bearer";
    /**
     * Seconds.
     */
    expires_in: number;
    refresh_token: string;
    scope: string;
};
export type TrialMirror = {
    conversation_id: string;
    rule_id: string;
    allowed: boolean;
};
export type TrialResult = {
    recipients: Array<ExplainedChoice>;
    mirrors: Array<TrialMirror>;
};
export type Typing = {
    /**
     * Seconds; 0: it is over.
     */
    expires_in: number;
};
export type UpdateAccountRequest = {
    name?: string | null;
    settings?: Record<string, any> | null;
    inbound?: InboundRule | null;
};
export type UpdateConversationRequest = {
    title?: string | null;
    metadata?: Record<string, any> | null;
};
export type UpdateMeRequest = {
    display_name?: string | null;
    password?: string | null;
    current_password?: string | null;
    presence_visibility?: "contacts" | "nobody";
};
export type UpdateMemberRequest = {
    role: "owner" | "admin" | "member" | "reader";
};
export type UpdateRoutingRuleRequest = {
    name?: string | null;
    enabled?: boolean | null;
    position?: number | null;
    conditions?: Conditions | null;
    action?: RuleAction | null;
};
export type UpdateWebhookRequest = {
    url?: string | null;
    events?: Array<"message.created" | "message.updated" | "message.deleted" | "message.status" | "reaction.updated" | "receipt.updated" | "conversation.updated" | "member.updated" | "webhook.disabled" | "*"> | null;
    status?: "enabled" | "disabled" | null;
    description?: string | null;
};
export type Upload = {
    file_id: string;
    filename: string;
    content_type: string;
    kind: "image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation";
    /**
     * Bytes, where it is known.
     */
    size?: number;
    /**
     * Of a file that failed: a stable word, a colon and a text.
     */
    reason?: string;
    /**
     * Of an image, soon after its bytes are there.
     */
    image?: ImageSize;
    /**
     * pending: its bytes are on their way; verifying: they are being checked.
     */
    status: "pending" | "verifying" | "completed" | "failed";
    owner_id: string;
    created_at: string;
    sha256?: string;
    /**
     * Of a pending upload, for its owner.
     */
    upload?: UploadProgress;
    /**
     * Of an upload that is being checked, for its owner.
     */
    verification?: Verification;
    part_size: number;
    part_count: number;
    part_checksum?: "sha256";
    /**
     * The first 100; none where each needs a checksum.
     */
    parts: Array<SignedPart>;
    /**
     * Of the addresses.
     */
    expires_at: string;
    upload_expires_at: string;
};
export type UploadFileRequest = {
    /**
     * The bytes, with their name and type.
     */
    file: string;
    /**
     * As its type can be.
     */
    kind?: "image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation" | null;
    /**
     * Checked where it is given.
     */
    sha256?: string | null;
};
export type UploadProgress = {
    part_size: number;
    part_count: number;
    /**
     * Numbers of the parts that are there whole.
     */
    arrived: Array<number>;
    arrived_bytes: number;
    expires_at: string;
    /**
     * As it was said at the beginning, as is `sha256`.
     */
    part_checksum?: "sha256";
    sha256?: string;
};
export type User = {
    id: string;
    /**
     * A guest is known only by an address on a channel.
     */
    kind?: "user" | "guest";
    /**
     * Null of a guest.
     */
    username?: string | null;
    display_name?: string | null;
    created_at?: string;
    /**
     * The user whom this guest has turned out to be.
     */
    linked_to?: string;
    deleted_at?: string;
};
export type UserList = {
    items: Array<User>;
    next_cursor: string | null;
};
export type Verification = {
    checked_bytes: number;
};
export type VerifyIdentityRequest = {
    code: string;
    /**
     * Needed where codes of several accounts are waiting.
     */
    account_id?: string | null;
};
export type Webhook = {
    id: string;
    url: string;
    events: Array<"message.created" | "message.updated" | "message.deleted" | "message.status" | "reaction.updated" | "receipt.updated" | "conversation.updated" | "member.updated" | "webhook.disabled" | "*">;
    status: "enabled" | "disabled";
    /**
     * Where we did it: it answered 410, or failed for 5 days.
     */
    disabled_reason?: "gone" | "failing";
    description?: string;
    created_at: string;
    updated_at: string;
};
export type WebhookDelivery = {
    id: string;
    /**
     * The `webhook-id`, the same for each attempt and replay.
     */
    event_id: string;
    event_type: string;
    /**
     * Null of what belongs to no conversation.
     */
    conversation_id: string | null;
    status: "pending" | "delivered" | "failed";
    /**
     * The last 50, the newest last.
     */
    attempts: Array<DeliveryAttempt>;
    next_attempt_at?: string;
    /**
     * Why it is tried no more, where it has failed; where it is pending, which error of the server keeps it from being sent.
     */
    reason?: string;
    created_at: string;
};
export type WebhookDeliveryPage = {
    items: Array<WebhookDelivery>;
    next_cursor: string | null;
};
export type WebhookPage = {
    items: Array<Webhook>;
    next_cursor: string | null;
};
export type WebhookReplay = {
    replayed: number;
    /**
     * Ask with it as `cursor` to go on: 200 at most are sent again at once.
     */
    next_cursor: string | null;
};
export type WebhookTest = {
    /**
     * The `webhook-id` of the request.
     */
    event_id: string;
};
export type WebhookWithSecret = {
    id: string;
    url: string;
    events: Array<"message.created" | "message.updated" | "message.deleted" | "message.status" | "reaction.updated" | "receipt.updated" | "conversation.updated" | "member.updated" | "webhook.disabled" | "*">;
    status: "enabled" | "disabled";
    /**
     * Where we did it: it answered 410, or failed for 5 days.
     */
    disabled_reason?: "gone" | "failing";
    description?: string;
    created_at: string;
    updated_at: string;
    secret: string;
};
/**
 * The promise that a message reaches every recipient.
 * @typedef {object} Accepted
 * @property {"accepted"} status
 * @property {string} message_id
 * @property {string} conversation_id
 * @property {number} seq
 * @property {string} created_at
 */
/**
 * An account as its owner sees it: secrets are shown as `set`.
 * @typedef {object} Account
 * @property {string} id
 * @property {string} owner_id Who made it: contacts' private conversations are with them.
 * @property {string} channel
 * @property {string} name
 * @property {Record<string, any>} settings
 * @property {Inbound} inbound
 * @property {string} created_at
 * @property {string} updated_at
 * @property {Breaker} breaker
 */
/**
 * Accounts.
 * @typedef {object} AccountPage
 * @property {Array<Account>} items
 * @property {string | null} next_cursor
 */
/**
 * Body of POST .../members.
 * @typedef {object} AddMemberRequest
 * @property {string} user_id
 * @property {"owner" | "admin" | "member" | "reader"} [role]
 */
/**
 * A user who administers the deployment.
 * @typedef {object} Administrator
 * @property {string} user_id
 * @property {string} granted_by User id, or `operator:<ARN>`.
 * @property {string} granted_at
 */
/**
 * All of them: `next_cursor` is always null.
 * @typedef {object} AdministratorPage
 * @property {Array<Administrator>} items
 * @property {string | null} next_cursor
 */
/**
 * The process answers.
 * @typedef {object} Alive
 * @property {"ok"} status
 */
/**
 * A part, as its sender knows it.
 * @typedef {object} ArrivedPart
 * @property {number} number
 * @property {string} etag
 */
/**
 * One thing that was done or tried.
 * @typedef {object} AuditEntry
 * @property {string} id
 * @property {string} time
 * @property {string} action
 * @property {string} outcome begun, done, denied or failed.
 * @property {string | null} actor User id, or `operator:<ARN>`; null where nobody has proved who they are.
 * @property {string | null} code Of the error, where there was one.
 * @property {string | null} target
 * @property {string | null} source_address
 * @property {string | null} user_agent
 * @property {string | null} request_id
 * @property {string | null} connection_id
 * @property {Record<string, string | number>} details
 */
/**
 * Entries, newest first.
 * @typedef {object} AuditPage
 * @property {Array<AuditEntry>} items
 * @property {string | null} next_cursor
 */
/**
 * Whether sends to the provider are held back for now.
 * @typedef {object} Breaker
 * @property {"closed" | "open" | "half_open"} state
 * @property {number} failures
 * @property {string} [since]
 * @property {string} [retry_at]
 * @property {string} [reason]
 */
/**
 * Body of POST /v1/files/complete.
 * @typedef {object} CompleteUploadRequest
 * @property {string} file_id
 * @property {string | null} [sha256]
 * @property {Array<ArrivedPart> | null} [parts] Where given, S3 must have these very parts. It may be left out: S3's own list is what counts.
 */
/**
 * All that are given must hold; of a list, one of it.
 * @typedef {object} Conditions
 * @property {Array<string> | null} [senders]
 * @property {Array<string> | null} [recipients]
 * @property {Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram"> | null} [origins] Channels that the message came from.
 * @property {Array<"text" | "file" | "location" | "contact"> | null} [types]
 * @property {TextSize | null} [size]
 * @property {Array<string> | null} [words] Whole words or phrases of the text, in any case.
 * @property {Hours | null} [hours] When the message was accepted.
 * @property {"online" | "offline" | null} [presence] Whether the recipient has the app open.
 */
/**
 * Content of type contact.
 * @typedef {object} Contact
 * @property {string} name
 * @property {string | null} [phone]
 * @property {string | null} [email]
 * @property {string | null} [user_id]
 */
/**
 * A conversation with its members.
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
 * @property {number} last_seq What is shown up to now.
 * @property {number} member_count
 * @property {number} unread_count Messages of others behind `read_seq`, counted up to 100.
 * @property {number} delivered_seq The caller's own, as `read_seq`.
 * @property {number} read_seq
 * @property {Array<Member>} members
 */
/**
 * Conversations, newest activity first.
 * @typedef {object} ConversationPage
 * @property {Array<ConversationSummary>} items
 * @property {string | null} next_cursor
 */
/**
 * A conversation in a list.
 * @typedef {object} ConversationSummary
 * @property {string} id
 * @property {"private" | "group"} type
 * @property {string | null} title
 * @property {Record<string, any>} metadata
 * @property {string} created_by
 * @property {string} created_at
 * @property {string} updated_at
 * @property {string} last_activity_at
 * @property {LastMessage | null} last_message
 * @property {number} last_seq What is shown up to now.
 * @property {number} member_count
 * @property {number} unread_count Messages of others behind `read_seq`, counted up to 100.
 * @property {number} delivered_seq The caller's own, as `read_seq`.
 * @property {number} read_seq
 */
/**
 * Body of POST /v1/accounts. Which settings there are depends on the channel.
 * @typedef {object} CreateAccountRequest
 * @property {"telegram" | "whatsapp" | "messenger" | "instagram"} channel
 * @property {string} name
 * @property {Record<string, any>} settings
 * @property {InboundRule} [inbound]
 */
/**
 * Body of POST /v1/conversations. The creator is a member whether listed or not.
 * @typedef {object} CreateConversationRequest
 * @property {"private" | "group"} type
 * @property {Array<string>} member_ids
 * @property {string | null} [title]
 * @property {Record<string, any> | null} [metadata]
 */
/**
 * Body of POST /v1/routing-rules.
 * @typedef {object} CreateRoutingRuleRequest
 * @property {string | null} [name]
 * @property {boolean} [enabled]
 * @property {number | null} [position] Where it is put in, from 1; those from there on move down. None: at the end.
 * @property {Conditions} [conditions]
 * @property {RuleAction} action
 */
/**
 * Form of POST /token, of which the handler reads the part that goes with the grant (`chat4all.domain.sign_in`).
 * @typedef {object} CreateTokenRequest
 * @property {"password" | "refresh_token"} [grant_type]
 * @property {string | null} [username] Of the grant password, as `password`.
 * @property {string | null} [password]
 * @property {string | null} [refresh_token] Of the grant refresh_token.
 */
/**
 * Body of POST /v1/webhooks.
 * @typedef {object} CreateWebhookRequest
 * @property {string} url
 * @property {Array<"message.created" | "message.updated" | "message.deleted" | "message.status" | "reaction.updated" | "receipt.updated" | "conversation.updated" | "member.updated" | "webhook.disabled" | "*">} events
 * @property {string | null} [secret] `whsec_` and base64 of 24 to 64 bytes; made where it is left out.
 * @property {string | null} [description]
 */
/**
 * The fate of a part of a message on one way; of the app only `channel` and `status`.
 * @typedef {object} Delivery
 * @property {string} channel
 * @property {"accepted" | "sent" | "delivered" | "read" | "failed"} status
 * @property {string} [account_id]
 * @property {number} [part]
 * @property {number} [attempts]
 * @property {string} [updated_at]
 * @property {string} [file_id] What it carries.
 * @property {string} [external_id] The provider's.
 * @property {string} [reason] Why it failed: a stable word, a colon and a text.
 * @property {string} [note] In what it differs from what was asked, such as a link in the place of a file.
 * @property {true} [outdated] The channel shows what the message said before it was changed.
 */
/**
 * One request.
 * @typedef {object} DeliveryAttempt
 * @property {string} at When it began.
 * @property {number} duration_ms
 * @property {number} [status_code]
 * @property {string} [error] A stable word, a colon and a text, where no answer came.
 */
/**
 * Whether a dependency answers.
 * @typedef {object} DependencyState
 * @property {"up" | "down"} status
 * @property {number} latency_ms
 * @property {string} [error] A word for the cause.
 */
/**
 * The message.
 * @typedef {object} Draft
 * @property {"text" | "file" | "location" | "contact"} [type]
 * @property {string | Location | Contact | null} [content]
 * @property {string | null} [sender_id] None: the caller.
 * @property {"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram"} [channel] From which it comes.
 * @property {Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram" | "all"> | null} [channels] That the sender asks for.
 * @property {string | null} [at] When it is accepted (RFC 3339). None: now.
 */
/**
 * Body of PATCH /v1/messages/{id}.
 * @typedef {object} EditMessageRequest
 * @property {string | Location | Contact | null} content
 * @property {number | null} [revision] The revision that the caller has seen: where it is another by now, nothing is changed (409).
 */
/**
 * Body of POST /auth/{provider}/exchange and of PUT /v1/users/me/sign-ins/{provider}.
 * @typedef {object} ExchangeSignInRequest
 * @property {string} code From the fragment of the page's address; good for a minute and one use.
 * @property {string} code_verifier Of which the challenge was made.
 */
/**
 * The choice for one recipient, and why.
 * @typedef {object} ExplainedChoice
 * @property {string} recipient_id
 * @property {RuleChoice} choice
 * @property {Array<RuleLookedAt>} rules In order, up to the one that decided.
 * @property {string} explanation In words.
 * @property {boolean} online
 * @property {Array<RuleRoute>} routes
 */
/**
 * One thing that is kept.
 * @typedef {object} ExportItem
 * @property {"profile" | "sign_in" | "identity" | "session" | "webhook" | "routing_rule" | "account" | "file" | "membership" | "message"} kind What it is. New kinds may come.
 * @property {Record<string, any>} data As the operation of that kind answers it; of a message without reactions.
 */
/**
 * Items of all kinds, one kind after the other; each conversation's messages stand behind its membership, oldest first.
 * @typedef {object} ExportPage
 * @property {Array<ExportItem>} items
 * @property {string | null} next_cursor
 */
/**
 * One channel after the other, until one has reached the recipient.
 * @typedef {object} Fallback
 * @property {Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram">} chain
 * @property {number} wait_s
 */
/**
 * A fallback chain, and how far it is.
 * @typedef {object} FallbackProgress
 * @property {number} wait_s
 * @property {Array<FallbackStep>} chain
 */
/**
 * A channel of a fallback chain.
 * @typedef {object} FallbackStep
 * @property {string} channel
 * @property {"accepted" | "sent" | "delivered" | "read" | "failed" | "waiting" | "not_needed"} status
 */
/**
 * One thing that is wrong with a request.
 * @typedef {object} FieldProblem
 * @property {string} pointer A JSON Pointer (RFC 6901) into the body, `?name` of a parameter, or the name of a header.
 * @property {string} detail
 */
/**
 * A file.
 * @typedef {object} File
 * @property {string} file_id
 * @property {string} filename
 * @property {string} content_type
 * @property {"image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation"} kind
 * @property {number} [size] Bytes, where it is known.
 * @property {string} [reason] Of a file that failed: a stable word, a colon and a text.
 * @property {ImageSize} [image] Of an image, soon after its bytes are there.
 * @property {"pending" | "verifying" | "completed" | "failed"} status pending: its bytes are on their way; verifying: they are being checked.
 * @property {string} owner_id
 * @property {string} created_at
 * @property {string} [sha256]
 * @property {UploadProgress} [upload] Of a pending upload, for its owner.
 * @property {Verification} [verification] Of an upload that is being checked, for its owner.
 */
/**
 * Addresses of the bytes, for whoever has them, until `expires_at`. `Range` works.
 * @typedef {object} FileDownload
 * @property {string} file_id
 * @property {string} filename
 * @property {string} content_type
 * @property {"image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation"} kind
 * @property {number} [size] Bytes, where it is known.
 * @property {string} [reason] Of a file that failed: a stable word, a colon and a text.
 * @property {ImageSize} [image] Of an image, soon after its bytes are there.
 * @property {string} url For GET only.
 * @property {string} expires_at
 * @property {string} [thumbnail_url] Of an image that has one.
 */
/**
 * What API Gateway answers by itself, before anything of ours is asked: no token or a wrong one, too large, too busy.
 * @typedef {object} GatewayError
 * @property {string | null} message
 */
/**
 * Somebody by hand.
 * @typedef {object} GivenRecipient
 * @property {string} recipient_id
 * @property {Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram">} channels On which they are reached.
 * @property {boolean} [online]
 */
/**
 * The answer to a sign of life.
 * @typedef {object} Heartbeat
 * @property {string} time
 * @property {number} interval Seconds until the next one.
 * @property {Array<Presence>} [presence] Of the other members of the conversation that was named.
 */
/**
 * A time of the week by the clocks of a place. An end at or before the start is on the next day, and belongs to the first.
 * @typedef {object} Hours
 * @property {string} time_zone
 * @property {Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">} [days]
 * @property {string} [start]
 * @property {string} [end] Not part of it.
 */
/**
 * An address on a channel: linked, or waiting for its code.
 * @typedef {object} Identity
 * @property {string} channel
 * @property {string} account_id
 * @property {string} address As the provider knows it.
 * @property {"linked" | "pending"} status
 * @property {string} [linked_at]
 * @property {string} [expires_at] Of the code.
 * @property {number} [tries_left]
 */
/**
 * What is linked, and what waits for its code.
 * @typedef {object} IdentityList
 * @property {Array<Identity>} items
 */
/**
 * What is waited for; the same whether anybody is known by that address, and whether the code could be sent.
 * @typedef {object} IdentityRequest
 * @property {string} channel
 * @property {string} account_id
 * @property {string} address As the provider knows it.
 * @property {"linked" | "pending"} status
 * @property {string} [linked_at]
 * @property {string} [expires_at] Of the code.
 * @property {number} [tries_left]
 * @property {string} how What to do where no code comes, for people.
 */
/**
 * As it is seen, in pixels.
 * @typedef {object} ImageSize
 * @property {number} width
 * @property {number} height
 */
/**
 * Where what arrives goes.
 * @typedef {object} Inbound
 * @property {string} conversation `by_contact`, or the id of a group.
 * @property {string} [mirror_to]
 */
/**
 * Where what a new contact writes goes.
 * @typedef {object} InboundRule
 * @property {string} [conversation] by_contact: a private conversation of the account's owner with each contact; or a conversation's id.
 * @property {string | null} [mirror_to] A conversation in which everything that arrives is said once more.
 */
/**
 * Body of POST /v1/files/initiate.
 * @typedef {object} InitiateUploadRequest
 * @property {string} filename
 * @property {number} size Bytes.
 * @property {string | null} [content_type]
 * @property {string | null} [sha256]
 * @property {"image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation" | null} [kind]
 * @property {number | null} [part_size] Bytes.
 * @property {"sha256" | null} [part_checksum] Every part comes with its SHA-256, signed into its address. S3 takes all parts so or none (chat4all.upload_bucket).
 */
/**
 * A JSON Web Key (RFC 7517).
 * @typedef {object} Key
 * @property {string} kty
 * @property {string} kid
 */
/**
 * Every key whose tokens may live.
 * @typedef {object} KeySet
 * @property {Array<Key>} keys
 */
/**
 * The newest message in short.
 * @typedef {object} LastMessage
 * @property {string} message_id
 * @property {number} seq
 * @property {string} sender_id
 * @property {string} type
 * @property {string} preview Its first 100 characters; of files without a caption their names.
 * @property {string} created_at
 * @property {string} [edited_at]
 * @property {string} [deleted_at]
 */
/**
 * Body of PUT /v1/users/me/identities/{channel}.
 * @typedef {object} LinkIdentityRequest
 * @property {string} account_id
 * @property {string} address
 */
/**
 * Somebody at a provider who signs in to the account.
 * @typedef {object} LinkedSignIn
 * @property {"google" | "github"} provider
 * @property {string | null} label By which the person knows the account there again: an email at Google, a login at GitHub.
 * @property {string} linked_at
 */
/**
 * Content of type location: degrees.
 * @typedef {object} Location
 * @property {number} latitude
 * @property {number} longitude
 * @property {string | null} [name]
 * @property {string | null} [address]
 */
/**
 * A user in a conversation.
 * @typedef {object} Member
 * @property {string} user_id
 * @property {"owner" | "admin" | "member" | "reader"} role
 * @property {Array<string>} channels On which they are reached.
 * @property {number} delivered_seq Everything up to there has reached them.
 * @property {number} read_seq
 * @property {string} joined_at
 */
/**
 * Members, by user id.
 * @typedef {object} MemberPage
 * @property {Array<Member>} items
 * @property {string | null} next_cursor
 */
/**
 * A message in its newest state.
 * @typedef {object} Message
 * @property {string} message_id
 * @property {string} conversation_id
 * @property {number} seq
 * @property {string} sender_id
 * @property {string} channel Where it came from.
 * @property {string} type text, file, location or contact; what comes over a channel may be of another one.
 * @property {any} content A text (of a file its caption), or the location's or contact's fields; null of one that was unsent.
 * @property {Record<string, Array<string>>} reactions Who reacted, by emoji.
 * @property {string} created_at
 * @property {MessageFile} [file] Of several the first.
 * @property {Array<MessageFile>} [files] All, where there are several.
 * @property {string} [reply_to]
 * @property {Record<string, any>} [metadata]
 * @property {number} [reactions_version] Grows with each reaction; none: there never were any.
 * @property {number} [revision] Number of the change that made this state; none: as it was sent.
 * @property {string} [edited_at]
 * @property {string} [deleted_at]
 * @property {"accepted" | "sent" | "delivered" | "read" | "failed"} [status] The lowest over all recipients who can report it; left out where a change is answered.
 */
/**
 * A message from before this page that was changed in it.
 * @typedef {object} MessageChange
 * @property {number} seq The change's own number.
 * @property {"message.updated" | "message.deleted" | "reaction.updated"} type
 * @property {string} time
 * @property {Message} message
 */
/**
 * What a message shows of a file.
 * @typedef {object} MessageFile
 * @property {string} file_id
 * @property {string} filename
 * @property {string} content_type
 * @property {"image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation"} kind
 * @property {number} [size] Bytes, where it is known.
 * @property {string} [reason] Of a file that failed: a stable word, a colon and a text.
 * @property {ImageSize} [image] Of an image, soon after its bytes are there.
 * @property {"pending" | "verifying" | "completed" | "failed"} status pending: its bytes are on their way; verifying: they are being checked.
 */
/**
 * A page of the history.
 * @typedef {object} MessagePage
 * @property {Array<Message>} items
 * @property {string | null} next_cursor
 * @property {Array<MessageChange>} [changes] With `after_seq`.
 * @property {number} [complete_through] With `after_seq`: nothing will come any more up to here.
 */
/**
 * An error of the token endpoint: RFC 6749, section 5.2, and the members of a problem.
 * @typedef {object} OAuthProblem
 * @property {string} type `urn:chat4all:problem:<code>`.
 * @property {string} title The status in words.
 * @property {number} status
 * @property {string} detail For people.
 * @property {string} instance The path that was asked.
 * @property {string} code A stable word, for programs.
 * @property {Array<FieldProblem>} [errors]
 * @property {Array<number>} [numbers] Of `parts_missing`: the first 1,000 parts that an upload lacks.
 * @property {number} [retry_after] Seconds, as the header Retry-After says.
 * @property {string} [message_id] Of a send that may have been written: what to repeat it with.
 * @property {string} error
 * @property {string} error_description
 */
/**
 * OpenID Connect Discovery 1.0, section 3.
 * @typedef {object} OpenIdConfiguration
 * @property {string} issuer
 * @property {string} jwks_uri
 * @property {string} token_endpoint
 * @property {Array<string>} token_endpoint_auth_methods_supported
 * @property {Array<string>} grant_types_supported
 * @property {Array<string>} response_types_supported
 * @property {Array<string>} subject_types_supported
 * @property {Array<string>} id_token_signing_alg_values_supported
 * @property {Array<string>} scopes_supported
 * @property {Array<string>} claims_supported
 */
/**
 * A user as they see themselves.
 * @typedef {object} OwnUser
 * @property {string} id
 * @property {"user"} kind
 * @property {string} username
 * @property {string | null} display_name
 * @property {string} created_at
 * @property {string} email
 * @property {"contacts" | "nobody"} presence_visibility Who sees one's presence: `contacts` share a conversation with one.
 */
/**
 * Whether somebody is online.
 * @typedef {object} Presence
 * @property {string} user_id
 * @property {"online" | "offline" | "hidden"} status
 * @property {number} version What comes with a lower one is older.
 * @property {string} [last_seen_at]
 * @property {number} [expires_in] Seconds for which it holds without news.
 */
/**
 * An error (RFC 9457).
 * @typedef {object} Problem
 * @property {string} type `urn:chat4all:problem:<code>`.
 * @property {string} title The status in words.
 * @property {number} status
 * @property {string} detail For people.
 * @property {string} instance The path that was asked.
 * @property {string} code A stable word, for programs.
 * @property {Array<FieldProblem>} [errors]
 * @property {Array<number>} [numbers] Of `parts_missing`: the first 1,000 parts that an upload lacks.
 * @property {number} [retry_after] Seconds, as the header Retry-After says.
 * @property {string} [message_id] Of a send that may have been written: what to repeat it with.
 */
/**
 * Reactions of a message as they stand.
 * @typedef {object} Reactions
 * @property {string} message_id
 * @property {string} conversation_id
 * @property {Record<string, Array<string>>} reactions
 * @property {number} reactions_version
 */
/**
 * Whether everything answers.
 * @typedef {object} Readiness
 * @property {"ready" | "degraded"} status
 * @property {Record<string, DependencyState>} dependencies
 */
/**
 * The caller's watermarks.
 * @typedef {object} Receipt
 * @property {string} conversation_id
 * @property {string} user_id
 * @property {number} delivered_seq
 * @property {number} read_seq
 */
/**
 * Of one recipient: of all ways to them, the one that went furthest.
 * @typedef {object} RecipientStatus
 * @property {string} user_id
 * @property {"accepted" | "sent" | "delivered" | "read" | "failed"} status
 * @property {string} channel
 * @property {Array<Delivery>} deliveries
 * @property {string} [reason] Why nothing was tried.
 * @property {string} [rule_id] The routing rule that decided.
 * @property {true} [dropped] The rule keeps it from this recipient.
 * @property {FallbackProgress} [fallback]
 */
/**
 * Body of POST .../receipts: delivered up to, read up to; one of them at least.
 * @typedef {object} RecordReceiptRequest
 * @property {number | null} [delivered_seq]
 * @property {number | null} [read_seq]
 */
/**
 * Body of POST /auth/refresh and /auth/revoke.
 * @typedef {object} RefreshTokenRequest
 * @property {string} refresh_token
 */
/**
 * Body of POST /v1/users.
 * @typedef {object} RegisterUserRequest
 * @property {string} username
 * @property {string} email
 * @property {string} password
 * @property {string | null} [display_name]
 */
/**
 * Body of POST /v1/webhooks/{id}/replay: one delivery, or those whose events are of a time.
 * @typedef {object} ReplayWebhookDeliveriesRequest
 * @property {string | null} [delivery_id]
 * @property {string | null} [from]
 * @property {string | null} [to] Not part of it.
 * @property {"pending" | "delivered" | "failed" | null} [status]
 * @property {string | null} [cursor] `next_cursor` of the answer before, to go on where it ended.
 */
/**
 * Body of POST /v1/webhooks/{id}/secret.
 * @typedef {object} RotateWebhookSecretRequest
 * @property {string | null} [secret]
 * @property {number} [overlap_s] So long what is sent is signed with the former secret too.
 */
/**
 * A rule, in its place in the list.
 * @typedef {object} RoutingRule
 * @property {string} id
 * @property {string | null} name
 * @property {number} position
 * @property {boolean} enabled
 * @property {Conditions} conditions
 * @property {RuleAction} action
 * @property {string} created_at
 * @property {string} updated_at
 */
/**
 * Rules, in order.
 * @typedef {object} RoutingRulePage
 * @property {Array<RoutingRule>} items
 * @property {string | null} next_cursor
 */
/**
 * Exactly one of these.
 * @typedef {object} RuleAction
 * @property {Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram" | "all"> | null} [channels] These and no others, whether the recipient is online or not.
 * @property {Fallback | null} [fallback]
 * @property {true | null} [drop] Nothing leaves the app for this recipient. History and the app have the message all the same.
 * @property {string | null} [mirror_to] A conversation in which the message is said once more.
 */
/**
 * What is chosen for a recipient.
 * @typedef {object} RuleChoice
 * @property {"sender" | "rule" | "default"} by
 * @property {Array<string>} channels External ones that are used at once.
 * @property {string} [rule_id]
 * @property {Array<string>} [chain] Of a fallback, all its steps.
 * @property {number} [wait_s]
 * @property {true} [dropped]
 */
/**
 * A condition that does not hold.
 * @typedef {object} RuleFailure
 * @property {string} condition
 * @property {string} detail
 */
/**
 * A rule, and why it does not hold.
 * @typedef {object} RuleLookedAt
 * @property {string} rule_id
 * @property {string | null} name
 * @property {number} position
 * @property {boolean} holds
 * @property {Array<RuleFailure>} failed
 */
/**
 * A way to the recipient.
 * @typedef {object} RuleRoute
 * @property {string} channel
 * @property {string} [account_id]
 */
/**
 * Body of POST /v1/presence/heartbeat, which may be left out.
 * @typedef {object} SendHeartbeatRequest
 * @property {string | null} [conversation_id] Whose members' presence is asked for.
 */
/**
 * Body of POST /v1/messages and data of the WebSocket action `send`.
 * @typedef {object} SendMessageRequest
 * @property {string | null} [conversation_id]
 * @property {string | null} [chat_id] Another name for conversation_id.
 * @property {"text" | "file" | "location" | "contact"} type
 * @property {string | Location | Contact | null} [content]
 * @property {string | null} [file_id] Of type file: what is sent; `content` is its caption.
 * @property {Array<string> | null} [file_ids] Of type file: several, in the order in which they are shown; one alone is the same as `file_id`.
 * @property {Array<"in_app" | "telegram" | "whatsapp" | "messenger" | "instagram" | "all"> | null} [channels]
 * @property {string | null} [reply_to]
 * @property {string | null} [message_id]
 * @property {Record<string, any> | null} [metadata]
 */
/**
 * Body of POST .../typing, which may be left out.
 * @typedef {object} SendTypingRequest
 * @property {boolean} [stopped] It is over at once, and not only when it is not repeated.
 */
/**
 * All ways to sign in to the account.
 * @typedef {object} SignInList
 * @property {Array<LinkedSignIn>} items
 * @property {boolean} has_password
 */
/**
 * Body of POST /auth/token; `username` may be the email.
 * @typedef {object} SignInRequest
 * @property {string} username
 * @property {string} password
 */
/**
 * Body of POST /v1/files/{id}/parts.
 * @typedef {object} SignUploadPartsRequest
 * @property {Array<number> | null} [numbers]
 * @property {Record<string, string> | null} [sha256] By part number; where only checksums are given, they name the parts.
 */
/**
 * Tokens, with the moment at which the access token ends.
 * @typedef {object} SignedIn
 * @property {string} access_token
 * @property {"bearer"} token_type
 * @property {number} expires_in Seconds.
 * @property {string} refresh_token
 * @property {string} scope
 * @property {string} token The access token.
 * @property {string} expires_at
 */
/**
 * Where to PUT a part, and with which headers.
 * @typedef {object} SignedPart
 * @property {number} number
 * @property {number} size
 * @property {string} url
 * @property {Record<string, string>} headers
 */
/**
 * Addresses of parts.
 * @typedef {object} SignedParts
 * @property {Array<SignedPart>} parts
 * @property {string} expires_at Of the addresses.
 */
/**
 * What became of a message.
 * @typedef {object} StatusReport
 * @property {string} message_id
 * @property {string} conversation_id
 * @property {number} seq
 * @property {"accepted" | "sent" | "delivered" | "read" | "failed"} status The lowest over the recipients who can report more.
 * @property {Array<RecipientStatus>} recipients
 */
/**
 * Body of POST /v1/routing-rules/test: with a conversation's members as they are, or with recipients by hand.
 * @typedef {object} TestRoutingRulesRequest
 * @property {Draft} message
 * @property {string | null} [conversation_id]
 * @property {Array<GivenRecipient> | null} [recipients]
 */
/**
 * Of a text or caption, in characters (Unicode code points); what has no text has 0.
 * @typedef {object} TextSize
 * @property {number} [at_least]
 * @property {number} [at_most]
 */
/**
 * RFC 6749, section 5.1.
 * @typedef {object} Tokens
 * @property {string} access_token
 * @property {"bearer"} token_type
 * @property {number} expires_in Seconds.
 * @property {string} refresh_token
 * @property {string} scope
 */
/**
 * A conversation in which the message would be said once more.
 * @typedef {object} TrialMirror
 * @property {string} conversation_id
 * @property {string} rule_id
 * @property {boolean} allowed
 */
/**
 * What the rules would choose.
 * @typedef {object} TrialResult
 * @property {Array<ExplainedChoice>} recipients
 * @property {Array<TrialMirror>} mirrors
 */
/**
 * For how long it is shown.
 * @typedef {object} Typing
 * @property {number} expires_in Seconds; 0: it is over.
 */
/**
 * Body of PATCH /v1/accounts/{id}; settings that are left out stay as they are.
 * @typedef {object} UpdateAccountRequest
 * @property {string | null} [name]
 * @property {Record<string, any> | null} [settings]
 * @property {InboundRule | null} [inbound]
 */
/**
 * Body of PATCH /v1/conversations/{id}: what is given replaces what was there; null removes it.
 * @typedef {object} UpdateConversationRequest
 * @property {string | null} [title]
 * @property {Record<string, any> | null} [metadata]
 */
/**
 * Body of PATCH /v1/users/me: what is given replaces what was there; null removes the display name. A new password needs the current one, if there is one, which may be of any length that was once allowed.
 * @typedef {object} UpdateMeRequest
 * @property {string | null} [display_name]
 * @property {string | null} [password]
 * @property {string | null} [current_password]
 * @property {"contacts" | "nobody"} [presence_visibility]
 */
/**
 * Body of PATCH .../members/{user_id}.
 * @typedef {object} UpdateMemberRequest
 * @property {"owner" | "admin" | "member" | "reader"} role
 */
/**
 * Body of PATCH /v1/routing-rules/{id}: what is given replaces what was there; `position` moves the rule.
 * @typedef {object} UpdateRoutingRuleRequest
 * @property {string | null} [name]
 * @property {boolean | null} [enabled]
 * @property {number | null} [position]
 * @property {Conditions | null} [conditions]
 * @property {RuleAction | null} [action]
 */
/**
 * Body of PATCH /v1/webhooks/{id}; what is left out stays as it is, and a description that is null goes.
 * @typedef {object} UpdateWebhookRequest
 * @property {string | null} [url]
 * @property {Array<"message.created" | "message.updated" | "message.deleted" | "message.status" | "reaction.updated" | "receipt.updated" | "conversation.updated" | "member.updated" | "webhook.disabled" | "*"> | null} [events]
 * @property {"enabled" | "disabled" | null} [status]
 * @property {string | null} [description]
 */
/**
 * A file that was begun, and how it is cut.
 * @typedef {object} Upload
 * @property {string} file_id
 * @property {string} filename
 * @property {string} content_type
 * @property {"image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation"} kind
 * @property {number} [size] Bytes, where it is known.
 * @property {string} [reason] Of a file that failed: a stable word, a colon and a text.
 * @property {ImageSize} [image] Of an image, soon after its bytes are there.
 * @property {"pending" | "verifying" | "completed" | "failed"} status pending: its bytes are on their way; verifying: they are being checked.
 * @property {string} owner_id
 * @property {string} created_at
 * @property {string} [sha256]
 * @property {UploadProgress} [upload] Of a pending upload, for its owner.
 * @property {Verification} [verification] Of an upload that is being checked, for its owner.
 * @property {number} part_size
 * @property {number} part_count
 * @property {"sha256"} [part_checksum]
 * @property {Array<SignedPart>} parts The first 100; none where each needs a checksum.
 * @property {string} expires_at Of the addresses.
 * @property {string} upload_expires_at
 */
/**
 * Form of POST /v1/files (`chat4all.http.file_form`): up to 4 MiB.
 * @typedef {object} UploadFileRequest
 * @property {string} file The bytes, with their name and type.
 * @property {"image" | "video" | "audio" | "voice" | "document" | "sticker" | "animation" | null} [kind] As its type can be.
 * @property {string | null} [sha256] Checked where it is given.
 */
/**
 * How far an upload is, for its owner.
 * @typedef {object} UploadProgress
 * @property {number} part_size
 * @property {number} part_count
 * @property {Array<number>} arrived Numbers of the parts that are there whole.
 * @property {number} arrived_bytes
 * @property {string} expires_at
 * @property {"sha256"} [part_checksum] As it was said at the beginning, as is `sha256`.
 * @property {string} [sha256]
 */
/**
 * A user or guest as others see them. Of one who was deleted there are only `id` and `deleted_at`.
 * @typedef {object} User
 * @property {string} id
 * @property {"user" | "guest"} [kind] A guest is known only by an address on a channel.
 * @property {string | null} [username] Null of a guest.
 * @property {string | null} [display_name]
 * @property {string} [created_at]
 * @property {string} [linked_to] The user whom this guest has turned out to be.
 * @property {string} [deleted_at]
 */
/**
 * Users who were found.
 * @typedef {object} UserList
 * @property {Array<User>} items
 * @property {string | null} next_cursor
 */
/**
 * How far the bytes are checked.
 * @typedef {object} Verification
 * @property {number} checked_bytes
 */
/**
 * Body of POST /v1/users/me/identities/{channel}/verify.
 * @typedef {object} VerifyIdentityRequest
 * @property {string} code
 * @property {string | null} [account_id] Needed where codes of several accounts are waiting.
 */
/**
 * An endpoint: a server of the user's that gets what their WebSockets get.
 * @typedef {object} Webhook
 * @property {string} id
 * @property {string} url
 * @property {Array<"message.created" | "message.updated" | "message.deleted" | "message.status" | "reaction.updated" | "receipt.updated" | "conversation.updated" | "member.updated" | "webhook.disabled" | "*">} events
 * @property {"enabled" | "disabled"} status
 * @property {"gone" | "failing"} [disabled_reason] Where we did it: it answered 410, or failed for 5 days.
 * @property {string} [description]
 * @property {string} created_at
 * @property {string} updated_at
 */
/**
 * One event for one endpoint.
 * @typedef {object} WebhookDelivery
 * @property {string} id
 * @property {string} event_id The `webhook-id`, the same for each attempt and replay.
 * @property {string} event_type
 * @property {string | null} conversation_id Null of what belongs to no conversation.
 * @property {"pending" | "delivered" | "failed"} status
 * @property {Array<DeliveryAttempt>} attempts The last 50, the newest last.
 * @property {string} [next_attempt_at]
 * @property {string} [reason] Why it is tried no more, where it has failed; where it is pending, which error of the server keeps it from being sent.
 * @property {string} created_at
 */
/**
 * Deliveries of the last 14 days, the newest first.
 * @typedef {object} WebhookDeliveryPage
 * @property {Array<WebhookDelivery>} items
 * @property {string | null} next_cursor
 */
/**
 * Endpoints, the oldest first.
 * @typedef {object} WebhookPage
 * @property {Array<Webhook>} items
 * @property {string | null} next_cursor
 */
/**
 * How many deliveries are sent again.
 * @typedef {object} WebhookReplay
 * @property {number} replayed
 * @property {string | null} next_cursor Ask with it as `cursor` to go on: 200 at most are sent again at once.
 */
/**
 * What is on its way.
 * @typedef {object} WebhookTest
 * @property {string} event_id The `webhook-id` of the request.
 */
/**
 * An endpoint with the secret of its signatures, which is shown this once.
 * @typedef {object} WebhookWithSecret
 * @property {string} id
 * @property {string} url
 * @property {Array<"message.created" | "message.updated" | "message.deleted" | "message.status" | "reaction.updated" | "receipt.updated" | "conversation.updated" | "member.updated" | "webhook.disabled" | "*">} events
 * @property {"enabled" | "disabled"} status
 * @property {"gone" | "failing"} [disabled_reason] Where we did it: it answered 410, or failed for 5 days.
 * @property {string} [description]
 * @property {string} created_at
 * @property {string} updated_at
 * @property {string} secret
 */
