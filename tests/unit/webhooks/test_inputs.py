"""What callers may say of endpoints and replays, and where it is wrong."""

from typing import Any

import pytest

from chat4all.client_events import PRESENCE
from chat4all.domain.webhook import EVENTS, EventName, NewSecret, NewWebhook, Replay, WebhookChanges
from chat4all.domain.webhook_signature import secret_of
from chat4all.errors import Invalid
from chat4all.validation import Input, validate

ID = "0199f3a5-9b31-7d02-8c5e-4f6a8b0c2d3e"
FROM, TO = "2026-11-21T04:30:00Z", "2026-11-21T05:30:00+00:00"


def wrong(model: type[Input], document: dict[str, Any]) -> list[str]:
    with pytest.raises(Invalid) as refused:
        validate(model, document)
    return [error.pointer for error in refused.value.errors]


def test_the_choice_is_of_all_events_that_last_and_of_no_other() -> None:
    assert set(EventName.__args__) == {*EVENTS, "*"}  # type: ignore[attr-defined]
    assert not {"typing", PRESENCE} & set(EVENTS)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"url": ""}, "/url"),
        ({"url": "https://example.com/" + "x" * 2048}, "/url"),
        ({"events": []}, "/events"),
        ({"events": ["message.created", "message.created"]}, "/events"),
        ({"events": ["typing"]}, "/events/0"),
        ({"events": "*"}, "/events"),
        ({"secret": "short"}, "/secret"),
        ({"secret": 1}, "/secret"),
        ({"description": "two\nlines"}, "/description"),
        ({"status": "enabled"}, "/status"),
    ],
)
def test_a_wrong_registration_is_refused_where_it_is_wrong(fields: dict[str, Any], pointer: str) -> None:
    right = {"url": "https://example.com/", "events": ["*"], "secret": secret_of(b"x" * 24), "description": "x"}
    validate(NewWebhook, right)
    assert wrong(NewWebhook, right | fields) == [pointer]


def test_changes_and_secrets() -> None:
    assert wrong(WebhookChanges, {"status": "paused"}) == ["/status"]
    assert wrong(WebhookChanges, {"secret": secret_of(b"x" * 24)}) == ["/secret"]
    assert wrong(NewSecret, {"overlap_s": 8 * 24 * 3600}) == ["/overlap_s"]
    assert validate(NewSecret, {}).overlap_s == 24 * 3600


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"from": FROM},
        {"to": TO},
        {"delivery_id": ID, "from": FROM, "to": TO},
        {"delivery_id": ID, "status": "failed"},
        {"delivery_id": ID, "cursor": "x"},
        {"from": TO, "to": FROM},
        {"from": FROM, "to": FROM},
    ],
)
def test_a_replay_is_of_one_or_of_a_range(document: dict[str, Any]) -> None:
    assert wrong(Replay, document) == [""]


def test_times_of_a_replay_are_times() -> None:
    for value in ("yesterday", "2026-11-21", "2026-11-21T04:30:00", "", "9" * 65):
        assert wrong(Replay, {"from": value, "to": TO}) == ["/from"]
    assert validate(Replay, {"from": FROM, "to": TO, "status": "failed"}).from_ == FROM
