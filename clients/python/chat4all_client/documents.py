"""Documents of the HTTP API, from the contract. Written by scripts/write-contract.

Answers may have further fields, which are to be passed over."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Accepted(TypedDict):
    """The promise that a message reaches every recipient."""

    status: Literal["accepted"]
    message_id: str
    conversation_id: str
    seq: int
    created_at: str


class Account(TypedDict):
    """An account as its owner sees it: secrets are shown as `set`."""

    id: str
    owner_id: str
    """Who made it: contacts' private conversations are with them."""
    channel: str
    name: str
    settings: dict[str, Any]
    inbound: Inbound
    created_at: str
    updated_at: str
    breaker: Breaker


class AccountPage(TypedDict):
    """Accounts."""

    items: list[Account]
    next_cursor: str | None


class AddMemberRequest(TypedDict):
    """Body of POST .../members."""

    user_id: str
    role: NotRequired[Literal["owner", "admin", "member", "reader"]]


class Administrator(TypedDict):
    """A user who administers the deployment."""

    user_id: str
    granted_by: str
    """User id, or `operator:<ARN>`."""
    granted_at: str


class AdministratorPage(TypedDict):
    """All of them: `next_cursor` is always null."""

    items: list[Administrator]
    next_cursor: str | None


class Alive(TypedDict):
    """The process answers."""

    status: Literal["ok"]


class ArrivedPart(TypedDict):
    """A part, as its sender knows it."""

    number: int
    etag: str


class AuditEntry(TypedDict):
    """One thing that was done or tried."""

    id: str
    time: str
    action: str
    outcome: str
    """begun, done, denied or failed."""
    actor: str | None
    """User id, or `operator:<ARN>`; null where nobody has proved who they are."""
    code: str | None
    """Of the error, where there was one."""
    target: str | None
    source_address: str | None
    user_agent: str | None
    request_id: str | None
    connection_id: str | None
    details: dict[str, str | int]


class AuditPage(TypedDict):
    """Entries, newest first."""

    items: list[AuditEntry]
    next_cursor: str | None


class Breaker(TypedDict):
    """Whether sends to the provider are held back for now."""

    state: Literal["closed", "open", "half_open"]
    failures: int
    since: NotRequired[str]
    retry_at: NotRequired[str]
    reason: NotRequired[str]


class CompleteUploadRequest(TypedDict):
    """Body of POST /v1/files/complete."""

    file_id: str
    sha256: NotRequired[str | None]
    parts: NotRequired[list[ArrivedPart] | None]
    """Where given, S3 must have these very parts. It may be left out: S3's own list is what counts."""


class Conditions(TypedDict):
    """All that are given must hold; of a list, one of it."""

    senders: NotRequired[list[str] | None]
    recipients: NotRequired[list[str] | None]
    origins: NotRequired[list[Literal["in_app", "telegram", "whatsapp", "messenger", "instagram"]] | None]
    """Channels that the message came from."""
    types: NotRequired[list[Literal["text", "file", "location", "contact"]] | None]
    size: NotRequired[TextSize | None]
    words: NotRequired[list[str] | None]
    """Whole words or phrases of the text, in any case."""
    hours: NotRequired[Hours | None]
    """When the message was accepted."""
    presence: NotRequired[Literal["online", "offline"] | None]
    """Whether the recipient has the app open."""


class Contact(TypedDict):
    """Content of type contact."""

    name: str
    phone: NotRequired[str | None]
    email: NotRequired[str | None]
    user_id: NotRequired[str | None]


class Conversation(TypedDict):
    """A conversation with its members."""

    id: str
    type: Literal["private", "group"]
    title: str | None
    metadata: dict[str, Any]
    created_by: str
    created_at: str
    updated_at: str
    last_activity_at: str
    last_message: LastMessage | None
    last_seq: int
    """What is shown up to now."""
    member_count: int
    unread_count: int
    """Messages of others behind `read_seq`, counted up to 100."""
    delivered_seq: int
    """The caller's own, as `read_seq`."""
    read_seq: int
    members: list[Member]


class ConversationPage(TypedDict):
    """Conversations, newest activity first."""

    items: list[ConversationSummary]
    next_cursor: str | None


class ConversationSummary(TypedDict):
    """A conversation in a list."""

    id: str
    type: Literal["private", "group"]
    title: str | None
    metadata: dict[str, Any]
    created_by: str
    created_at: str
    updated_at: str
    last_activity_at: str
    last_message: LastMessage | None
    last_seq: int
    """What is shown up to now."""
    member_count: int
    unread_count: int
    """Messages of others behind `read_seq`, counted up to 100."""
    delivered_seq: int
    """The caller's own, as `read_seq`."""
    read_seq: int


