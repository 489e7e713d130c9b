// A method for each operation of the HTTP API, from the contract. Written by scripts/write-contract.

import { Requests } from "./requests.js";

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
export class Operations extends Requests {
  /**
   * Sign in, or refresh (OAuth 2.0). RFC 6749: the grants password (also where `grant_type` is left out) and refresh_token. `username` may be the email. Parameters that are not known are ignored.
   * @param {CreateTokenRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Tokens>}
   */
  createToken(body, asked = {}) {
    return this.ask("POST", "/token", { body, isOpen: true, isForm: true, ...asked });
  }

  /**
   * Sign in. `username` may be the email. Wrong names and wrong passwords are answered alike.
   * @param {SignInRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<SignedIn>}
   */
  signIn(body, asked = {}) {
    return this.ask("POST", "/auth/token", { body, isOpen: true, ...asked });
  }

  /**
   * New tokens for a refresh token. The token is used up: used a second time, some seconds later, it ends its session.
   * @param {RefreshTokenRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<SignedIn>}
   */
  refreshToken(body, asked = {}) {
    return this.ask("POST", "/auth/refresh", { body, isOpen: true, ...asked });
  }

  /**
   * Sign out. Ends the session and closes its connections. A token that is none is fine (RFC 7009, section 2.2).
   * @param {RefreshTokenRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  revokeToken(body, asked = {}) {
    return this.ask("POST", "/auth/revoke", { body, isOpen: true, ...asked });
  }

  /**
   * Tokens for the code of a sign-in by a provider. The code stands in the fragment of the page's address after `GET /auth/{provider}/login` (docs/sign-in.md), and is good for 60 s and one use. Who comes for the first time gets an account, if the provider has verified their email and no account has it.
   * @param {string} provider
   * @param {ExchangeSignInRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<SignedIn>}
   */
  exchangeSignIn(provider, body, asked = {}) {
    return this.ask("POST", `/auth/${encodeURIComponent(provider)}/exchange`, { body, isOpen: true, ...asked });
  }

  /**
   * How one signs in oneself.
   * @param {Asked} [asked]
   * @returns {Promise<SignInList>}
   */
  listSignIns(asked = {}) {
    return this.ask("GET", "/v1/users/me/sign-ins", { ...asked });
  }

  /**
   * Sign in by a provider, too. The code is that of `exchangeSignIn`. The same person again changes nothing. Within ten minutes after signing in.
   * @param {string} provider
   * @param {ExchangeSignInRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<LinkedSignIn>}
   */
  linkSignIn(provider, body, asked = {}) {
    return this.ask("PUT", `/v1/users/me/sign-ins/${encodeURIComponent(provider)}`, { body, ...asked });
  }

  /**
   * Sign in by a provider no more. The last way to sign in stays. Sessions go on.
   * @param {string} provider
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  unlinkSignIn(provider, asked = {}) {
    return this.ask("DELETE", `/v1/users/me/sign-ins/${encodeURIComponent(provider)}`, { ...asked });
  }

  /**
   * Register. Names and emails belong to one user, in any case of their letters.
   * @param {RegisterUserRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<OwnUser>}
   */
  registerUser(body, asked = {}) {
    return this.ask("POST", "/v1/users", { body, isOpen: true, ...asked });
  }

  /**
   * Find users by name or by ids. Exactly one of `username` and `ids`. Who is not found, or not shown to the caller, is left out.
   * @param {{username?: string, ids?: Array<string>}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<UserList>}
   */
  findUsers(query = {}, asked = {}) {
    return this.ask("GET", "/v1/users", { query, ...asked });
  }

  /**
   * The caller's own profile.
   * @param {Asked} [asked]
   * @returns {Promise<OwnUser>}
   */
  getMe(asked = {}) {
    return this.ask("GET", "/v1/users/me", { ...asked });
  }

  /**
   * Change the own profile. What is given replaces what was there; null removes the display name. A new password needs `current_password`, and ends the caller's other sessions. Who has none yet sets one within ten minutes after signing in.
   * @param {UpdateMeRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<OwnUser>}
   */
  updateMe(body, asked = {}) {
    return this.ask("PATCH", "/v1/users/me", { body, ...asked });
  }

