"""Endpoints over their function: registered, shown, changed and deleted; a secret is shown once, and others see nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from chat4all.domain.webhook_signature import key_of, secret_of
from chat4all.ids import new_id
from chat4all.stores.webhooks import Webhook
from tests.contract.conftest import DynamoDb
from tests.contract.handlers import Answer, request
from tests.contract.outgoing_world import OutgoingWorld, outgoing_world

pytestmark = pytest.mark.engines
URL = "https://example.com/hooks"


@pytest.fixture(scope="module")
def world(dynamodb: DynamoDb) -> Iterator[OutgoingWorld]:
    with outgoing_world(dynamodb) as world:
        yield world


def ask(caller: str, method: str, path: str = "", body: Any = None, **more: Any) -> Answer:
    return request("webhooks", method, f"/v1/webhooks{path}", json_body=body, caller=caller, **more)


def register(caller: str, **fields: Any) -> dict[str, Any]:
    answer = ask(caller, "POST", body={"url": URL, "events": ["message.created"]} | fields)
    assert answer.status == 201, answer.body
    return dict(answer.body)


def test_the_secret_is_in_the_answer_that_makes_it_and_in_no_other(world: OutgoingWorld) -> None:
    ana = world.user()
    made = register(ana, description="Orders")
    secret = made.pop("secret")
    assert len(key_of(secret)) == 32
    assert (made["status"], made["events"], made["url"]) == ("enabled", ["message.created"], URL)
    shown = [
        ask(ana, "GET", f"/{made['id']}"),
        ask(ana, "GET"),
        ask(ana, "PATCH", f"/{made['id']}", {"description": "Other"}),
    ]
    assert [answer.status for answer in shown] == [200, 200, 200]
    assert shown[0].body == made
    assert shown[1].body == {"items": [made], "next_cursor": None}
    for answer in shown:
        assert secret not in str(answer.body)
        assert "secret" not in str(answer.body)


def test_ones_own_secret_is_taken_and_another_follows_it(world: OutgoingWorld) -> None:
    ana, own, next_one = world.user(), secret_of(b"own" * 8), secret_of(b"next" * 8)
    made = register(ana, secret=own)
    assert made["secret"] == own
    rotated = ask(ana, "POST", f"/{made['id']}/secret", {"secret": next_one, "overlap_s": 60})
    assert (rotated.status, rotated.body["secret"]) == (201, next_one)
    fresh = ask(ana, "POST", f"/{made['id']}/secret")
    assert fresh.body["secret"] not in (own, next_one)
    kept = [each["secret"] for each in world.stored(ana, made).secrets]
    assert kept == [fresh.body["secret"], next_one, own]
    at_once = ask(ana, "POST", f"/{made['id']}/secret", {"overlap_s": 0})
    assert [each["secret"] for each in world.stored(ana, made).secrets] == [at_once.body["secret"]]


def test_changes(world: OutgoingWorld) -> None:
    ana = world.user()
    made = register(ana, description="x")
    path = f"/{made['id']}"
    changed = ask(ana, "PATCH", path, {"url": "https://example.org/", "events": ["*"], "status": "disabled"}).body
    assert (changed["url"], changed["events"], changed["status"]) == ("https://example.org/", ["*"], "disabled")
    assert changed["updated_at"] > made["updated_at"]
    assert "description" not in ask(ana, "PATCH", path, {"description": None}).body
    assert ask(ana, "PATCH", path, {}).body["url"] == "https://example.org/"
    assert ask(ana, "DELETE", path).status == 204
    assert ask(ana, "DELETE", path).status == 404
    assert ask(ana, "GET", path).status == 404


def test_of_others_there_are_none(world: OutgoingWorld) -> None:
    ana, ben = world.user(), world.user()
    made = register(ana)
    for method, more, body in (("GET", "", None), ("PATCH", "", {}), ("DELETE", "", None), ("POST", "/secret", {})):
        for which in (made["id"], new_id(), "not-an-id"):
            answer = ask(ben, method, f"/{which}{more}", body)
            assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert ask(ben, "GET").body["items"] == []
    assert ask(ana, "GET").body["items"] != []


def test_a_list_has_pages(world: OutgoingWorld) -> None:
    ana = world.user()
    made = [register(ana)["id"] for _ in range(5)]
    found, cursor = [], None
    while True:
        page = ask(ana, "GET", query={"limit": "2"} | ({"cursor": cursor} if cursor else {})).body
        found += [each["id"] for each in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert found == made
    assert ask(world.user(), "GET", query={"limit": "2", "cursor": _cursor_of(ana)}).status == 400


def _cursor_of(user: str) -> str:
    return str(ask(user, "GET", query={"limit": "1"}).body["next_cursor"])


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "invalid", "/url"),
        ({"url": URL, "events": ["*"], "owner_id": "x"}, "invalid", "/owner_id"),
        ({"url": "http://example.com/", "events": ["*"]}, "host_not_allowed", "/url"),
        ({"url": "https://10.0.0.1/", "events": ["*"]}, "host_not_allowed", "/url"),
        ({"url": "https://[::1]/", "events": ["*"]}, "host_not_allowed", "/url"),
        ({"url": "nonsense", "events": ["*"]}, "invalid", "/url"),
        ({"url": URL, "events": ["typing"]}, "invalid", "/events/0"),
        ({"url": URL, "events": ["*"], "secret": "whsec_tooshort"}, "invalid", "/secret"),
    ],
)
def test_bad_input_is_told_where_it_is(world: OutgoingWorld, body: dict[str, Any], code: str, pointer: str) -> None:
    answer = ask(world.user(), "POST", body=body)
    assert (answer.status, answer.body["code"], answer.body["errors"][0]["pointer"]) == (400, code, pointer)
    assert "tooshort" not in str(answer.body)
    made = register(ana := world.user())
    if "url" in body and code == "host_not_allowed":
        assert ask(ana, "PATCH", f"/{made['id']}", {"url": body["url"]}).status == 400


def test_too_many_and_too_fast(world: OutgoingWorld) -> None:
    ana = world.user()
    made = [register(ana) for _ in range(10)]
    refused = ask(ana, "POST", body={"url": URL, "events": ["*"]})
    assert (refused.status, refused.body["code"]) == (409, "too_many_webhooks")
    statuses = [ask(ana, "POST", f"/{made[0]['id']}/secret", {}).status for _ in range(10)]
    assert (statuses.count(201), statuses[-1]) == (9, 429)
    assert len(list(Webhook.query(ana, consistent_read=True))) == 10