class CreateAccountRequest(TypedDict):
    """Body of POST /v1/accounts. Which settings there are depends on the channel."""

    channel: Literal["telegram", "whatsapp", "messenger", "instagram"]
    name: str
    settings: dict[str, Any]
    inbound: NotRequired[InboundRule]


class CreateConversationRequest(TypedDict):
    """Body of POST /v1/conversations. The creator is a member whether listed or not."""

    type: Literal["private", "group"]
    member_ids: list[str]
    title: NotRequired[str | None]
    metadata: NotRequired[dict[str, Any] | None]


class CreateRoutingRuleRequest(TypedDict):
    """Body of POST /v1/routing-rules."""

    name: NotRequired[str | None]
    enabled: NotRequired[bool]
    position: NotRequired[int | None]
    """Where it is put in, from 1; those from there on move down. None: at the end."""
    conditions: NotRequired[Conditions]
    action: RuleAction


class CreateTokenRequest(TypedDict):
    """Form of POST /token, of which the handler reads the part that goes with the grant (`chat4all.domain.sign_in`)."""

    grant_type: NotRequired[Literal["password", "refresh_token"]]
    username: NotRequired[str | None]
    """Of the grant password, as `password`."""
    password: NotRequired[str | None]
    refresh_token: NotRequired[str | None]
    """Of the grant refresh_token."""


class CreateWebhookRequest(TypedDict):
    """Body of POST /v1/webhooks."""

    url: str
    events: list[
        Literal[
            "message.created",
            "message.updated",
            "message.deleted",
            "message.status",
            "reaction.updated",
            "receipt.updated",
            "conversation.updated",
            "member.updated",
            "webhook.disabled",
            "*",
        ]
    ]
    secret: NotRequired[str | None]
    """`whsec_` and base64 of 24 to 64 bytes; made where it is left out."""
    description: NotRequired[str | None]


class Delivery(TypedDict):
    """The fate of a part of a message on one way; of the app only `channel` and `status`."""

    channel: str
    status: Literal["accepted", "sent", "delivered", "read", "failed"]
    account_id: NotRequired[str]
    part: NotRequired[int]
    attempts: NotRequired[int]
    updated_at: NotRequired[str]
    file_id: NotRequired[str]
    """What it carries."""
    external_id: NotRequired[str]
    """The provider's."""
    reason: NotRequired[str]
    """Why it failed: a stable word, a colon and a text."""
    note: NotRequired[str]
    """In what it differs from what was asked, such as a link in the place of a file."""
    outdated: NotRequired[Literal[True]]
    """The channel shows what the message said before it was changed."""


class DeliveryAttempt(TypedDict):
    """One request."""

    at: str
    """When it began."""
    duration_ms: int
    status_code: NotRequired[int]
    error: NotRequired[str]
    """A stable word, a colon and a text, where no answer came."""


class DependencyState(TypedDict):
    """Whether a dependency answers."""

    status: Literal["up", "down"]
    latency_ms: int
    error: NotRequired[str]
    """A word for the cause."""


class Draft(TypedDict):
    """The message."""

    type: NotRequired[Literal["text", "file", "location", "contact"]]
    content: NotRequired[str | Location | Contact | None]
    sender_id: NotRequired[str | None]
    """None: the caller."""
    channel: NotRequired[Literal["in_app", "telegram", "whatsapp", "messenger", "instagram"]]
    """From which it comes."""
    channels: NotRequired[list[Literal["in_app", "telegram", "whatsapp", "messenger", "instagram", "all"]] | None]
    """That the sender asks for."""
    at: NotRequired[str | None]
    """When it is accepted (RFC 3339). None: now."""


class EditMessageRequest(TypedDict):
    """Body of PATCH /v1/messages/{id}."""

    content: str | Location | Contact | None
    revision: NotRequired[int | None]
    """The revision that the caller has seen: where it is another by now, nothing is changed (409)."""


class ExchangeSignInRequest(TypedDict):
    """Body of POST /auth/{provider}/exchange and of PUT /v1/users/me/sign-ins/{provider}."""

    code: str
    """From the fragment of the page's address; good for a minute and one use."""
    code_verifier: str
    """Of which the challenge was made."""


