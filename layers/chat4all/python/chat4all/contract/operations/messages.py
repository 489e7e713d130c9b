"""Messages: sent, read, changed, and what became of them."""

from chat4all.contract.documents.messages import Accepted, Message, MessagePage, Reactions, Receipt, Typing
from chat4all.contract.documents.samples import CONVERSATION
from chat4all.contract.documents.statuses import StatusReport
from chat4all.contract.operation import Operation
from chat4all.domain.message import EditBody, SendBody
from chat4all.domain.receipt import ReceiptBody
from chat4all.domain.signals import TypingBody
from chat4all.history import HistoryParameters

_TAG = "Messages"
_IN, _ONE = "/v1/conversations/{id}", "/v1/messages/{id}"
_REACTION = f"{_ONE}/reactions/{{emoji}}"
_REACTING = ("reader", "message_deleted", "too_many_reactions", "invalid", "rate_limited")

OPERATIONS = (
    Operation(
        "sendMessage",
        "POST",
        "/v1/messages",
        _TAG,
        "Send a message",
        {202: Accepted},
        "202 is the promise that it reaches every recipient. The same `message_id` (or `Idempotency-Key`) with the same content "
        "answers the same again. Without `channels` the routing rules decide where it goes.",
        body=SendBody,
        example={"conversation_id": CONVERSATION, "type": "text", "content": "See you at eight"},
        errors=(
            *("unsupported_type", "reader", "not_found", "message_id_reused", "file_pending", "file_failed"),
            "rate_limited",
        ),
        takes_key=True,
    ),
    Operation(
        "listMessages",
        "GET",
        f"{_IN}/messages",
        _TAG,
        "The history of a conversation",
        {200: MessagePage},
        "Newest first; with `after_seq` oldest first, with `changes` of earlier messages and `complete_through`. At most one of "
        "`cursor`, `before_seq`, `after_seq` and `offset`.",
        query=HistoryParameters,
    ),
    Operation("getMessage", "GET", _ONE, _TAG, "One message", {200: Message}),
    Operation("getMessageStatus", "GET", f"{_ONE}/status", _TAG, "What became of a message", {200: StatusReport}),
    Operation(
        "editMessage",
        "PATCH",
        _ONE,
        _TAG,
        "Change the content of a message",
        {200: Message},
        "For its sender. With `revision`, the one that is held, nothing newer is overwritten. The same again answers the same.",
        body=EditBody,
        example={"content": "See you at nine"},
        errors=("not_the_sender", "reader", "message_deleted", "edited_meanwhile", "rate_limited"),
    ),
    Operation(
        "unsendMessage",
        "DELETE",
        _ONE,
        _TAG,
        "Unsend a message, for everybody",
        {200: Message},
        "For its sender, owners and admins. What it said is erased, its place remains.",
        errors=("not_the_sender", "rate_limited"),
    ),
    Operation(
        "addReaction",
        "PUT",
        _REACTION,
        _TAG,
        "React to a message",
        {200: Reactions},
        "With one emoji of Unicode, percent-encoded. What is so already answers the same.",
        errors=_REACTING,
    ),
    Operation("removeReaction", "DELETE", _REACTION, _TAG, "Take a reaction back", {200: Reactions}, errors=_REACTING),
    Operation(
        "recordReceipt",
        "POST",
        f"{_IN}/receipts",
        _TAG,
        "Say how far one has received and read",
        {200: Receipt},
        "One of the two at least, at most `last_seq`. Watermarks never fall, and what is read is delivered.",
        body=ReceiptBody,
        example={"read_seq": 12},
        errors=("rate_limited",),
    ),
    Operation(
        "sendTyping",
        "POST",
        f"{_IN}/typing",
        _TAG,
        "Show that one is writing",
        {200: Typing},
        "Others show it for `expires_in` seconds, unless it comes again.",
        body=TypingBody,
        is_body_optional=True,
        example={"stopped": False},
        errors=("reader", "rate_limited"),
    ),
)
