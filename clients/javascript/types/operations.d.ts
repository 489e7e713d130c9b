import { Requests } from "./requests.js";
export type Asked = import("./requests.js").Asked;
export type Accepted = import("./documents.js").Accepted;
export type Account = import("./documents.js").Account;
export type AccountPage = import("./documents.js").AccountPage;
export type AddMemberRequest = import("./documents.js").AddMemberRequest;
export type Administrator = import("./documents.js").Administrator;
export type AdministratorPage = import("./documents.js").AdministratorPage;
export type Alive = import("./documents.js").Alive;
export type AuditPage = import("./documents.js").AuditPage;
export type CompleteUploadRequest = import("./documents.js").CompleteUploadRequest;
export type Conversation = import("./documents.js").Conversation;
export type ConversationPage = import("./documents.js").ConversationPage;
export type CreateAccountRequest = import("./documents.js").CreateAccountRequest;
export type CreateConversationRequest = import("./documents.js").CreateConversationRequest;
export type CreateRoutingRuleRequest = import("./documents.js").CreateRoutingRuleRequest;
export type CreateTokenRequest = import("./documents.js").CreateTokenRequest;
export type CreateWebhookRequest = import("./documents.js").CreateWebhookRequest;
export type EditMessageRequest = import("./documents.js").EditMessageRequest;
export type ExchangeSignInRequest = import("./documents.js").ExchangeSignInRequest;
export type ExportPage = import("./documents.js").ExportPage;
export type File = import("./documents.js").File;
export type FileDownload = import("./documents.js").FileDownload;
export type Heartbeat = import("./documents.js").Heartbeat;
export type Identity = import("./documents.js").Identity;
export type IdentityList = import("./documents.js").IdentityList;
export type IdentityRequest = import("./documents.js").IdentityRequest;
export type InitiateUploadRequest = import("./documents.js").InitiateUploadRequest;
export type KeySet = import("./documents.js").KeySet;
export type LinkIdentityRequest = import("./documents.js").LinkIdentityRequest;
export type LinkedSignIn = import("./documents.js").LinkedSignIn;
export type Member = import("./documents.js").Member;
export type MemberPage = import("./documents.js").MemberPage;
export type Message = import("./documents.js").Message;
export type MessagePage = import("./documents.js").MessagePage;
export type OpenIdConfiguration = import("./documents.js").OpenIdConfiguration;
export type OwnUser = import("./documents.js").OwnUser;
export type Presence = import("./documents.js").Presence;
export type Reactions = import("./documents.js").Reactions;
export type Readiness = import("./documents.js").Readiness;
export type Receipt = import("./documents.js").Receipt;
export type RecordReceiptRequest = import("./documents.js").RecordReceiptRequest;
export type RefreshTokenRequest = import("./documents.js").RefreshTokenRequest;
export type RegisterUserRequest = import("./documents.js").RegisterUserRequest;
export type ReplayWebhookDeliveriesRequest = import("./documents.js").ReplayWebhookDeliveriesRequest;
export type RotateWebhookSecretRequest = import("./documents.js").RotateWebhookSecretRequest;
export type RoutingRule = import("./documents.js").RoutingRule;
export type RoutingRulePage = import("./documents.js").RoutingRulePage;
export type SendHeartbeatRequest = import("./documents.js").SendHeartbeatRequest;
export type SendMessageRequest = import("./documents.js").SendMessageRequest;
export type SendTypingRequest = import("./documents.js").SendTypingRequest;
export type SignInList = import("./documents.js").SignInList;
export type SignInRequest = import("./documents.js").SignInRequest;
export type SignUploadPartsRequest = import("./documents.js").SignUploadPartsRequest;
export type SignedIn = import("./documents.js").SignedIn;
export type SignedParts = import("./documents.js").SignedParts;
export type StatusReport = import("./documents.js").StatusReport;
export type TestRoutingRulesRequest = import("./documents.js").TestRoutingRulesRequest;
export type Tokens = import("./documents.js").Tokens;
export type TrialResult = import("./documents.js").TrialResult;
export type Typing = import("./documents.js").Typing;
export type UpdateAccountRequest = import("./documents.js").UpdateAccountRequest;
export type UpdateConversationRequest = import("./documents.js").UpdateConversationRequest;
export type UpdateMeRequest = import("./documents.js").UpdateMeRequest;
export type UpdateMemberRequest = import("./documents.js").UpdateMemberRequest;
export type UpdateRoutingRuleRequest = import("./documents.js").UpdateRoutingRuleRequest;
export type UpdateWebhookRequest = import("./documents.js").UpdateWebhookRequest;
export type Upload = import("./documents.js").Upload;
export type UploadFileRequest = import("./documents.js").UploadFileRequest;
export type User = import("./documents.js").User;
export type UserList = import("./documents.js").UserList;
export type VerifyIdentityRequest = import("./documents.js").VerifyIdentityRequest;
export type Webhook = import("./documents.js").Webhook;
export type WebhookDeliveryPage = import("./documents.js").WebhookDeliveryPage;
export type WebhookPage = import("./documents.js").WebhookPage;
export type WebhookReplay = import("./documents.js").WebhookReplay;
export type WebhookTest = import("./documents.js").WebhookTest;
export type WebhookWithSecret = import("./documents.js").WebhookWithSecret;
/** @typedef {import("./requests.js").Asked} Asked */
/** @typedef {import("./documents.js").Accepted} Accepted */
/** @typedef {import("./documents.js").Account} Account */
/** @typedef {import("./documents.js").AccountPage} AccountPage */
/** @typedef {import("./documents.js").AddMemberRequest} AddMemberRequest */
/** @typedef {import("./documents.js").Administrator} Administrator */
/** @typedef {import("./documents.js").AdministratorPage} AdministratorPage */
/** @typedef {import("./documents.js").Alive} Alive */
/** @typedef {import("./documents.js").AuditPage} AuditPage */
/** @typedef {import("./documents.js").CompleteUploadRequest} CompleteUploadRequest */
/** @typedef {import("./documents.js").Conversation} Conversation */
/** @typedef {import("./documents.js").ConversationPage} ConversationPage */
/** @typedef {import("./documents.js").CreateAccountRequest} CreateAccountRequest */
/** @typedef {import("./documents.js").CreateConversationRequest} CreateConversationRequest */
/** @typedef {import("./documents.js").CreateRoutingRuleRequest} CreateRoutingRuleRequest */
/** @typedef {import("./documents.js").CreateTokenRequest} CreateTokenRequest */
/** @typedef {import("./documents.js").CreateWebhookRequest} CreateWebhookRequest */
/** @typedef {import("./documents.js").EditMessageRequest} EditMessageRequest */
/** @typedef {import("./documents.js").ExchangeSignInRequest} ExchangeSignInRequest */
/** @typedef {import("./documents.js").ExportPage} ExportPage */
/** @typedef {import("./documents.js").File} File */
/** @typedef {import("./documents.js").FileDownload} FileDownload */
/** @typedef {import("./documents.js").Heartbeat} Heartbeat */
/** @typedef {import("./documents.js").Identity} Identity */
/** @typedef {import("./documents.js").IdentityList} IdentityList */
/** @typedef {import("./documents.js").IdentityRequest} IdentityRequest */
/** @typedef {import("./documents.js").InitiateUploadRequest} InitiateUploadRequest */
/** @typedef {import("./documents.js").KeySet} KeySet */
/** @typedef {import("./documents.js").LinkIdentityRequest} LinkIdentityRequest */
/** @typedef {import("./documents.js").LinkedSignIn} LinkedSignIn */
/** @typedef {import("./documents.js").Member} Member */
/** @typedef {import("./documents.js").MemberPage} MemberPage */
/** @typedef {import("./documents.js").Message} Message */
/** @typedef {import("./documents.js").MessagePage} MessagePage */
/** @typedef {import("./documents.js").OpenIdConfiguration} OpenIdConfiguration */
/** @typedef {import("./documents.js").OwnUser} OwnUser */
/** @typedef {import("./documents.js").Presence} Presence */
/** @typedef {import("./documents.js").Reactions} Reactions */
/** @typedef {import("./documents.js").Readiness} Readiness */
/** @typedef {import("./documents.js").Receipt} Receipt */
/** @typedef {import("./documents.js").RecordReceiptRequest} RecordReceiptRequest */
/** @typedef {import("./documents.js").RefreshTokenRequest} RefreshTokenRequest */
/** @typedef {import("./documents.js").RegisterUserRequest} RegisterUserRequest */
/** @typedef {import("./documents.js").ReplayWebhookDeliveriesRequest} ReplayWebhookDeliveriesRequest */
/** @typedef {import("./documents.js").RotateWebhookSecretRequest} RotateWebhookSecretRequest */
/** @typedef {import("./documents.js").RoutingRule} RoutingRule */
/** @typedef {import("./documents.js").RoutingRulePage} RoutingRulePage */
/** @typedef {import("./documents.js").SendHeartbeatRequest} SendHeartbeatRequest */
/** @typedef {import("./documents.js").SendMessageRequest} SendMessageRequest */
/** @typedef {import("./documents.js").SendTypingRequest} SendTypingRequest */
/** @typedef {import("./documents.js").SignInList} SignInList */
/** @typedef {import("./documents.js").SignInRequest} SignInRequest */
/** @typedef {import("./documents.js").SignUploadPartsRequest} SignUploadPartsRequest */
/** @typedef {import("./documents.js").SignedIn} SignedIn */
/** @typedef {import("./documents.js").SignedParts} SignedParts */
/** @typedef {import("./documents.js").StatusReport} StatusReport */
/** @typedef {import("./documents.js").TestRoutingRulesRequest} TestRoutingRulesRequest */
/** @typedef {import("./documents.js").Tokens} Tokens */
/** @typedef {import("./documents.js").TrialResult} TrialResult */
/** @typedef {import("./documents.js").Typing} Typing */
/** @typedef {import("./documents.js").UpdateAccountRequest} UpdateAccountRequest */
/** @typedef {import("./documents.js").UpdateConversationRequest} UpdateConversationRequest */
/** @typedef {import("./documents.js").UpdateMeRequest} UpdateMeRequest */
/** @typedef {import("./documents.js").UpdateMemberRequest} UpdateMemberRequest */
/** @typedef {import("./documents.js").UpdateRoutingRuleRequest} UpdateRoutingRuleRequest */
/** @typedef {import("./documents.js").UpdateWebhookRequest} UpdateWebhookRequest */
/** @typedef {import("./documents.js").Upload} Upload */
/** @typedef {import("./documents.js").UploadFileRequest} UploadFileRequest */
/** @typedef {import("./documents.js").User} User */
/** @typedef {import("./documents.js").UserList} UserList */
/** @typedef {import("./documents.js").VerifyIdentityRequest} VerifyIdentityRequest */
/** @typedef {import("./documents.js").Webhook} Webhook */
/** @typedef {import("./documents.js").WebhookDeliveryPage} WebhookDeliveryPage */
/** @typedef {import("./documents.js").WebhookPage} WebhookPage */
/** @typedef {import("./documents.js").WebhookReplay} WebhookReplay */
/** @typedef {import("./documents.js").WebhookTest} WebhookTest */
/** @typedef {import("./documents.js").WebhookWithSecret} WebhookWithSecret */
/**
 * The HTTP API. Each method rejects with ApiError (refused), SignedOut or NetworkError (no answer for as long as is tried).
 * What may be repeated is repeated until it is answered: by its method, or by an Idempotency-Key, made where none is given.
 */