class ExplainedChoice(TypedDict):
    """The choice for one recipient, and why."""

    recipient_id: str
    choice: RuleChoice
    rules: list[RuleLookedAt]
    """In order, up to the one that decided."""
    explanation: str
    """In words."""
    online: bool
    routes: list[RuleRoute]


class ExportItem(TypedDict):
    """One thing that is kept."""

    kind: Literal[
        "profile",
        "sign_in",
        "identity",
        "session",
        "webhook",
        "routing_rule",
        "account",
        "file",
        "membership",
        "message",
    ]
    """What it is. New kinds may come."""
    data: dict[str, Any]
    """As the operation of that kind answers it; of a message without reactions."""


class ExportPage(TypedDict):
    """Items of all kinds, one kind after the other; each conversation's messages stand behind its membership, oldest
    first."""

    items: list[ExportItem]
    next_cursor: str | None


class Fallback(TypedDict):
    """One channel after the other, until one has reached the recipient."""

    chain: list[Literal["in_app", "telegram", "whatsapp", "messenger", "instagram"]]
    wait_s: int


class FallbackProgress(TypedDict):
    """A fallback chain, and how far it is."""

    wait_s: int
    chain: list[FallbackStep]


class FallbackStep(TypedDict):
    """A channel of a fallback chain."""

    channel: str
    status: Literal["accepted", "sent", "delivered", "read", "failed", "waiting", "not_needed"]


class FieldProblem(TypedDict):
    """One thing that is wrong with a request."""

    pointer: str
    """A JSON Pointer (RFC 6901) into the body, `?name` of a parameter, or the name of a header."""
    detail: str


class File(TypedDict):
    """A file."""

    file_id: str
    filename: str
    content_type: str
    kind: Literal["image", "video", "audio", "voice", "document", "sticker", "animation"]
    size: NotRequired[int]
    """Bytes, where it is known."""
    reason: NotRequired[str]
    """Of a file that failed: a stable word, a colon and a text."""
    image: NotRequired[ImageSize]
    """Of an image, soon after its bytes are there."""
    status: Literal["pending", "verifying", "completed", "failed"]
    """pending: its bytes are on their way; verifying: they are being checked."""
    owner_id: str
    created_at: str
    sha256: NotRequired[str]
    upload: NotRequired[UploadProgress]
    """Of a pending upload, for its owner."""
    verification: NotRequired[Verification]
    """Of an upload that is being checked, for its owner."""


class FileDownload(TypedDict):
    """Addresses of the bytes, for whoever has them, until `expires_at`. `Range` works."""

    file_id: str
    filename: str
    content_type: str
    kind: Literal["image", "video", "audio", "voice", "document", "sticker", "animation"]
    size: NotRequired[int]
    """Bytes, where it is known."""
    reason: NotRequired[str]
    """Of a file that failed: a stable word, a colon and a text."""
    image: NotRequired[ImageSize]
    """Of an image, soon after its bytes are there."""
    url: str
    """For GET only."""
    expires_at: str
    thumbnail_url: NotRequired[str]
    """Of an image that has one."""


class GatewayError(TypedDict):
    """What API Gateway answers by itself, before anything of ours is asked: no token or a wrong one, too large, too
    busy."""

    message: str | None


class GivenRecipient(TypedDict):
    """Somebody by hand."""

    recipient_id: str
    channels: list[Literal["in_app", "telegram", "whatsapp", "messenger", "instagram"]]
    """On which they are reached."""
    online: NotRequired[bool]


class Heartbeat(TypedDict):
    """The answer to a sign of life."""

    time: str
    interval: int
    """Seconds until the next one."""
    presence: NotRequired[list[Presence]]
    """Of the other members of the conversation that was named."""


class Hours(TypedDict):
    """A time of the week by the clocks of a place. An end at or before the start is on the next day, and belongs to
    the first."""

    time_zone: str
    days: NotRequired[list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]]]
    start: NotRequired[str]
    end: NotRequired[str]
    """Not part of it."""


class Identity(TypedDict):
    """An address on a channel: linked, or waiting for its code."""

    channel: str
    account_id: str
    address: str
    """As the provider knows it."""
    status: Literal["linked", "pending"]
    linked_at: NotRequired[str]
    expires_at: NotRequired[str]
    """Of the code."""
    tries_left: NotRequired[int]


class IdentityList(TypedDict):
    """What is linked, and what waits for its code."""

    items: list[Identity]


