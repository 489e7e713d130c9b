"""A write that DynamoDB carried out and did not answer: the caller is told 503, and a repeat is the same message."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chat4all.bootstrap import App
from chat4all.stores.client import WireClient
from chat4all.stores.messages import Message
from tests.contract.handlers import request
from tests.contract.messaging import KeptPublisher, Messaging, new_user


@pytest.fixture
def messaging(deployed: App) -> Messaging:
    deployed.__dict__["prompt_publisher"] = KeptPublisher()
    deployed.bind_tables()
    return Messaging()


@pytest.mark.parametrize("unanswered", ["rate-limits", "heads", "message-ids", "messages"])
def test_a_send_is_accepted_once_though_a_write_of_it_was_not_answered(
    unanswered: str, messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    carry_out, dropped = WireClient._once, []

    def without_answer(client: WireClient, operation: str, body: bytes, limit_s: float) -> dict[str, Any]:
        answer = carry_out(client, operation, body, limit_s)
        is_it = operation in ("PutItem", "UpdateItem") and json.loads(body)["TableName"].endswith(f"-{unanswered}")
        if is_it and not dropped:
            dropped.append(operation)
            raise ReadTimeoutError(endpoint_url="http://dynamodb")
        return answer

    monkeypatch.setattr(WireClient, "_once", without_answer)
    body = {"conversation_id": conversation, "type": "text", "content": "hi"}
    told = request("messages_send", "POST", "/v1/messages", json_body=body, caller=ana)
    assert (told.status, told.body["code"], told.headers["Retry-After"]) == (503, "unavailable", "1")
    assert dropped
    if unanswered != "rate-limits":
        body["message_id"] = told.body["message_id"]
        assert str(uuid.UUID(body["message_id"])) == body["message_id"]
    answers = []
    while not answers or answers[-1].status == 503:  # the guard of this environment is open for a moment
        answers.append(request("messages_send", "POST", "/v1/messages", json_body=body, caller=ana))
    assert answers[-1].status == 202
    assert {answer.body["code"] for answer in answers[:-1]} <= {"overloaded"}
    again = request("messages_send", "POST", "/v1/messages", json_body=body, caller=ana)
    written = [m for m in Message.query(conversation, consistent_read=True) if m.type == "text"]
    if unanswered == "rate-limits":
        assert len(written) == 2, "without an id a repeat is another message"
    else:
        assert again.body == answers[-1].body
        assert [m.message_id for m in written] == [body["message_id"]]
