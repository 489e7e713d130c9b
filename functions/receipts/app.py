"""POST /v1/conversations/{id}/receipts: delivered up to, read up to."""

from typing import Any

import chat4all.receipts  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.receipt import ReceiptBody
from chat4all.http.api import Api, path_id

api = Api("receipts")
handler = api.handle


@api.post("/v1/conversations/<conversation_id>/receipts")
def record(conversation_id: str) -> dict[str, Any]:
    """The caller's watermarks as they stand now."""
    body = api.body(ReceiptBody)
    where = path_id(conversation_id, "conversation")
    marks = app().receipts.record(api.caller(), where, body.delivered_seq, body.read_seq)
    return marks.document()