class IdentityRequest(TypedDict):
    """What is waited for; the same whether anybody is known by that address, and whether the code could be sent."""

    channel: str
    account_id: str
    address: str
    """As the provider knows it."""
    status: Literal["linked", "pending"]
    linked_at: NotRequired[str]
    expires_at: NotRequired[str]
    """Of the code."""
    tries_left: NotRequired[int]
    how: str
    """What to do where no code comes, for people."""


class ImageSize(TypedDict):
    """As it is seen, in pixels."""

    width: int
    height: int


class Inbound(TypedDict):
    """Where what arrives goes."""

    conversation: str
    """`by_contact`, or the id of a group."""
    mirror_to: NotRequired[str]


class InboundRule(TypedDict):
    """Where what a new contact writes goes."""

    conversation: NotRequired[str]
    """by_contact: a private conversation of the account's owner with each contact; or a conversation's id."""
    mirror_to: NotRequired[str | None]
    """A conversation in which everything that arrives is said once more."""


class InitiateUploadRequest(TypedDict):
    """Body of POST /v1/files/initiate."""

    filename: str
    size: int
    """Bytes."""
    content_type: NotRequired[str | None]
    sha256: NotRequired[str | None]
    kind: NotRequired[Literal["image", "video", "audio", "voice", "document", "sticker", "animation"] | None]
    part_size: NotRequired[int | None]
    """Bytes."""
    part_checksum: NotRequired[Literal["sha256"] | None]
    """Every part comes with its SHA-256, signed into its address. S3 takes all parts so or none
    (chat4all.upload_bucket)."""


class Key(TypedDict):
    """A JSON Web Key (RFC 7517)."""

    kty: str
    kid: str


class KeySet(TypedDict):
    """Every key whose tokens may live."""

    keys: list[Key]


class LastMessage(TypedDict):
    """The newest message in short."""

    message_id: str
    seq: int
    sender_id: str
    type: str
    preview: str
    """Its first 100 characters; of files without a caption their names."""
    created_at: str
    edited_at: NotRequired[str]
    deleted_at: NotRequired[str]


class LinkIdentityRequest(TypedDict):
    """Body of PUT /v1/users/me/identities/{channel}."""

    account_id: str
    address: str


class LinkedSignIn(TypedDict):
    """Somebody at a provider who signs in to the account."""

    provider: Literal["google", "github"]
    label: str | None
    """By which the person knows the account there again: an email at Google, a login at GitHub."""
    linked_at: str


class Location(TypedDict):
    """Content of type location: degrees."""

    latitude: float
    longitude: float
    name: NotRequired[str | None]
    address: NotRequired[str | None]


class Member(TypedDict):
    """A user in a conversation."""

    user_id: str
    role: Literal["owner", "admin", "member", "reader"]
    channels: list[str]
    """On which they are reached."""
    delivered_seq: int
    """Everything up to there has reached them."""
    read_seq: int
    joined_at: str


class MemberPage(TypedDict):
    """Members, by user id."""

    items: list[Member]
    next_cursor: str | None


class Message(TypedDict):
    """A message in its newest state."""

    message_id: str
    conversation_id: str
    seq: int
    sender_id: str
    channel: str
    """Where it came from."""
    type: str
    """text, file, location or contact; what comes over a channel may be of another one."""
    content: Any
    """A text (of a file its caption), or the location's or contact's fields; null of one that was unsent."""
    reactions: dict[str, list[str]]
    """Who reacted, by emoji."""
    created_at: str
    file: NotRequired[MessageFile]
    """Of several the first."""
    files: NotRequired[list[MessageFile]]
    """All, where there are several."""
    reply_to: NotRequired[str]
    metadata: NotRequired[dict[str, Any]]
    reactions_version: NotRequired[int]
    """Grows with each reaction; none: there never were any."""
    revision: NotRequired[int]
    """Number of the change that made this state; none: as it was sent."""
    edited_at: NotRequired[str]
    deleted_at: NotRequired[str]
    status: NotRequired[Literal["accepted", "sent", "delivered", "read", "failed"]]
    """The lowest over all recipients who can report it; left out where a change is answered."""


class MessageChange(TypedDict):
    """A message from before this page that was changed in it."""

    seq: int
    """The change's own number."""
    type: Literal["message.updated", "message.deleted", "reaction.updated"]
    time: str
    message: Message