  /**
   * Delete the own account. Erases what is personal, frees the names, leaves every conversation and ends every session.
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  deleteMe(asked = {}) {
    return this.ask("DELETE", "/v1/users/me", { ...asked });
  }

  /**
   * Everything that is kept of the caller. Profile, ways to sign in, addresses, sessions, webhooks, routing rules, accounts, files (what is known of them), and by conversation, those that were left included, the membership and the messages that the caller sent. No secrets, and nothing of others. A page may have fewer items than were asked for, or none, and not be the last.
   * @param {{limit?: number, cursor?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<ExportPage>}
   */
  exportMe(query = {}, asked = {}) {
    return this.ask("GET", "/v1/users/me/export", { query, ...asked });
  }

  /**
   * A user, as others see them. Guests are shown to who shares a conversation with them.
   * @param {string} userId
   * @param {Asked} [asked]
   * @returns {Promise<User>}
   */
  getUser(userId, asked = {}) {
    return this.ask("GET", `/v1/users/${encodeURIComponent(userId)}`, { ...asked });
  }

  /**
   * Own addresses on a channel.
   * @param {string} channel
   * @param {Asked} [asked]
   * @returns {Promise<IdentityList>}
   */
  listIdentities(channel, asked = {}) {
    return this.ask("GET", `/v1/users/me/identities/${encodeURIComponent(channel)}`, { ...asked });
  }

  /**
   * Have a code sent to an address. The code goes over the channel; it is good for ten minutes and five tries.
   * @param {string} channel
   * @param {LinkIdentityRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<IdentityRequest>}
   */
  linkIdentity(channel, body, asked = {}) {
    return this.ask("PUT", `/v1/users/me/identities/${encodeURIComponent(channel)}`, { body, ...asked });
  }

  /**
   * Let go of addresses. Of what is named, or of all on the channel where nothing is.
   * @param {string} channel
   * @param {{account_id?: string, address?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  unlinkIdentity(channel, query = {}, asked = {}) {
    return this.ask("DELETE", `/v1/users/me/identities/${encodeURIComponent(channel)}`, { query, ...asked });
  }

  /**
   * Link an address by its code. The address is the user's from then on, and what is written from there is said by the user.
   * @param {string} channel
   * @param {VerifyIdentityRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Identity>}
   */
  verifyIdentity(channel, body, asked = {}) {
    return this.ask("POST", `/v1/users/me/identities/${encodeURIComponent(channel)}/verify`, { body, ...asked });
  }

  /**
   * Begin a conversation. Private: exactly two members; a group: 3 to 100. The caller is one of them, listed or not, and its owner.
   * @param {CreateConversationRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Conversation>}
   */
  createConversation(body, asked = {}) {
    return this.ask("POST", "/v1/conversations", { body, takesKey: true, ...asked });
  }

  /**
   * Own conversations, newest activity first.
   * @param {{limit?: number, cursor?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<ConversationPage>}
   */
  listConversations(query = {}, asked = {}) {
    return this.ask("GET", "/v1/conversations", { query, ...asked });
  }

  /**
   * A conversation with its members.
   * @param {string} conversationId
   * @param {Asked} [asked]
   * @returns {Promise<Conversation>}
   */
  getConversation(conversationId, asked = {}) {
    return this.ask("GET", `/v1/conversations/${encodeURIComponent(conversationId)}`, { ...asked });
  }

  /**
   * Change title or metadata. What is given replaces what was there; null removes it. For owners and admins.
   * @param {string} conversationId
   * @param {UpdateConversationRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Conversation>}
   */
  updateConversation(conversationId, body, asked = {}) {
    return this.ask("PATCH", `/v1/conversations/${encodeURIComponent(conversationId)}`, { body, ...asked });
  }