export declare class Operations extends Requests {
    /**
     * Sign in, or refresh (OAuth 2.0). RFC 6749: the grants password (also where `grant_type` is left out) and refresh_token. `username` may be the email. Parameters that are not known are ignored.
     * @param {CreateTokenRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Tokens>}
     */
    createToken(body: CreateTokenRequest, asked?: Asked): Promise<Tokens>;
    /**
     * Sign in. `username` may be the email. Wrong names and wrong passwords are answered alike.
     * @param {SignInRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<SignedIn>}
     */
    signIn(body: SignInRequest, asked?: Asked): Promise<SignedIn>;
    /**
     * New tokens for a refresh token. The token is used up: used a second time, some seconds later, it ends its session.
     * @param {RefreshTokenRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<SignedIn>}
     */
    refreshToken(body: RefreshTokenRequest, asked?: Asked): Promise<SignedIn>;
    /**
     * Sign out. Ends the session and closes its connections. A token that is none is fine (RFC 7009, section 2.2).
     * @param {RefreshTokenRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    revokeToken(body: RefreshTokenRequest, asked?: Asked): Promise<null>;
    /**
     * Tokens for the code of a sign-in by a provider. The code stands in the fragment of the page's address after `GET /auth/{provider}/login` (docs/sign-in.md), and is good for 60 s and one use. Who comes for the first time gets an account, if the provider has verified their email and no account has it.
     * @param {string} provider
     * @param {ExchangeSignInRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<SignedIn>}
     */
    exchangeSignIn(provider: string, body: ExchangeSignInRequest, asked?: Asked): Promise<SignedIn>;
    /**
     * How one signs in oneself.
     * @param {Asked} [asked]
     * @returns {Promise<SignInList>}
     */
    listSignIns(asked?: Asked): Promise<SignInList>;
    /**
     * Sign in by a provider, too. The code is that of `exchangeSignIn`. The same person again changes nothing. Within ten minutes after signing in.
     * @param {string} provider
     * @param {ExchangeSignInRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<LinkedSignIn>}
     */
    linkSignIn(provider: string, body: ExchangeSignInRequest, asked?: Asked): Promise<LinkedSignIn>;
    /**
     * Sign in by a provider no more. The last way to sign in stays. Sessions go on.
     * @param {string} provider
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    unlinkSignIn(provider: string, asked?: Asked): Promise<null>;
    /**
     * Register. Names and emails belong to one user, in any case of their letters.
     * @param {RegisterUserRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<OwnUser>}
     */
    registerUser(body: RegisterUserRequest, asked?: Asked): Promise<OwnUser>;
    /**
     * Find users by name or by ids. Exactly one of `username` and `ids`. Who is not found, or not shown to the caller, is left out.
     * @param {{username?: string, ids?: Array<string>}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<UserList>}
     */
    findUsers(query?: {
        username?: string;
        ids?: Array<string>;
    }, asked?: Asked): Promise<UserList>;
    /**
     * The caller's own profile.
     * @param {Asked} [asked]
     * @returns {Promise<OwnUser>}
     */
    getMe(asked?: Asked): Promise<OwnUser>;
    /**
     * Change the own profile. What is given replaces what was there; null removes the display name. A new password needs `current_password`, and ends the caller's other sessions. Who has none yet sets one within ten minutes after signing in.
     * @param {UpdateMeRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<OwnUser>}
     */
    updateMe(body: UpdateMeRequest, asked?: Asked): Promise<OwnUser>;
    /**
     * Delete the own account. Erases what is personal, frees the names, leaves every conversation and ends every session.
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    deleteMe(asked?: Asked): Promise<null>;
    /**
     * Everything that is kept of the caller. Profile, ways to sign in, addresses, sessions, webhooks, routing rules, accounts, files (what is known of them), and by conversation, those that were left included, the membership and the messages that the caller sent. No secrets, and nothing of others. A page may have fewer items than were asked for, or none, and not be the last.
     * @param {{limit?: number, cursor?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<ExportPage>}
     */
    exportMe(query?: {
        limit?: number;
        cursor?: string;
    }, asked?: Asked): Promise<ExportPage>;
    /**
     * A user, as others see them. Guests are shown to who shares a conversation with them.
     * @param {string} userId
     * @param {Asked} [asked]
     * @returns {Promise<User>}
     */
    getUser(userId: string, asked?: Asked): Promise<User>;
    /**
     * Own addresses on a channel.
     * @param {string} channel
     * @param {Asked} [asked]
     * @returns {Promise<IdentityList>}
     */
    listIdentities(channel: string, asked?: Asked): Promise<IdentityList>;
    /**
     * Have a code sent to an address. The code goes over the channel; it is good for ten minutes and five tries.
     * @param {string} channel
     * @param {LinkIdentityRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<IdentityRequest>}
     */
    linkIdentity(channel: string, body: LinkIdentityRequest, asked?: Asked): Promise<IdentityRequest>;
    /**
     * Let go of addresses. Of what is named, or of all on the channel where nothing is.
     * @param {string} channel
     * @param {{account_id?: string, address?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    unlinkIdentity(channel: string, query?: {
        account_id?: string;
        address?: string;
    }, asked?: Asked): Promise<null>;
    /**
     * Link an address by its code. The address is the user's from then on, and what is written from there is said by the user.
     * @param {string} channel
     * @param {VerifyIdentityRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Identity>}
     */
    verifyIdentity(channel: string, body: VerifyIdentityRequest, asked?: Asked): Promise<Identity>;
    /**
     * Begin a conversation. Private: exactly two members; a group: 3 to 100. The caller is one of them, listed or not, and its owner.
     * @param {CreateConversationRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Conversation>}
     */
    createConversation(body: CreateConversationRequest, asked?: Asked): Promise<Conversation>;
    /**
     * Own conversations, newest activity first.
     * @param {{limit?: number, cursor?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<ConversationPage>}
     */
    listConversations(query?: {
        limit?: number;
        cursor?: string;
    }, asked?: Asked): Promise<ConversationPage>;
    /**
     * A conversation with its members.
     * @param {string} conversationId
     * @param {Asked} [asked]
     * @returns {Promise<Conversation>}
     */
    getConversation(conversationId: string, asked?: Asked): Promise<Conversation>;
    /**
     * Change title or metadata. What is given replaces what was there; null removes it. For owners and admins.
     * @param {string} conversationId
     * @param {UpdateConversationRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Conversation>}
     */
    updateConversation(conversationId: string, body: UpdateConversationRequest, asked?: Asked): Promise<Conversation>;
    /**
     * Delete a conversation for everybody. For its owners.
     * @param {string} conversationId
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    deleteConversation(conversationId: string, asked?: Asked): Promise<null>;
    /**
     * Add a member. For owners and admins, with at most their own role.
     * @param {string} conversationId
     * @param {AddMemberRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Member>}
     */
    addMember(conversationId: string, body: AddMemberRequest, asked?: Asked): Promise<Member>;
    /**
     * Members, by user id.
     * @param {string} conversationId
     * @param {{limit?: number, cursor?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<MemberPage>}
     */
    listMembers(conversationId: string, query?: {
        limit?: number;
        cursor?: string;
    }, asked?: Asked): Promise<MemberPage>;
    /**
     * Change a member's role. Of a member below oneself, to at most one's own.
     * @param {string} conversationId
     * @param {string} userId
     * @param {UpdateMemberRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Member>}
     */
    updateMember(conversationId: string, userId: string, body: UpdateMemberRequest, asked?: Asked): Promise<Member>;
    /**
     * Remove a member, or leave. Owners and admins remove who is below them; everybody may leave.
     * @param {string} conversationId
     * @param {string} userId
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    removeMember(conversationId: string, userId: string, asked?: Asked): Promise<null>;
    /**
     * Send a message. 202 is the promise that it reaches every recipient. The same `message_id` (or `Idempotency-Key`) with the same content answers the same again. Without `channels` the routing rules decide where it goes.
     * @param {SendMessageRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Accepted>}
     */
    sendMessage(body: SendMessageRequest, asked?: Asked): Promise<Accepted>;
    /**
     * The history of a conversation. Newest first; with `after_seq` oldest first, with `changes` of earlier messages and `complete_through`. At most one of `cursor`, `before_seq`, `after_seq` and `offset`.
     * @param {string} conversationId
     * @param {{limit?: number, cursor?: string, before_seq?: number, after_seq?: number, offset?: number}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<MessagePage>}
     */
    listMessages(conversationId: string, query?: {
        limit?: number;
        cursor?: string;
        before_seq?: number;
        after_seq?: number;
        offset?: number;
    }, asked?: Asked): Promise<MessagePage>;
    /**
     * One message.
     * @param {string} messageId
     * @param {Asked} [asked]
     * @returns {Promise<Message>}
     */
    getMessage(messageId: string, asked?: Asked): Promise<Message>;
    /**
     * Change the content of a message. For its sender. With `revision`, the one that is held, nothing newer is overwritten. The same again answers the same.
     * @param {string} messageId
     * @param {EditMessageRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Message>}
     */
    editMessage(messageId: string, body: EditMessageRequest, asked?: Asked): Promise<Message>;
    /**
     * Unsend a message, for everybody. For its sender, owners and admins. What it said is erased, its place remains.
     * @param {string} messageId
     * @param {Asked} [asked]
     * @returns {Promise<Message>}
     */
    unsendMessage(messageId: string, asked?: Asked): Promise<Message>;
    /**
     * What became of a message.
     * @param {string} messageId
     * @param {Asked} [asked]
     * @returns {Promise<StatusReport>}
     */
    getMessageStatus(messageId: string, asked?: Asked): Promise<StatusReport>;
    /**
     * React to a message. With one emoji of Unicode, percent-encoded. What is so already answers the same.
     * @param {string} messageId
     * @param {string} emoji
     * @param {Asked} [asked]
     * @returns {Promise<Reactions>}
     */
    addReaction(messageId: string, emoji: string, asked?: Asked): Promise<Reactions>;
    /**
     * Take a reaction back.
     * @param {string} messageId
     * @param {string} emoji
     * @param {Asked} [asked]
     * @returns {Promise<Reactions>}
     */
    removeReaction(messageId: string, emoji: string, asked?: Asked): Promise<Reactions>;
    /**
     * Say how far one has received and read. One of the two at least, at most `last_seq`. Watermarks never fall, and what is read is delivered.
     * @param {string} conversationId
     * @param {RecordReceiptRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Receipt>}
     */
    recordReceipt(conversationId: string, body: RecordReceiptRequest, asked?: Asked): Promise<Receipt>;
    /**
     * Show that one is writing. Others show it for `expires_in` seconds, unless it comes again.
     * @param {string} conversationId
     * @param {SendTypingRequest} [body]
     * @param {Asked} [asked]
     * @returns {Promise<Typing>}
     */
    sendTyping(conversationId: string, body?: SendTypingRequest, asked?: Asked): Promise<Typing>;
    /**
     * Upload a small file. Up to 4 MiB in one request; what is larger is uploaded in parts.
     * @param {FormData} body
     * @param {Asked} [asked]
     * @returns {Promise<File>}
     */
    uploadFile(body: FormData, asked?: Asked): Promise<File>;
    /**
     * A file, and how far its upload is.
     * @param {string} fileId
     * @param {Asked} [asked]
     * @returns {Promise<File>}
     */
    getFile(fileId: string, asked?: Asked): Promise<File>;
    /**
     * Delete a file, or give an upload up. For its owner, and for everybody: messages keep its name.
     * @param {string} fileId
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    deleteFile(fileId: string, asked?: Asked): Promise<null>;
    /**
     * An address for the download.
     * @param {string} fileId
     * @param {Asked} [asked]
     * @returns {Promise<FileDownload>}
     */
    getFileDownload(fileId: string, asked?: Asked): Promise<FileDownload>;
    /**
     * Begin an upload in parts. The parts go to S3 by `PUT`, in any order and many at once; then the upload is completed.
     * @param {InitiateUploadRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Upload>}
     */
    initiateUpload(body: InitiateUploadRequest, asked?: Asked): Promise<Upload>;
    /**
     * Addresses for parts. Of the numbers that are named, else of the first 100 that have not arrived.
     * @param {string} fileId
     * @param {SignUploadPartsRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<SignedParts>}
     */
    signUploadParts(fileId: string, body: SignUploadPartsRequest, asked?: Asked): Promise<SignedParts>;
    /**
     * Complete an upload. 200: `completed`, or `failed` with `reason`; 202: the bytes are still being checked, ask for the file. May be repeated.
     * @param {CompleteUploadRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<File>}
     */
    completeUpload(body: CompleteUploadRequest, asked?: Asked): Promise<File>;
    /**
     * Whether somebody is online. For who shares a conversation with them.
     * @param {string} userId
     * @param {Asked} [asked]
     * @returns {Promise<Presence>}
     */
    getPresence(userId: string, asked?: Asked): Promise<Presence>;
    /**
     * A sign of life, for apps without a WebSocket. Each `interval` seconds while the app is in use. With a conversation it answers who of its members is online.
     * @param {SendHeartbeatRequest} [body]
     * @param {Asked} [asked]
     * @returns {Promise<Heartbeat>}
     */
    sendHeartbeat(body?: SendHeartbeatRequest, asked?: Asked): Promise<Heartbeat>;
    /**
     * Put in a rule. At its position, from 1, or at the end. Rules are looked at in order; the first that holds decides.
     * @param {CreateRoutingRuleRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<RoutingRule>}
     */
    createRoutingRule(body: CreateRoutingRuleRequest, asked?: Asked): Promise<RoutingRule>;
    /**
     * Own rules, in order.
     * @param {{limit?: number, cursor?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<RoutingRulePage>}
     */
    listRoutingRules(query?: {
        limit?: number;
        cursor?: string;
    }, asked?: Asked): Promise<RoutingRulePage>;
    /**
     * What the rules would choose, and why. With a conversation's members as they are, or with recipients by hand. Nothing is sent.
     * @param {TestRoutingRulesRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<TrialResult>}
     */
    testRoutingRules(body: TestRoutingRulesRequest, asked?: Asked): Promise<TrialResult>;
    /**
     * One rule.
     * @param {string} routingRuleId
     * @param {Asked} [asked]
     * @returns {Promise<RoutingRule>}
     */
    getRoutingRule(routingRuleId: string, asked?: Asked): Promise<RoutingRule>;
    /**
     * Change or move a rule.
     * @param {string} routingRuleId
     * @param {UpdateRoutingRuleRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<RoutingRule>}
     */
    updateRoutingRule(routingRuleId: string, body: UpdateRoutingRuleRequest, asked?: Asked): Promise<RoutingRule>;
    /**
     * Delete a rule.
     * @param {string} routingRuleId
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    deleteRoutingRule(routingRuleId: string, asked?: Asked): Promise<null>;
    /**
     * Connect an account of a channel. Its provider is asked first, and told where to call. Which settings there are depends on the channel: docs/channels.md.
     * @param {CreateAccountRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Account>}
     */
    createAccount(body: CreateAccountRequest, asked?: Asked): Promise<Account>;
    /**
     * Accounts that the caller manages.
     * @param {{limit?: number, cursor?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<AccountPage>}
     */
    listAccounts(query?: {
        limit?: number;
        cursor?: string;
    }, asked?: Asked): Promise<AccountPage>;
    /**
     * One account, without its secrets.
     * @param {string} accountId
     * @param {Asked} [asked]
     * @returns {Promise<Account>}
     */
    getAccount(accountId: string, asked?: Asked): Promise<Account>;
    /**
     * Change an account. Settings that are left out stay as they are, and null takes one away. All stays as it was if the provider refuses.
     * @param {string} accountId
     * @param {UpdateAccountRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Account>}
     */
    updateAccount(accountId: string, body: UpdateAccountRequest, asked?: Asked): Promise<Account>;
    /**
     * Disconnect an account.
     * @param {string} accountId
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    deleteAccount(accountId: string, asked?: Asked): Promise<null>;
    /**
     * Register an endpoint. The only answer with its secret. Requests are signed as Standard Webhooks 1.0 says.
     * @param {CreateWebhookRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<WebhookWithSecret>}
     */
    createWebhook(body: CreateWebhookRequest, asked?: Asked): Promise<WebhookWithSecret>;
    /**
     * Own endpoints.
     * @param {{limit?: number, cursor?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<WebhookPage>}
     */
    listWebhooks(query?: {
        limit?: number;
        cursor?: string;
    }, asked?: Asked): Promise<WebhookPage>;
    /**
     * One endpoint, without its secret.
     * @param {string} webhookId
     * @param {Asked} [asked]
     * @returns {Promise<Webhook>}
     */
    getWebhook(webhookId: string, asked?: Asked): Promise<Webhook>;
    /**
     * Change, enable or disable an endpoint.
     * @param {string} webhookId
     * @param {UpdateWebhookRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<Webhook>}
     */
    updateWebhook(webhookId: string, body: UpdateWebhookRequest, asked?: Asked): Promise<Webhook>;
    /**
     * Delete an endpoint.
     * @param {string} webhookId
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    deleteWebhook(webhookId: string, asked?: Asked): Promise<null>;
    /**
     * Have another secret. For `overlap_s` (a day) requests are signed with the former one too.
     * @param {string} webhookId
     * @param {RotateWebhookSecretRequest} [body]
     * @param {Asked} [asked]
     * @returns {Promise<WebhookWithSecret>}
     */
    rotateWebhookSecret(webhookId: string, body?: RotateWebhookSecretRequest, asked?: Asked): Promise<WebhookWithSecret>;
    /**
     * Have a `webhook.test` sent.
     * @param {string} webhookId
     * @param {Asked} [asked]
     * @returns {Promise<WebhookTest>}
     */
    testWebhook(webhookId: string, asked?: Asked): Promise<WebhookTest>;
    /**
     * What became of deliveries.
     * @param {string} webhookId
     * @param {{limit?: number, cursor?: string, status?: ("pending" | "delivered" | "failed")}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<WebhookDeliveryPage>}
     */
    listWebhookDeliveries(webhookId: string, query?: {
        limit?: number;
        cursor?: string;
        status?: ("pending" | "delivered" | "failed");
    }, asked?: Asked): Promise<WebhookDeliveryPage>;
    /**
     * Have deliveries sent again. One, or those whose events are of a time; each conversation in its order. What waits is tried at once.
     * @param {string} webhookId
     * @param {ReplayWebhookDeliveriesRequest} body
     * @param {Asked} [asked]
     * @returns {Promise<WebhookReplay>}
     */
    replayWebhookDeliveries(webhookId: string, body: ReplayWebhookDeliveriesRequest, asked?: Asked): Promise<WebhookReplay>;
    /**
     * What the caller did. And what was tried in the caller's name. Newest first.
     * @param {{limit?: number, cursor?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<AuditPage>}
     */
    listMyAuditLog(query?: {
        limit?: number;
        cursor?: string;
    }, asked?: Asked): Promise<AuditPage>;
    /**
     * What was done to a conversation. For its owners and admins.
     * @param {string} conversationId
     * @param {{limit?: number, cursor?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<AuditPage>}
     */
    listConversationAuditLog(conversationId: string, query?: {
        limit?: number;
        cursor?: string;
    }, asked?: Asked): Promise<AuditPage>;
    /**
     * What was done to an account. For who manages it.
     * @param {string} accountId
     * @param {{limit?: number, cursor?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<AuditPage>}
     */
    listAccountAuditLog(accountId: string, query?: {
        limit?: number;
        cursor?: string;
    }, asked?: Asked): Promise<AuditPage>;
    /**
     * Any log, for administrators. Newest first. By default what belongs to nobody and what administrators do; that they look is recorded too.
     * @param {{limit?: number, cursor?: string, log?: string, day?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<AuditPage>}
     */
    listAuditLog(query?: {
        limit?: number;
        cursor?: string;
        log?: string;
        day?: string;
    }, asked?: Asked): Promise<AuditPage>;
    /**
     * All administrators.
     * @param {Asked} [asked]
     * @returns {Promise<AdministratorPage>}
     */
    listAdministrators(asked?: Asked): Promise<AdministratorPage>;
    /**
     * One administrator.
     * @param {string} userId
     * @param {Asked} [asked]
     * @returns {Promise<Administrator>}
     */
    getAdministrator(userId: string, asked?: Asked): Promise<Administrator>;
    /**
     * Make a user an administrator. From their next request on. Who is one already stays as they were. The first one is made by `scripts/admin`.
     * @param {string} userId
     * @param {Asked} [asked]
     * @returns {Promise<Administrator>}
     */
    grantAdministrator(userId: string, asked?: Asked): Promise<Administrator>;
    /**
     * Make an administrator none. From their next request on. The last one makes another one first.
     * @param {string} userId
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    revokeAdministrator(userId: string, asked?: Asked): Promise<null>;
    /**
     * A user's endpoints, for administrators.
     * @param {string} userId
     * @param {{limit?: number, cursor?: string}} [query]
     * @param {Asked} [asked]
     * @returns {Promise<WebhookPage>}
     */
    listUserWebhooks(userId: string, query?: {
        limit?: number;
        cursor?: string;
    }, asked?: Asked): Promise<WebhookPage>;
    /**
     * Delete a user's endpoint, for administrators.
     * @param {string} userId
     * @param {string} webhookId
     * @param {Asked} [asked]
     * @returns {Promise<null>}
     */
    deleteUserWebhook(userId: string, webhookId: string, asked?: Asked): Promise<null>;
    /**
     * Whether the process answers.
     * @param {Asked} [asked]
     * @returns {Promise<Alive>}
     */
    getHealth(asked?: Asked): Promise<Alive>;
    /**
     * The same as /health.
     * @param {Asked} [asked]
     * @returns {Promise<Alive>}
     */
    getLiveness(asked?: Asked): Promise<Alive>;
    /**
     * Whether every dependency answers.
     * @param {Asked} [asked]
     * @returns {Promise<Readiness>}
     */
    getReadiness(asked?: Asked): Promise<Readiness>;
    /**
     * Who issues access tokens. OpenID Connect Discovery 1.0.
     * @param {Asked} [asked]
     * @returns {Promise<OpenIdConfiguration>}
     */
    getOpenIdConfiguration(asked?: Asked): Promise<OpenIdConfiguration>;
    /**
     * Keys that sign access tokens. RFC 7517.
     * @param {Asked} [asked]
     * @returns {Promise<KeySet>}
     */
    getKeys(asked?: Asked): Promise<KeySet>;
}