class MessageFile(TypedDict):
    """What a message shows of a file."""

    file_id: str
    filename: str
    content_type: str
    kind: Literal["image", "video", "audio", "voice", "document", "sticker", "animation"]
    size: NotRequired[int]
    """Bytes, where it is known."""
    reason: NotRequired[str]
    """Of a file that failed: a stable word, a colon and a text."""
    image: NotRequired[ImageSize]
    """Of an image, soon after its bytes are there."""
    status: Literal["pending", "verifying", "completed", "failed"]
    """pending: its bytes are on their way; verifying: they are being checked."""


class MessagePage(TypedDict):
    """A page of the history."""

    items: list[Message]
    next_cursor: str | None
    changes: NotRequired[list[MessageChange]]
    """With `after_seq`."""
    complete_through: NotRequired[int]
    """With `after_seq`: nothing will come any more up to here."""


class OAuthProblem(TypedDict):
    """An error of the token endpoint: RFC 6749, section 5.2, and the members of a problem."""

    type: str
    """`urn:chat4all:problem:<code>`."""
    title: str
    """The status in words."""
    status: int
    detail: str
    """For people."""
    instance: str
    """The path that was asked."""
    code: str
    """A stable word, for programs."""
    errors: NotRequired[list[FieldProblem]]
    numbers: NotRequired[list[int]]
    """Of `parts_missing`: the first 1,000 parts that an upload lacks."""
    retry_after: NotRequired[int]
    """Seconds, as the header Retry-After says."""
    message_id: NotRequired[str]
    """Of a send that may have been written: what to repeat it with."""
    error: str
    error_description: str


class OpenIdConfiguration(TypedDict):
    """OpenID Connect Discovery 1.0, section 3."""

    issuer: str
    jwks_uri: str
    token_endpoint: str
    token_endpoint_auth_methods_supported: list[str]
    grant_types_supported: list[str]
    response_types_supported: list[str]
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]
    scopes_supported: list[str]
    claims_supported: list[str]


class OwnUser(TypedDict):
    """A user as they see themselves."""

    id: str
    kind: Literal["user"]
    username: str
    display_name: str | None
    created_at: str
    email: str
    presence_visibility: Literal["contacts", "nobody"]
    """Who sees one's presence: `contacts` share a conversation with one."""


class Presence(TypedDict):
    """Whether somebody is online."""

    user_id: str
    status: Literal["online", "offline", "hidden"]
    version: int
    """What comes with a lower one is older."""
    last_seen_at: NotRequired[str]
    expires_in: NotRequired[int]
    """Seconds for which it holds without news."""


class Problem(TypedDict):
    """An error (RFC 9457)."""

    type: str
    """`urn:chat4all:problem:<code>`."""
    title: str
    """The status in words."""
    status: int
    detail: str
    """For people."""
    instance: str
    """The path that was asked."""
    code: str
    """A stable word, for programs."""
    errors: NotRequired[list[FieldProblem]]
    numbers: NotRequired[list[int]]
    """Of `parts_missing`: the first 1,000 parts that an upload lacks."""
    retry_after: NotRequired[int]
    """Seconds, as the header Retry-After says."""
    message_id: NotRequired[str]
    """Of a send that may have been written: what to repeat it with."""


class Reactions(TypedDict):
    """Reactions of a message as they stand."""

    message_id: str
    conversation_id: str
    reactions: dict[str, list[str]]
    reactions_version: int


class Readiness(TypedDict):
    """Whether everything answers."""

    status: Literal["ready", "degraded"]
    dependencies: dict[str, DependencyState]


class Receipt(TypedDict):
    """The caller's watermarks."""

    conversation_id: str
    user_id: str
    delivered_seq: int
    read_seq: int


class RecipientStatus(TypedDict):
    """Of one recipient: of all ways to them, the one that went furthest."""

    user_id: str
    status: Literal["accepted", "sent", "delivered", "read", "failed"]
    channel: str
    deliveries: list[Delivery]
    reason: NotRequired[str]
    """Why nothing was tried."""
    rule_id: NotRequired[str]
    """The routing rule that decided."""
    dropped: NotRequired[Literal[True]]
    """The rule keeps it from this recipient."""
    fallback: NotRequired[FallbackProgress]


class RecordReceiptRequest(TypedDict):
    """Body of POST .../receipts: delivered up to, read up to; one of them at least."""

    delivered_seq: NotRequired[int | None]
    read_seq: NotRequired[int | None]


class RefreshTokenRequest(TypedDict):
    """Body of POST /auth/refresh and /auth/revoke."""

    refresh_token: str