  /**
   * Delete a conversation for everybody. For its owners.
   * @param {string} conversationId
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  deleteConversation(conversationId, asked = {}) {
    return this.ask("DELETE", `/v1/conversations/${encodeURIComponent(conversationId)}`, { ...asked });
  }

  /**
   * Add a member. For owners and admins, with at most their own role.
   * @param {string} conversationId
   * @param {AddMemberRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Member>}
   */
  addMember(conversationId, body, asked = {}) {
    return this.ask("POST", `/v1/conversations/${encodeURIComponent(conversationId)}/members`, { body, takesKey: true, ...asked });
  }

  /**
   * Members, by user id.
   * @param {string} conversationId
   * @param {{limit?: number, cursor?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<MemberPage>}
   */
  listMembers(conversationId, query = {}, asked = {}) {
    return this.ask("GET", `/v1/conversations/${encodeURIComponent(conversationId)}/members`, { query, ...asked });
  }

  /**
   * Change a member's role. Of a member below oneself, to at most one's own.
   * @param {string} conversationId
   * @param {string} userId
   * @param {UpdateMemberRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Member>}
   */
  updateMember(conversationId, userId, body, asked = {}) {
    return this.ask("PATCH", `/v1/conversations/${encodeURIComponent(conversationId)}/members/${encodeURIComponent(userId)}`, { body, ...asked });
  }

  /**
   * Remove a member, or leave. Owners and admins remove who is below them; everybody may leave.
   * @param {string} conversationId
   * @param {string} userId
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  removeMember(conversationId, userId, asked = {}) {
    return this.ask("DELETE", `/v1/conversations/${encodeURIComponent(conversationId)}/members/${encodeURIComponent(userId)}`, { ...asked });
  }

  /**
   * Send a message. 202 is the promise that it reaches every recipient. The same `message_id` (or `Idempotency-Key`) with the same content answers the same again. Without `channels` the routing rules decide where it goes.
   * @param {SendMessageRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Accepted>}
   */
  sendMessage(body, asked = {}) {
    return this.ask("POST", "/v1/messages", { body, takesKey: true, ...asked });
  }

  /**
   * The history of a conversation. Newest first; with `after_seq` oldest first, with `changes` of earlier messages and `complete_through`. At most one of `cursor`, `before_seq`, `after_seq` and `offset`.
   * @param {string} conversationId
   * @param {{limit?: number, cursor?: string, before_seq?: number, after_seq?: number, offset?: number}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<MessagePage>}
   */
  listMessages(conversationId, query = {}, asked = {}) {
    return this.ask("GET", `/v1/conversations/${encodeURIComponent(conversationId)}/messages`, { query, ...asked });
  }

  /**
   * One message.
   * @param {string} messageId
   * @param {Asked} [asked]
   * @returns {Promise<Message>}
   */
  getMessage(messageId, asked = {}) {
    return this.ask("GET", `/v1/messages/${encodeURIComponent(messageId)}`, { ...asked });
  }

  /**
   * Change the content of a message. For its sender. With `revision`, the one that is held, nothing newer is overwritten. The same again answers the same.
   * @param {string} messageId
   * @param {EditMessageRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Message>}
   */
  editMessage(messageId, body, asked = {}) {
    return this.ask("PATCH", `/v1/messages/${encodeURIComponent(messageId)}`, { body, ...asked });
  }

  /**
   * Unsend a message, for everybody. For its sender, owners and admins. What it said is erased, its place remains.
   * @param {string} messageId
   * @param {Asked} [asked]
   * @returns {Promise<Message>}
   */
  unsendMessage(messageId, asked = {}) {
    return this.ask("DELETE", `/v1/messages/${encodeURIComponent(messageId)}`, { ...asked });
  }

  /**
   * What became of a message.
   * @param {string} messageId
   * @param {Asked} [asked]
   * @returns {Promise<StatusReport>}
   */
  getMessageStatus(messageId, asked = {}) {
    return this.ask("GET", `/v1/messages/${encodeURIComponent(messageId)}/status`, { ...asked });
  }

