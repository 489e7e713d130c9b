"""Every operation of the HTTP API as a method, from the contract. Written by scripts/write-contract."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from chat4all_client import documents
from chat4all_client.api import Api
from chat4all_client.operation_table import OPERATIONS


class Operations:
    """The HTTP API, asked by who is signed in. Each raises as `Api.ask` does."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def create_token(self, body: documents.CreateTokenRequest) -> documents.Tokens:
        """Sign in, or refresh (OAuth 2.0): POST /token.

        RFC 6749: the grants password (also where `grant_type` is left out) and refresh_token. `username` may be the
        email. Parameters that are not known are ignored.
        """
        answer: documents.Tokens = await self._api.ask(OPERATIONS["createToken"], [], body=body)
        return answer

    async def sign_in(self, body: documents.SignInRequest) -> documents.SignedIn:
        """Sign in: POST /auth/token.

        `username` may be the email. Wrong names and wrong passwords are answered alike.
        """
        answer: documents.SignedIn = await self._api.ask(OPERATIONS["signIn"], [], body=body)
        return answer

    async def refresh_token(self, body: documents.RefreshTokenRequest) -> documents.SignedIn:
        """New tokens for a refresh token: POST /auth/refresh.

        The token is used up: used a second time, some seconds later, it ends its session.
        """
        answer: documents.SignedIn = await self._api.ask(OPERATIONS["refreshToken"], [], body=body)
        return answer

    async def revoke_token(self, body: documents.RefreshTokenRequest) -> None:
        """Sign out: POST /auth/revoke.

        Ends the session and closes its connections. A token that is none is fine (RFC 7009, section 2.2).
        """
        await self._api.ask(OPERATIONS["revokeToken"], [], body=body)

    async def exchange_sign_in(self, provider: str, body: documents.ExchangeSignInRequest) -> documents.SignedIn:
        """Tokens for the code of a sign-in by a provider: POST /auth/{provider}/exchange.

        The code stands in the fragment of the page's address after `GET /auth/{provider}/login` (docs/sign-in.md),
        and is good for 60 s and one use. Who comes for the first time gets an account, if the provider has verified
        their email and no account has it.
        """
        answer: documents.SignedIn = await self._api.ask(OPERATIONS["exchangeSignIn"], [provider], body=body)
        return answer

    async def list_sign_ins(self) -> documents.SignInList:
        """How one signs in oneself: GET /v1/users/me/sign-ins."""
        answer: documents.SignInList = await self._api.ask(OPERATIONS["listSignIns"], [])
        return answer

    async def link_sign_in(self, provider: str, body: documents.ExchangeSignInRequest) -> documents.LinkedSignIn:
        """Sign in by a provider, too: PUT /v1/users/me/sign-ins/{provider}.

        The code is that of `exchangeSignIn`. The same person again changes nothing. Within ten minutes after signing
        in.
        """
        answer: documents.LinkedSignIn = await self._api.ask(OPERATIONS["linkSignIn"], [provider], body=body)
        return answer

    async def unlink_sign_in(self, provider: str) -> None:
        """Sign in by a provider no more: DELETE /v1/users/me/sign-ins/{provider}.

        The last way to sign in stays. Sessions go on.
        """
        await self._api.ask(OPERATIONS["unlinkSignIn"], [provider])

    async def register_user(self, body: documents.RegisterUserRequest) -> documents.OwnUser:
        """Register: POST /v1/users.

        Names and emails belong to one user, in any case of their letters.
        """
        answer: documents.OwnUser = await self._api.ask(OPERATIONS["registerUser"], [], body=body)
        return answer

    async def find_users(self, *, username: str | None = None, ids: Sequence[str] | None = None) -> documents.UserList:
        """Find users by name or by ids: GET /v1/users.

        Exactly one of `username` and `ids`. Who is not found, or not shown to the caller, is left out.
        """
        answer: documents.UserList = await self._api.ask(
            OPERATIONS["findUsers"], [], query={"username": username, "ids": ids}
        )
        return answer

    async def get_me(self) -> documents.OwnUser:
        """The caller's own profile: GET /v1/users/me."""
        answer: documents.OwnUser = await self._api.ask(OPERATIONS["getMe"], [])
        return answer

    async def update_me(self, body: documents.UpdateMeRequest) -> documents.OwnUser:
        """Change the own profile: PATCH /v1/users/me.

        What is given replaces what was there; null removes the display name. A new password needs `current_password`,
        and ends the caller's other sessions. Who has none yet sets one within ten minutes after signing in.
        """
        answer: documents.OwnUser = await self._api.ask(OPERATIONS["updateMe"], [], body=body)
        return answer

    async def delete_me(self) -> None:
        """Delete the own account: DELETE /v1/users/me.

        Erases what is personal, frees the names, leaves every conversation and ends every session.
        """
        await self._api.ask(OPERATIONS["deleteMe"], [])

    async def export_me(self, *, limit: int | None = None, cursor: str | None = None) -> documents.ExportPage:
        """Everything that is kept of the caller: GET /v1/users/me/export.

        Profile, ways to sign in, addresses, sessions, webhooks, routing rules, accounts, files (what is known of
        them), and by conversation, those that were left included, the membership and the messages that the caller
        sent. No secrets, and nothing of others. A page may have fewer items than were asked for, or none, and not be
        the last.
        """
        answer: documents.ExportPage = await self._api.ask(
            OPERATIONS["exportMe"], [], query={"limit": limit, "cursor": cursor}
        )
        return answer

    async def get_user(self, user_id: str) -> documents.User:
        """A user, as others see them: GET /v1/users/{id}.

        Guests are shown to who shares a conversation with them.
        """
        answer: documents.User = await self._api.ask(OPERATIONS["getUser"], [user_id])
        return answer

    async def list_identities(self, channel: str) -> documents.IdentityList:
        """Own addresses on a channel: GET /v1/users/me/identities/{channel}."""
        answer: documents.IdentityList = await self._api.ask(OPERATIONS["listIdentities"], [channel])
        return answer

    async def link_identity(self, channel: str, body: documents.LinkIdentityRequest) -> documents.IdentityRequest:
        """Have a code sent to an address: PUT /v1/users/me/identities/{channel}.

        The code goes over the channel; it is good for ten minutes and five tries.
        """
        answer: documents.IdentityRequest = await self._api.ask(OPERATIONS["linkIdentity"], [channel], body=body)
        return answer

    async def unlink_identity(self, channel: str, *, account_id: str | None = None, address: str | None = None) -> None:
        """Let go of addresses: DELETE /v1/users/me/identities/{channel}.

        Of what is named, or of all on the channel where nothing is.
        """
        await self._api.ask(
            OPERATIONS["unlinkIdentity"], [channel], query={"account_id": account_id, "address": address}
        )

    async def verify_identity(self, channel: str, body: documents.VerifyIdentityRequest) -> documents.Identity:
        """Link an address by its code: POST /v1/users/me/identities/{channel}/verify.

        The address is the user's from then on, and what is written from there is said by the user.
        """
        answer: documents.Identity = await self._api.ask(OPERATIONS["verifyIdentity"], [channel], body=body)
        return answer

    async def create_conversation(
        self, body: documents.CreateConversationRequest, *, key: str | None = None
    ) -> documents.Conversation:
        """Begin a conversation: POST /v1/conversations.

        Private: exactly two members; a group: 3 to 100. The caller is one of them, listed or not, and its owner.
        """
        answer: documents.Conversation = await self._api.ask(OPERATIONS["createConversation"], [], body=body, key=key)
        return answer

    async def list_conversations(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> documents.ConversationPage:
        """Own conversations, newest activity first: GET /v1/conversations."""
        answer: documents.ConversationPage = await self._api.ask(
            OPERATIONS["listConversations"], [], query={"limit": limit, "cursor": cursor}
        )
        return answer

    async def get_conversation(self, conversation_id: str) -> documents.Conversation:
        """A conversation with its members: GET /v1/conversations/{id}."""
        answer: documents.Conversation = await self._api.ask(OPERATIONS["getConversation"], [conversation_id])
        return answer

    async def update_conversation(
        self, conversation_id: str, body: documents.UpdateConversationRequest
    ) -> documents.Conversation:
        """Change title or metadata: PATCH /v1/conversations/{id}.

        What is given replaces what was there; null removes it. For owners and admins.
        """
        answer: documents.Conversation = await self._api.ask(
            OPERATIONS["updateConversation"], [conversation_id], body=body
        )
        return answer

    async def delete_conversation(self, conversation_id: str) -> None:
        """Delete a conversation for everybody: DELETE /v1/conversations/{id}.

        For its owners.
        """
        await self._api.ask(OPERATIONS["deleteConversation"], [conversation_id])

    async def add_member(
        self, conversation_id: str, body: documents.AddMemberRequest, *, key: str | None = None
    ) -> documents.Member:
        """Add a member: POST /v1/conversations/{id}/members.

        For owners and admins, with at most their own role.
        """
        answer: documents.Member = await self._api.ask(OPERATIONS["addMember"], [conversation_id], body=body, key=key)
        return answer

    async def list_members(
        self, conversation_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> documents.MemberPage:
        """Members, by user id: GET /v1/conversations/{id}/members."""
        answer: documents.MemberPage = await self._api.ask(
            OPERATIONS["listMembers"], [conversation_id], query={"limit": limit, "cursor": cursor}
        )
        return answer

    async def update_member(
        self, conversation_id: str, user_id: str, body: documents.UpdateMemberRequest
    ) -> documents.Member:
        """Change a member's role: PATCH /v1/conversations/{id}/members/{user_id}.

        Of a member below oneself, to at most one's own.
        """
        answer: documents.Member = await self._api.ask(
            OPERATIONS["updateMember"], [conversation_id, user_id], body=body
        )
        return answer

    async def remove_member(self, conversation_id: str, user_id: str) -> None:
        """Remove a member, or leave: DELETE /v1/conversations/{id}/members/{user_id}.

        Owners and admins remove who is below them; everybody may leave.
        """
        await self._api.ask(OPERATIONS["removeMember"], [conversation_id, user_id])

    async def send_message(self, body: documents.SendMessageRequest, *, key: str | None = None) -> documents.Accepted:
        """Send a message: POST /v1/messages.

        202 is the promise that it reaches every recipient. The same `message_id` (or `Idempotency-Key`) with the same
        content answers the same again. Without `channels` the routing rules decide where it goes.
        """
        answer: documents.Accepted = await self._api.ask(OPERATIONS["sendMessage"], [], body=body, key=key)
        return answer

    async def list_messages(
        self,
        conversation_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        before_seq: int | None = None,
        after_seq: int | None = None,
        offset: int | None = None,
    ) -> documents.MessagePage:
        """The history of a conversation: GET /v1/conversations/{id}/messages.

        Newest first; with `after_seq` oldest first, with `changes` of earlier messages and `complete_through`. At
        most one of `cursor`, `before_seq`, `after_seq` and `offset`.
        """
        answer: documents.MessagePage = await self._api.ask(
            OPERATIONS["listMessages"],
            [conversation_id],
            query={
                "limit": limit,
                "cursor": cursor,
                "before_seq": before_seq,
                "after_seq": after_seq,
                "offset": offset,
            },
        )
        return answer

    async def get_message(self, message_id: str) -> documents.Message:
        """One message: GET /v1/messages/{id}."""
        answer: documents.Message = await self._api.ask(OPERATIONS["getMessage"], [message_id])
        return answer

    async def edit_message(self, message_id: str, body: documents.EditMessageRequest) -> documents.Message:
        """Change the content of a message: PATCH /v1/messages/{id}.

        For its sender. With `revision`, the one that is held, nothing newer is overwritten. The same again answers
        the same.
        """
        answer: documents.Message = await self._api.ask(OPERATIONS["editMessage"], [message_id], body=body)
        return answer

    async def unsend_message(self, message_id: str) -> documents.Message:
        """Unsend a message, for everybody: DELETE /v1/messages/{id}.

        For its sender, owners and admins. What it said is erased, its place remains.
        """
        answer: documents.Message = await self._api.ask(OPERATIONS["unsendMessage"], [message_id])
        return answer

    async def get_message_status(self, message_id: str) -> documents.StatusReport:
        """What became of a message: GET /v1/messages/{id}/status."""
        answer: documents.StatusReport = await self._api.ask(OPERATIONS["getMessageStatus"], [message_id])
        return answer

    async def add_reaction(self, message_id: str, emoji: str) -> documents.Reactions:
        """React to a message: PUT /v1/messages/{id}/reactions/{emoji}.

        With one emoji of Unicode, percent-encoded. What is so already answers the same.
        """
        answer: documents.Reactions = await self._api.ask(OPERATIONS["addReaction"], [message_id, emoji])
        return answer

    async def remove_reaction(self, message_id: str, emoji: str) -> documents.Reactions:
        """Take a reaction back: DELETE /v1/messages/{id}/reactions/{emoji}."""
        answer: documents.Reactions = await self._api.ask(OPERATIONS["removeReaction"], [message_id, emoji])
        return answer

    async def record_receipt(self, conversation_id: str, body: documents.RecordReceiptRequest) -> documents.Receipt:
        """Say how far one has received and read: POST /v1/conversations/{id}/receipts.

        One of the two at least, at most `last_seq`. Watermarks never fall, and what is read is delivered.
        """
        answer: documents.Receipt = await self._api.ask(OPERATIONS["recordReceipt"], [conversation_id], body=body)
        return answer

    async def send_typing(
        self, conversation_id: str, *, body: documents.SendTypingRequest | None = None
    ) -> documents.Typing:
        """Show that one is writing: POST /v1/conversations/{id}/typing.

        Others show it for `expires_in` seconds, unless it comes again.
        """
        answer: documents.Typing = await self._api.ask(OPERATIONS["sendTyping"], [conversation_id], body=body)
        return answer

    async def upload_file(self, body: Mapping[str, Any], *, key: str | None = None) -> documents.File:
        """Upload a small file: POST /v1/files.

        Up to 4 MiB in one request; what is larger is uploaded in parts.
        """
        answer: documents.File = await self._api.ask(OPERATIONS["uploadFile"], [], body=body, key=key)
        return answer

    async def get_file(self, file_id: str) -> documents.File:
        """A file, and how far its upload is: GET /v1/files/{id}."""
        answer: documents.File = await self._api.ask(OPERATIONS["getFile"], [file_id])
        return answer

    async def delete_file(self, file_id: str) -> None:
        """Delete a file, or give an upload up: DELETE /v1/files/{id}.

        For its owner, and for everybody: messages keep its name.
        """
        await self._api.ask(OPERATIONS["deleteFile"], [file_id])

    async def get_file_download(self, file_id: str) -> documents.FileDownload:
        """An address for the download: GET /v1/files/{id}/presigned."""
        answer: documents.FileDownload = await self._api.ask(OPERATIONS["getFileDownload"], [file_id])
        return answer

    async def initiate_upload(
        self, body: documents.InitiateUploadRequest, *, key: str | None = None
    ) -> documents.Upload:
        """Begin an upload in parts: POST /v1/files/initiate.

        The parts go to S3 by `PUT`, in any order and many at once; then the upload is completed.
        """
        answer: documents.Upload = await self._api.ask(OPERATIONS["initiateUpload"], [], body=body, key=key)
        return answer

    async def sign_upload_parts(self, file_id: str, body: documents.SignUploadPartsRequest) -> documents.SignedParts:
        """Addresses for parts: POST /v1/files/{id}/parts.

        Of the numbers that are named, else of the first 100 that have not arrived.
        """
        answer: documents.SignedParts = await self._api.ask(OPERATIONS["signUploadParts"], [file_id], body=body)
        return answer

    async def complete_upload(self, body: documents.CompleteUploadRequest) -> documents.File:
        """Complete an upload: POST /v1/files/complete.

        200: `completed`, or `failed` with `reason`; 202: the bytes are still being checked, ask for the file. May be
        repeated.
        """
        answer: documents.File = await self._api.ask(OPERATIONS["completeUpload"], [], body=body)
        return answer

    async def get_presence(self, user_id: str) -> documents.Presence:
        """Whether somebody is online: GET /v1/users/{id}/presence.

        For who shares a conversation with them.
        """
        answer: documents.Presence = await self._api.ask(OPERATIONS["getPresence"], [user_id])
        return answer

    async def send_heartbeat(self, *, body: documents.SendHeartbeatRequest | None = None) -> documents.Heartbeat:
        """A sign of life, for apps without a WebSocket: POST /v1/presence/heartbeat.

        Each `interval` seconds while the app is in use. With a conversation it answers who of its members is online.
        """
        answer: documents.Heartbeat = await self._api.ask(OPERATIONS["sendHeartbeat"], [], body=body)
        return answer

    async def create_routing_rule(self, body: documents.CreateRoutingRuleRequest) -> documents.RoutingRule:
        """Put in a rule: POST /v1/routing-rules.

        At its position, from 1, or at the end. Rules are looked at in order; the first that holds decides.
        """
        answer: documents.RoutingRule = await self._api.ask(OPERATIONS["createRoutingRule"], [], body=body)
        return answer

    async def list_routing_rules(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> documents.RoutingRulePage:
        """Own rules, in order: GET /v1/routing-rules."""
        answer: documents.RoutingRulePage = await self._api.ask(
            OPERATIONS["listRoutingRules"], [], query={"limit": limit, "cursor": cursor}
        )
        return answer

    async def test_routing_rules(self, body: documents.TestRoutingRulesRequest) -> documents.TrialResult:
        """What the rules would choose, and why: POST /v1/routing-rules/test.

        With a conversation's members as they are, or with recipients by hand. Nothing is sent.
        """
        answer: documents.TrialResult = await self._api.ask(OPERATIONS["testRoutingRules"], [], body=body)
        return answer

    async def get_routing_rule(self, routing_rule_id: str) -> documents.RoutingRule:
        """One rule: GET /v1/routing-rules/{id}."""
        answer: documents.RoutingRule = await self._api.ask(OPERATIONS["getRoutingRule"], [routing_rule_id])
        return answer

    async def update_routing_rule(
        self, routing_rule_id: str, body: documents.UpdateRoutingRuleRequest
    ) -> documents.RoutingRule:
        """Change or move a rule: PATCH /v1/routing-rules/{id}."""
        answer: documents.RoutingRule = await self._api.ask(
            OPERATIONS["updateRoutingRule"], [routing_rule_id], body=body
        )
        return answer

    async def delete_routing_rule(self, routing_rule_id: str) -> None:
        """Delete a rule: DELETE /v1/routing-rules/{id}."""
        await self._api.ask(OPERATIONS["deleteRoutingRule"], [routing_rule_id])

    async def create_account(self, body: documents.CreateAccountRequest) -> documents.Account:
        """Connect an account of a channel: POST /v1/accounts.

        Its provider is asked first, and told where to call. Which settings there are depends on the channel:
        docs/channels.md.
        """
        answer: documents.Account = await self._api.ask(OPERATIONS["createAccount"], [], body=body)
        return answer

    async def list_accounts(self, *, limit: int | None = None, cursor: str | None = None) -> documents.AccountPage:
        """Accounts that the caller manages: GET /v1/accounts."""
        answer: documents.AccountPage = await self._api.ask(
            OPERATIONS["listAccounts"], [], query={"limit": limit, "cursor": cursor}
        )
        return answer

    async def get_account(self, account_id: str) -> documents.Account:
        """One account, without its secrets: GET /v1/accounts/{id}."""
        answer: documents.Account = await self._api.ask(OPERATIONS["getAccount"], [account_id])
        return answer

    async def update_account(self, account_id: str, body: documents.UpdateAccountRequest) -> documents.Account:
        """Change an account: PATCH /v1/accounts/{id}.

        Settings that are left out stay as they are, and null takes one away. All stays as it was if the provider
        refuses.
        """
        answer: documents.Account = await self._api.ask(OPERATIONS["updateAccount"], [account_id], body=body)
        return answer

    async def delete_account(self, account_id: str) -> None:
        """Disconnect an account: DELETE /v1/accounts/{id}."""
        await self._api.ask(OPERATIONS["deleteAccount"], [account_id])

    async def create_webhook(self, body: documents.CreateWebhookRequest) -> documents.WebhookWithSecret:
        """Register an endpoint: POST /v1/webhooks.

        The only answer with its secret. Requests are signed as Standard Webhooks 1.0 says.
        """
        answer: documents.WebhookWithSecret = await self._api.ask(OPERATIONS["createWebhook"], [], body=body)
        return answer

    async def list_webhooks(self, *, limit: int | None = None, cursor: str | None = None) -> documents.WebhookPage:
        """Own endpoints: GET /v1/webhooks."""
        answer: documents.WebhookPage = await self._api.ask(
            OPERATIONS["listWebhooks"], [], query={"limit": limit, "cursor": cursor}
        )
        return answer

    async def get_webhook(self, webhook_id: str) -> documents.Webhook:
        """One endpoint, without its secret: GET /v1/webhooks/{id}."""
        answer: documents.Webhook = await self._api.ask(OPERATIONS["getWebhook"], [webhook_id])
        return answer

    async def update_webhook(self, webhook_id: str, body: documents.UpdateWebhookRequest) -> documents.Webhook:
        """Change, enable or disable an endpoint: PATCH /v1/webhooks/{id}."""
        answer: documents.Webhook = await self._api.ask(OPERATIONS["updateWebhook"], [webhook_id], body=body)
        return answer

    async def delete_webhook(self, webhook_id: str) -> None:
        """Delete an endpoint: DELETE /v1/webhooks/{id}."""
        await self._api.ask(OPERATIONS["deleteWebhook"], [webhook_id])

    async def rotate_webhook_secret(
        self, webhook_id: str, *, body: documents.RotateWebhookSecretRequest | None = None
    ) -> documents.WebhookWithSecret:
        """Have another secret: POST /v1/webhooks/{id}/secret.

        For `overlap_s` (a day) requests are signed with the former one too.
        """
        answer: documents.WebhookWithSecret = await self._api.ask(
            OPERATIONS["rotateWebhookSecret"], [webhook_id], body=body
        )
        return answer

    async def test_webhook(self, webhook_id: str) -> documents.WebhookTest:
        """Have a `webhook.test` sent: POST /v1/webhooks/{id}/test."""
        answer: documents.WebhookTest = await self._api.ask(OPERATIONS["testWebhook"], [webhook_id])
        return answer

    async def list_webhook_deliveries(
        self,
        webhook_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        status: Literal["pending", "delivered", "failed"] | None = None,
    ) -> documents.WebhookDeliveryPage:
        """What became of deliveries: GET /v1/webhooks/{id}/deliveries."""
        answer: documents.WebhookDeliveryPage = await self._api.ask(
            OPERATIONS["listWebhookDeliveries"],
            [webhook_id],
            query={"limit": limit, "cursor": cursor, "status": status},
        )
        return answer

    async def replay_webhook_deliveries(
        self, webhook_id: str, body: documents.ReplayWebhookDeliveriesRequest
    ) -> documents.WebhookReplay:
        """Have deliveries sent again: POST /v1/webhooks/{id}/replay.

        One, or those whose events are of a time; each conversation in its order. What waits is tried at once.
        """
        answer: documents.WebhookReplay = await self._api.ask(
            OPERATIONS["replayWebhookDeliveries"], [webhook_id], body=body
        )
        return answer

    async def list_my_audit_log(self, *, limit: int | None = None, cursor: str | None = None) -> documents.AuditPage:
        """What the caller did: GET /v1/users/me/audit-log.

        And what was tried in the caller's name. Newest first.
        """
        answer: documents.AuditPage = await self._api.ask(
            OPERATIONS["listMyAuditLog"], [], query={"limit": limit, "cursor": cursor}
        )
        return answer

    async def list_conversation_audit_log(
        self, conversation_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> documents.AuditPage:
        """What was done to a conversation: GET /v1/conversations/{id}/audit-log.

        For its owners and admins.
        """
        answer: documents.AuditPage = await self._api.ask(
            OPERATIONS["listConversationAuditLog"], [conversation_id], query={"limit": limit, "cursor": cursor}
        )
        return answer

    async def list_account_audit_log(
        self, account_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> documents.AuditPage:
        """What was done to an account: GET /v1/accounts/{id}/audit-log.

        For who manages it.
        """
        answer: documents.AuditPage = await self._api.ask(
            OPERATIONS["listAccountAuditLog"], [account_id], query={"limit": limit, "cursor": cursor}
        )
        return answer

    async def list_audit_log(
        self, *, limit: int | None = None, cursor: str | None = None, log: str | None = None, day: str | None = None
    ) -> documents.AuditPage:
        """Any log, for administrators: GET /v1/audit-log.

        Newest first. By default what belongs to nobody and what administrators do; that they look is recorded too.
        """
        answer: documents.AuditPage = await self._api.ask(
            OPERATIONS["listAuditLog"], [], query={"limit": limit, "cursor": cursor, "log": log, "day": day}
        )
        return answer

    async def list_administrators(self) -> documents.AdministratorPage:
        """All administrators: GET /v1/administrators."""
        answer: documents.AdministratorPage = await self._api.ask(OPERATIONS["listAdministrators"], [])
        return answer

    async def get_administrator(self, user_id: str) -> documents.Administrator:
        """One administrator: GET /v1/administrators/{user_id}."""
        answer: documents.Administrator = await self._api.ask(OPERATIONS["getAdministrator"], [user_id])
        return answer

    async def grant_administrator(self, user_id: str) -> documents.Administrator:
        """Make a user an administrator: PUT /v1/administrators/{user_id}.

        From their next request on. Who is one already stays as they were. The first one is made by `scripts/admin`.
        """
        answer: documents.Administrator = await self._api.ask(OPERATIONS["grantAdministrator"], [user_id])
        return answer

    async def revoke_administrator(self, user_id: str) -> None:
        """Make an administrator none: DELETE /v1/administrators/{user_id}.

        From their next request on. The last one makes another one first.
        """
        await self._api.ask(OPERATIONS["revokeAdministrator"], [user_id])

    async def list_user_webhooks(
        self, user_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> documents.WebhookPage:
        """A user's endpoints, for administrators: GET /v1/users/{id}/webhooks."""
        answer: documents.WebhookPage = await self._api.ask(
            OPERATIONS["listUserWebhooks"], [user_id], query={"limit": limit, "cursor": cursor}
        )
        return answer

    async def delete_user_webhook(self, user_id: str, webhook_id: str) -> None:
        """Delete a user's endpoint, for administrators: DELETE /v1/users/{id}/webhooks/{webhook_id}."""
        await self._api.ask(OPERATIONS["deleteUserWebhook"], [user_id, webhook_id])

    async def get_health(self) -> documents.Alive:
        """Whether the process answers: GET /health."""
        answer: documents.Alive = await self._api.ask(OPERATIONS["getHealth"], [])
        return answer

    async def get_liveness(self) -> documents.Alive:
        """The same as /health: GET /health/live."""
        answer: documents.Alive = await self._api.ask(OPERATIONS["getLiveness"], [])
        return answer

    async def get_readiness(self) -> documents.Readiness:
        """Whether every dependency answers: GET /health/ready."""
        answer: documents.Readiness = await self._api.ask(OPERATIONS["getReadiness"], [])
        return answer

    async def get_open_id_configuration(self) -> documents.OpenIdConfiguration:
        """Who issues access tokens: GET /.well-known/openid-configuration.

        OpenID Connect Discovery 1.0.
        """
        answer: documents.OpenIdConfiguration = await self._api.ask(OPERATIONS["getOpenIdConfiguration"], [])
        return answer

    async def get_keys(self) -> documents.KeySet:
        """Keys that sign access tokens: GET /.well-known/jwks.json.

        RFC 7517.
        """
        answer: documents.KeySet = await self._api.ask(OPERATIONS["getKeys"], [])
        return answer