class RegisterUserRequest(TypedDict):
    """Body of POST /v1/users."""

    username: str
    email: str
    password: str
    display_name: NotRequired[str | None]


ReplayWebhookDeliveriesRequest = TypedDict(
    "ReplayWebhookDeliveriesRequest",
    {
        "delivery_id": "NotRequired[str | None]",
        "from": "NotRequired[str | None]",
        "to": "NotRequired[str | None]",
        "status": "NotRequired[Literal['pending', 'delivered', 'failed'] | None]",
        "cursor": "NotRequired[str | None]",
    },
)
"""Body of POST /v1/webhooks/{id}/replay: one delivery, or those whose events are of a time."""


class RotateWebhookSecretRequest(TypedDict):
    """Body of POST /v1/webhooks/{id}/secret."""

    secret: NotRequired[str | None]
    overlap_s: NotRequired[int]
    """So long what is sent is signed with the former secret too."""


class RoutingRule(TypedDict):
    """A rule, in its place in the list."""

    id: str
    name: str | None
    position: int
    enabled: bool
    conditions: Conditions
    action: RuleAction
    created_at: str
    updated_at: str


class RoutingRulePage(TypedDict):
    """Rules, in order."""

    items: list[RoutingRule]
    next_cursor: str | None


class RuleAction(TypedDict):
    """Exactly one of these."""

    channels: NotRequired[list[Literal["in_app", "telegram", "whatsapp", "messenger", "instagram", "all"]] | None]
    """These and no others, whether the recipient is online or not."""
    fallback: NotRequired[Fallback | None]
    drop: NotRequired[Literal[True] | None]
    """Nothing leaves the app for this recipient. History and the app have the message all the same."""
    mirror_to: NotRequired[str | None]
    """A conversation in which the message is said once more."""


class RuleChoice(TypedDict):
    """What is chosen for a recipient."""

    by: Literal["sender", "rule", "default"]
    channels: list[str]
    """External ones that are used at once."""
    rule_id: NotRequired[str]
    chain: NotRequired[list[str]]
    """Of a fallback, all its steps."""
    wait_s: NotRequired[int]
    dropped: NotRequired[Literal[True]]


class RuleFailure(TypedDict):
    """A condition that does not hold."""

    condition: str
    detail: str


class RuleLookedAt(TypedDict):
    """A rule, and why it does not hold."""

    rule_id: str
    name: str | None
    position: int
    holds: bool
    failed: list[RuleFailure]


class RuleRoute(TypedDict):
    """A way to the recipient."""

    channel: str
    account_id: NotRequired[str]


class SendHeartbeatRequest(TypedDict):
    """Body of POST /v1/presence/heartbeat, which may be left out."""

    conversation_id: NotRequired[str | None]
    """Whose members' presence is asked for."""


class SendMessageRequest(TypedDict):
    """Body of POST /v1/messages and data of the WebSocket action `send`."""

    conversation_id: NotRequired[str | None]
    chat_id: NotRequired[str | None]
    """Another name for conversation_id."""
    type: Literal["text", "file", "location", "contact"]
    content: NotRequired[str | Location | Contact | None]
    file_id: NotRequired[str | None]
    """Of type file: what is sent; `content` is its caption."""
    file_ids: NotRequired[list[str] | None]
    """Of type file: several, in the order in which they are shown; one alone is the same as `file_id`."""
    channels: NotRequired[list[Literal["in_app", "telegram", "whatsapp", "messenger", "instagram", "all"]] | None]
    reply_to: NotRequired[str | None]
    message_id: NotRequired[str | None]
    metadata: NotRequired[dict[str, Any] | None]


class SendTypingRequest(TypedDict):
    """Body of POST .../typing, which may be left out."""

    stopped: NotRequired[bool]
    """It is over at once, and not only when it is not repeated."""


class SignInList(TypedDict):
    """All ways to sign in to the account."""

    items: list[LinkedSignIn]
    has_password: bool


class SignInRequest(TypedDict):
    """Body of POST /auth/token; `username` may be the email."""

    username: str
    password: str


class SignUploadPartsRequest(TypedDict):
    """Body of POST /v1/files/{id}/parts."""

    numbers: NotRequired[list[int] | None]
    sha256: NotRequired[dict[str, str] | None]
    """By part number; where only checksums are given, they name the parts."""