  /**
   * React to a message. With one emoji of Unicode, percent-encoded. What is so already answers the same.
   * @param {string} messageId
   * @param {string} emoji
   * @param {Asked} [asked]
   * @returns {Promise<Reactions>}
   */
  addReaction(messageId, emoji, asked = {}) {
    return this.ask("PUT", `/v1/messages/${encodeURIComponent(messageId)}/reactions/${encodeURIComponent(emoji)}`, { ...asked });
  }

  /**
   * Take a reaction back.
   * @param {string} messageId
   * @param {string} emoji
   * @param {Asked} [asked]
   * @returns {Promise<Reactions>}
   */
  removeReaction(messageId, emoji, asked = {}) {
    return this.ask("DELETE", `/v1/messages/${encodeURIComponent(messageId)}/reactions/${encodeURIComponent(emoji)}`, { ...asked });
  }

  /**
   * Say how far one has received and read. One of the two at least, at most `last_seq`. Watermarks never fall, and what is read is delivered.
   * @param {string} conversationId
   * @param {RecordReceiptRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Receipt>}
   */
  recordReceipt(conversationId, body, asked = {}) {
    return this.ask("POST", `/v1/conversations/${encodeURIComponent(conversationId)}/receipts`, { body, ...asked });
  }

  /**
   * Show that one is writing. Others show it for `expires_in` seconds, unless it comes again.
   * @param {string} conversationId
   * @param {SendTypingRequest} [body]
   * @param {Asked} [asked]
   * @returns {Promise<Typing>}
   */
  sendTyping(conversationId, body = undefined, asked = {}) {
    return this.ask("POST", `/v1/conversations/${encodeURIComponent(conversationId)}/typing`, { body, ...asked });
  }

  /**
   * Upload a small file. Up to 4 MiB in one request; what is larger is uploaded in parts.
   * @param {FormData} body
   * @param {Asked} [asked]
   * @returns {Promise<File>}
   */
  uploadFile(body, asked = {}) {
    return this.ask("POST", "/v1/files", { body, takesKey: true, ...asked });
  }

  /**
   * A file, and how far its upload is.
   * @param {string} fileId
   * @param {Asked} [asked]
   * @returns {Promise<File>}
   */
  getFile(fileId, asked = {}) {
    return this.ask("GET", `/v1/files/${encodeURIComponent(fileId)}`, { ...asked });
  }

  /**
   * Delete a file, or give an upload up. For its owner, and for everybody: messages keep its name.
   * @param {string} fileId
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  deleteFile(fileId, asked = {}) {
    return this.ask("DELETE", `/v1/files/${encodeURIComponent(fileId)}`, { ...asked });
  }

  /**
   * An address for the download.
   * @param {string} fileId
   * @param {Asked} [asked]
   * @returns {Promise<FileDownload>}
   */
  getFileDownload(fileId, asked = {}) {
    return this.ask("GET", `/v1/files/${encodeURIComponent(fileId)}/presigned`, { ...asked });
  }

  /**
   * Begin an upload in parts. The parts go to S3 by `PUT`, in any order and many at once; then the upload is completed.
   * @param {InitiateUploadRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Upload>}
   */
  initiateUpload(body, asked = {}) {
    return this.ask("POST", "/v1/files/initiate", { body, takesKey: true, ...asked });
  }

  /**
   * Addresses for parts. Of the numbers that are named, else of the first 100 that have not arrived.
   * @param {string} fileId
   * @param {SignUploadPartsRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<SignedParts>}
   */
  signUploadParts(fileId, body, asked = {}) {
    return this.ask("POST", `/v1/files/${encodeURIComponent(fileId)}/parts`, { body, ...asked });
  }

  /**
   * Complete an upload. 200: `completed`, or `failed` with `reason`; 202: the bytes are still being checked, ask for the file. May be repeated.
   * @param {CompleteUploadRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<File>}
   */
  completeUpload(body, asked = {}) {
    return this.ask("POST", "/v1/files/complete", { body, ...asked });
  }

