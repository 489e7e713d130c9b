"""Messages: sent, read, changed, and what became of them."""

from chat4all.contract.operation import Operation
from chat4all.domain.message import EditBody, SendBody
from chat4all.domain.receipt import ReceiptBody
from chat4all.domain.signals import TypingBody
from chat4all.history import HistoryParameters

_TAG = "Messages"
_IN, _ONE = "/v1/conversations/{id}", "/v1/messages/{id}"
_REACTION = f"{_ONE}/reactions/{{emoji}}"

OPERATIONS = (
    Operation(
        "sendMessage", "POST", "/v1/messages", _TAG, "Send a message", {202: None}, body=SendBody, takes_key=True
    ),
    Operation(
        "listMessages",
        "GET",
        f"{_IN}/messages",
        _TAG,
        "The history of a conversation",
        {200: None},
        query=HistoryParameters,
    ),
    Operation("getMessage", "GET", _ONE, _TAG, "One message", {200: None}),
    Operation("getMessageStatus", "GET", f"{_ONE}/status", _TAG, "What became of a message", {200: None}),
    Operation("editMessage", "PATCH", _ONE, _TAG, "Change the content of a message", {200: None}, body=EditBody),
    Operation("unsendMessage", "DELETE", _ONE, _TAG, "Unsend a message", {200: None}),
    Operation("addReaction", "PUT", _REACTION, _TAG, "React to a message", {200: None}),
    Operation("removeReaction", "DELETE", _REACTION, _TAG, "Take a reaction back", {200: None}),
    Operation(
        "recordReceipt", "POST", f"{_IN}/receipts", _TAG, "Delivered up to, read up to", {200: None}, body=ReceiptBody
    ),
    Operation(
        "sendTyping",
        "POST",
        f"{_IN}/typing",
        _TAG,
        "Show that one is writing",
        {200: None},
        body=TypingBody,
        is_body_optional=True,
    ),
)