class SignedIn(TypedDict):
    """Tokens, with the moment at which the access token ends."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in: int
    """Seconds."""
    refresh_token: str
    scope: str
    token: str
    """The access token."""
    expires_at: str


class SignedPart(TypedDict):
    """Where to PUT a part, and with which headers."""

    number: int
    size: int
    url: str
    headers: dict[str, str]


class SignedParts(TypedDict):
    """Addresses of parts."""

    parts: list[SignedPart]
    expires_at: str
    """Of the addresses."""


class StatusReport(TypedDict):
    """What became of a message."""

    message_id: str
    conversation_id: str
    seq: int
    status: Literal["accepted", "sent", "delivered", "read", "failed"]
    """The lowest over the recipients who can report more."""
    recipients: list[RecipientStatus]


class TestRoutingRulesRequest(TypedDict):
    """Body of POST /v1/routing-rules/test: with a conversation's members as they are, or with recipients by hand."""

    message: Draft
    conversation_id: NotRequired[str | None]
    recipients: NotRequired[list[GivenRecipient] | None]


class TextSize(TypedDict):
    """Of a text or caption, in characters (Unicode code points); what has no text has 0."""

    at_least: NotRequired[int]
    at_most: NotRequired[int]


class Tokens(TypedDict):
    """RFC 6749, section 5.1."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in: int
    """Seconds."""
    refresh_token: str
    scope: str


class TrialMirror(TypedDict):
    """A conversation in which the message would be said once more."""

    conversation_id: str
    rule_id: str
    allowed: bool


class TrialResult(TypedDict):
    """What the rules would choose."""

    recipients: list[ExplainedChoice]
    mirrors: list[TrialMirror]


class Typing(TypedDict):
    """For how long it is shown."""

    expires_in: int
    """Seconds; 0: it is over."""


class UpdateAccountRequest(TypedDict):
    """Body of PATCH /v1/accounts/{id}; settings that are left out stay as they are."""

    name: NotRequired[str | None]
    settings: NotRequired[dict[str, Any] | None]
    inbound: NotRequired[InboundRule | None]


class UpdateConversationRequest(TypedDict):
    """Body of PATCH /v1/conversations/{id}: what is given replaces what was there; null removes it."""

    title: NotRequired[str | None]
    metadata: NotRequired[dict[str, Any] | None]


class UpdateMeRequest(TypedDict):
    """Body of PATCH /v1/users/me: what is given replaces what was there; null removes the display name.  A new
    password needs the current one, if there is one, which may be of any length that was once allowed."""

    display_name: NotRequired[str | None]
    password: NotRequired[str | None]
    current_password: NotRequired[str | None]
    presence_visibility: NotRequired[Literal["contacts", "nobody"]]


class UpdateMemberRequest(TypedDict):
    """Body of PATCH .../members/{user_id}."""

    role: Literal["owner", "admin", "member", "reader"]


class UpdateRoutingRuleRequest(TypedDict):
    """Body of PATCH /v1/routing-rules/{id}: what is given replaces what was there; `position` moves the rule."""

    name: NotRequired[str | None]
    enabled: NotRequired[bool | None]
    position: NotRequired[int | None]
    conditions: NotRequired[Conditions | None]
    action: NotRequired[RuleAction | None]


class UpdateWebhookRequest(TypedDict):
    """Body of PATCH /v1/webhooks/{id}; what is left out stays as it is, and a description that is null goes."""

    url: NotRequired[str | None]
    events: NotRequired[
        list[
            Literal[
                "message.created",
                "message.updated",
                "message.deleted",
                "message.status",
                "reaction.updated",
                "receipt.updated",
                "conversation.updated",
                "member.updated",
                "webhook.disabled",
                "*",
            ]
        ]
        | None
    ]
    status: NotRequired[Literal["enabled", "disabled"] | None]
    description: NotRequired[str | None]


class Upload(TypedDict):
    """A file that was begun, and how it is cut."""

    file_id: str
    filename: str
    content_type: str
    kind: Literal["image", "video", "audio", "voice", "document", "sticker", "animation"]
    size: NotRequired[int]
    """Bytes, where it is known."""
    reason: NotRequired[str]
    """Of a file that failed: a stable word, a colon and a text."""
    image: NotRequired[ImageSize]
    """Of an image, soon after its bytes are there."""
    status: Literal["pending", "verifying", "completed", "failed"]
    """pending: its bytes are on their way; verifying: they are being checked."""
    owner_id: str
    created_at: str
    sha256: NotRequired[str]
    upload: NotRequired[UploadProgress]
    """Of a pending upload, for its owner."""
    verification: NotRequired[Verification]
    """Of an upload that is being checked, for its owner."""
    part_size: int
    part_count: int
    part_checksum: NotRequired[Literal["sha256"]]
    parts: list[SignedPart]
    """The first 100; none where each needs a checksum."""
    expires_at: str
    """Of the addresses."""
    upload_expires_at: str


class UploadFileRequest(TypedDict):
    """Form of POST /v1/files (`chat4all.http.file_form`): up to 4 MiB."""

    file: bytes
    """The bytes, with their name and type."""
    kind: NotRequired[Literal["image", "video", "audio", "voice", "document", "sticker", "animation"] | None]
    """As its type can be."""
    sha256: NotRequired[str | None]
    """Checked where it is given."""


class UploadProgress(TypedDict):
    """How far an upload is, for its owner."""

    part_size: int
    part_count: int
    arrived: list[int]
    """Numbers of the parts that are there whole."""
    arrived_bytes: int
    expires_at: str
    part_checksum: NotRequired[Literal["sha256"]]
    """As it was said at the beginning, as is `sha256`."""
    sha256: NotRequired[str]


class User(TypedDict):
    """A user or guest as others see them. Of one who was deleted there are only `id` and `deleted_at`."""

    id: str
    kind: NotRequired[Literal["user", "guest"]]
    """A guest is known only by an address on a channel."""
    username: NotRequired[str | None]
    """Null of a guest."""
    display_name: NotRequired[str | None]
    created_at: NotRequired[str]
    linked_to: NotRequired[str]
    """The user whom this guest has turned out to be."""
    deleted_at: NotRequired[str]


class UserList(TypedDict):
    """Users who were found."""

    items: list[User]
    next_cursor: str | None


class Verification(TypedDict):
    """How far the bytes are checked."""

    checked_bytes: int


class VerifyIdentityRequest(TypedDict):
    """Body of POST /v1/users/me/identities/{channel}/verify."""

    code: str
    account_id: NotRequired[str | None]
    """Needed where codes of several accounts are waiting."""


class Webhook(TypedDict):
    """An endpoint: a server of the user's that gets what their WebSockets get."""

    id: str
    url: str
    events: list[
        Literal[
            "message.created",
            "message.updated",
            "message.deleted",
            "message.status",
            "reaction.updated",
            "receipt.updated",
            "conversation.updated",
            "member.updated",
            "webhook.disabled",
            "*",
        ]
    ]
    status: Literal["enabled", "disabled"]
    disabled_reason: NotRequired[Literal["gone", "failing"]]
    """Where we did it: it answered 410, or failed for 5 days."""
    description: NotRequired[str]
    created_at: str
    updated_at: str