  /**
   * Whether somebody is online. For who shares a conversation with them.
   * @param {string} userId
   * @param {Asked} [asked]
   * @returns {Promise<Presence>}
   */
  getPresence(userId, asked = {}) {
    return this.ask("GET", `/v1/users/${encodeURIComponent(userId)}/presence`, { ...asked });
  }

  /**
   * A sign of life, for apps without a WebSocket. Each `interval` seconds while the app is in use. With a conversation it answers who of its members is online.
   * @param {SendHeartbeatRequest} [body]
   * @param {Asked} [asked]
   * @returns {Promise<Heartbeat>}
   */
  sendHeartbeat(body = undefined, asked = {}) {
    return this.ask("POST", "/v1/presence/heartbeat", { body, ...asked });
  }

  /**
   * Put in a rule. At its position, from 1, or at the end. Rules are looked at in order; the first that holds decides.
   * @param {CreateRoutingRuleRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<RoutingRule>}
   */
  createRoutingRule(body, asked = {}) {
    return this.ask("POST", "/v1/routing-rules", { body, ...asked });
  }

  /**
   * Own rules, in order.
   * @param {{limit?: number, cursor?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<RoutingRulePage>}
   */
  listRoutingRules(query = {}, asked = {}) {
    return this.ask("GET", "/v1/routing-rules", { query, ...asked });
  }

  /**
   * What the rules would choose, and why. With a conversation's members as they are, or with recipients by hand. Nothing is sent.
   * @param {TestRoutingRulesRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<TrialResult>}
   */
  testRoutingRules(body, asked = {}) {
    return this.ask("POST", "/v1/routing-rules/test", { body, ...asked });
  }

  /**
   * One rule.
   * @param {string} routingRuleId
   * @param {Asked} [asked]
   * @returns {Promise<RoutingRule>}
   */
  getRoutingRule(routingRuleId, asked = {}) {
    return this.ask("GET", `/v1/routing-rules/${encodeURIComponent(routingRuleId)}`, { ...asked });
  }

  /**
   * Change or move a rule.
   * @param {string} routingRuleId
   * @param {UpdateRoutingRuleRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<RoutingRule>}
   */
  updateRoutingRule(routingRuleId, body, asked = {}) {
    return this.ask("PATCH", `/v1/routing-rules/${encodeURIComponent(routingRuleId)}`, { body, ...asked });
  }

  /**
   * Delete a rule.
   * @param {string} routingRuleId
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  deleteRoutingRule(routingRuleId, asked = {}) {
    return this.ask("DELETE", `/v1/routing-rules/${encodeURIComponent(routingRuleId)}`, { ...asked });
  }

  /**
   * Connect an account of a channel. Its provider is asked first, and told where to call. Which settings there are depends on the channel: docs/channels.md.
   * @param {CreateAccountRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Account>}
   */
  createAccount(body, asked = {}) {
    return this.ask("POST", "/v1/accounts", { body, ...asked });
  }

  /**
   * Accounts that the caller manages.
   * @param {{limit?: number, cursor?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<AccountPage>}
   */
  listAccounts(query = {}, asked = {}) {
    return this.ask("GET", "/v1/accounts", { query, ...asked });
  }

  /**
   * One account, without its secrets.
   * @param {string} accountId
   * @param {Asked} [asked]
   * @returns {Promise<Account>}
   */
  getAccount(accountId, asked = {}) {
    return this.ask("GET", `/v1/accounts/${encodeURIComponent(accountId)}`, { ...asked });
  }

  /**
   * Change an account. Settings that are left out stay as they are, and null takes one away. All stays as it was if the provider refuses.
   * @param {string} accountId
   * @param {UpdateAccountRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Account>}
   */
  updateAccount(accountId, body, asked = {}) {
    return this.ask("PATCH", `/v1/accounts/${encodeURIComponent(accountId)}`, { body, ...asked });
  }

  /**
   * Disconnect an account.
   * @param {string} accountId
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  deleteAccount(accountId, asked = {}) {
    return this.ask("DELETE", `/v1/accounts/${encodeURIComponent(accountId)}`, { ...asked });
  }

  /**
   * Register an endpoint. The only answer with its secret. Requests are signed as Standard Webhooks 1.0 says.
   * @param {CreateWebhookRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<WebhookWithSecret>}
   */
  createWebhook(body, asked = {}) {
    return this.ask("POST", "/v1/webhooks", { body, ...asked });
  }

  /**
   * Own endpoints.
   * @param {{limit?: number, cursor?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<WebhookPage>}
   */
  listWebhooks(query = {}, asked = {}) {
    return this.ask("GET", "/v1/webhooks", { query, ...asked });
  }

  /**
   * One endpoint, without its secret.
   * @param {string} webhookId
   * @param {Asked} [asked]
   * @returns {Promise<Webhook>}
   */
  getWebhook(webhookId, asked = {}) {
    return this.ask("GET", `/v1/webhooks/${encodeURIComponent(webhookId)}`, { ...asked });
  }

  /**
   * Change, enable or disable an endpoint.
   * @param {string} webhookId
   * @param {UpdateWebhookRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<Webhook>}
   */
  updateWebhook(webhookId, body, asked = {}) {
    return this.ask("PATCH", `/v1/webhooks/${encodeURIComponent(webhookId)}`, { body, ...asked });
  }

  /**
   * Delete an endpoint.
   * @param {string} webhookId
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  deleteWebhook(webhookId, asked = {}) {
    return this.ask("DELETE", `/v1/webhooks/${encodeURIComponent(webhookId)}`, { ...asked });
  }

  /**
   * Have another secret. For `overlap_s` (a day) requests are signed with the former one too.
   * @param {string} webhookId
   * @param {RotateWebhookSecretRequest} [body]
   * @param {Asked} [asked]
   * @returns {Promise<WebhookWithSecret>}
   */
  rotateWebhookSecret(webhookId, body = undefined, asked = {}) {
    return this.ask("POST", `/v1/webhooks/${encodeURIComponent(webhookId)}/secret`, { body, ...asked });
  }

  /**
   * Have a `webhook.test` sent.
   * @param {string} webhookId
   * @param {Asked} [asked]
   * @returns {Promise<WebhookTest>}
   */
  testWebhook(webhookId, asked = {}) {
    return this.ask("POST", `/v1/webhooks/${encodeURIComponent(webhookId)}/test`, { ...asked });
  }

  /**
   * What became of deliveries.
   * @param {string} webhookId
   * @param {{limit?: number, cursor?: string, status?: ("pending" | "delivered" | "failed")}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<WebhookDeliveryPage>}
   */
  listWebhookDeliveries(webhookId, query = {}, asked = {}) {
    return this.ask("GET", `/v1/webhooks/${encodeURIComponent(webhookId)}/deliveries`, { query, ...asked });
  }

  /**
   * Have deliveries sent again. One, or those whose events are of a time; each conversation in its order. What waits is tried at once.
   * @param {string} webhookId
   * @param {ReplayWebhookDeliveriesRequest} body
   * @param {Asked} [asked]
   * @returns {Promise<WebhookReplay>}
   */
  replayWebhookDeliveries(webhookId, body, asked = {}) {
    return this.ask("POST", `/v1/webhooks/${encodeURIComponent(webhookId)}/replay`, { body, ...asked });
  }

  /**
   * What the caller did. And what was tried in the caller's name. Newest first.
   * @param {{limit?: number, cursor?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<AuditPage>}
   */
  listMyAuditLog(query = {}, asked = {}) {
    return this.ask("GET", "/v1/users/me/audit-log", { query, ...asked });
  }

  /**
   * What was done to a conversation. For its owners and admins.
   * @param {string} conversationId
   * @param {{limit?: number, cursor?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<AuditPage>}
   */
  listConversationAuditLog(conversationId, query = {}, asked = {}) {
    return this.ask("GET", `/v1/conversations/${encodeURIComponent(conversationId)}/audit-log`, { query, ...asked });
  }