class WebhookDelivery(TypedDict):
    """One event for one endpoint."""

    id: str
    event_id: str
    """The `webhook-id`, the same for each attempt and replay."""
    event_type: str
    conversation_id: str | None
    """Null of what belongs to no conversation."""
    status: Literal["pending", "delivered", "failed"]
    attempts: list[DeliveryAttempt]
    """The last 50, the newest last."""
    next_attempt_at: NotRequired[str]
    reason: NotRequired[str]
    """Why it is tried no more, where it has failed; where it is pending, which error of the server keeps it from being
    sent."""
    created_at: str


class WebhookDeliveryPage(TypedDict):
    """Deliveries of the last 14 days, the newest first."""

    items: list[WebhookDelivery]
    next_cursor: str | None


class WebhookPage(TypedDict):
    """Endpoints, the oldest first."""

    items: list[Webhook]
    next_cursor: str | None


class WebhookReplay(TypedDict):
    """How many deliveries are sent again."""

    replayed: int
    next_cursor: str | None
    """Ask with it as `cursor` to go on: 200 at most are sent again at once."""


class WebhookTest(TypedDict):
    """What is on its way."""

    event_id: str
    """The `webhook-id` of the request."""


class WebhookWithSecret(TypedDict):
    """An endpoint with the secret of its signatures, which is shown this once."""

    id: str
    url: str
    events: list[
        Literal[
            "message.created",
            "message.updated",
            "message.deleted",
            "message.status",
            "reaction.updated",
            "receipt.updated",
            "conversation.updated",
            "member.updated",
            "webhook.disabled",
            "*",
        ]
    ]
    status: Literal["enabled", "disabled"]
    disabled_reason: NotRequired[Literal["gone", "failing"]]
    """Where we did it: it answered 410, or failed for 5 days."""
    description: NotRequired[str]
    created_at: str
    updated_at: str
    secret: str