  /**
   * What was done to an account. For who manages it.
   * @param {string} accountId
   * @param {{limit?: number, cursor?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<AuditPage>}
   */
  listAccountAuditLog(accountId, query = {}, asked = {}) {
    return this.ask("GET", `/v1/accounts/${encodeURIComponent(accountId)}/audit-log`, { query, ...asked });
  }

  /**
   * Any log, for administrators. Newest first. By default what belongs to nobody and what administrators do; that they look is recorded too.
   * @param {{limit?: number, cursor?: string, log?: string, day?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<AuditPage>}
   */
  listAuditLog(query = {}, asked = {}) {
    return this.ask("GET", "/v1/audit-log", { query, ...asked });
  }

  /**
   * All administrators.
   * @param {Asked} [asked]
   * @returns {Promise<AdministratorPage>}
   */
  listAdministrators(asked = {}) {
    return this.ask("GET", "/v1/administrators", { ...asked });
  }

  /**
   * One administrator.
   * @param {string} userId
   * @param {Asked} [asked]
   * @returns {Promise<Administrator>}
   */
  getAdministrator(userId, asked = {}) {
    return this.ask("GET", `/v1/administrators/${encodeURIComponent(userId)}`, { ...asked });
  }

  /**
   * Make a user an administrator. From their next request on. Who is one already stays as they were. The first one is made by `scripts/admin`.
   * @param {string} userId
   * @param {Asked} [asked]
   * @returns {Promise<Administrator>}
   */
  grantAdministrator(userId, asked = {}) {
    return this.ask("PUT", `/v1/administrators/${encodeURIComponent(userId)}`, { ...asked });
  }

  /**
   * Make an administrator none. From their next request on. The last one makes another one first.
   * @param {string} userId
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  revokeAdministrator(userId, asked = {}) {
    return this.ask("DELETE", `/v1/administrators/${encodeURIComponent(userId)}`, { ...asked });
  }

  /**
   * A user's endpoints, for administrators.
   * @param {string} userId
   * @param {{limit?: number, cursor?: string}} [query]
   * @param {Asked} [asked]
   * @returns {Promise<WebhookPage>}
   */
  listUserWebhooks(userId, query = {}, asked = {}) {
    return this.ask("GET", `/v1/users/${encodeURIComponent(userId)}/webhooks`, { query, ...asked });
  }

  /**
   * Delete a user's endpoint, for administrators.
   * @param {string} userId
   * @param {string} webhookId
   * @param {Asked} [asked]
   * @returns {Promise<null>}
   */
  deleteUserWebhook(userId, webhookId, asked = {}) {
    return this.ask("DELETE", `/v1/users/${encodeURIComponent(userId)}/webhooks/${encodeURIComponent(webhookId)}`, { ...asked });
  }

  /**
   * Whether the process answers.
   * @param {Asked} [asked]
   * @returns {Promise<Alive>}
   */
  getHealth(asked = {}) {
    return this.ask("GET", "/health", { isOpen: true, ...asked });
  }

  /**
   * The same as /health.
   * @param {Asked} [asked]
   * @returns {Promise<Alive>}
   */
  getLiveness(asked = {}) {
    return this.ask("GET", "/health/live", { isOpen: true, ...asked });
  }

  /**
   * Whether every dependency answers.
   * @param {Asked} [asked]
   * @returns {Promise<Readiness>}
   */
  getReadiness(asked = {}) {
    return this.ask("GET", "/health/ready", { isOpen: true, ...asked });
  }

  /**
   * Who issues access tokens. OpenID Connect Discovery 1.0.
   * @param {Asked} [asked]
   * @returns {Promise<OpenIdConfiguration>}
   */
  getOpenIdConfiguration(asked = {}) {
    return this.ask("GET", "/.well-known/openid-configuration", { isOpen: true, ...asked });
  }

  /**
   * Keys that sign access tokens. RFC 7517.
   * @param {Asked} [asked]
   * @returns {Promise<KeySet>}
   */
  getKeys(asked = {}) {
    return this.ask("GET", "/.well-known/jwks.json", { isOpen: true, ...asked });
  }
}
