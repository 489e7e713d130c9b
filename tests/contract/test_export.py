"""The export on a real engine: all that is kept of a user, nothing of others, and no secret."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.export import export, said
from chat4all.http import audited
from chat4all.pages import encode_cursor
from chat4all.stores.accounts import Account
from chat4all.stores.files import COMPLETED, File
from chat4all.stores.sessions import Session
from chat4all.stores.users import User
from chat4all.stores.webhooks import Webhook
from tests.contract.handlers import request

PASSWORD = "correct horse battery"
BOT_TOKEN = "4711:the-token-of-the-bot-of-this-test"
Person = dict[str, Any]
Items = list[dict[str, Any]]


@pytest.fixture
def person(deployed: App, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Person]:
    """Registers somebody over HTTP."""
    audited.audit_log.cache_clear()
    for publisher in (deployed.publisher, deployed.prompt_publisher):
        monkeypatch.setattr(publisher, "publish", lambda _events: None)

    def register() -> Person:
        name = f"ana-{uuid.uuid4().hex[:12]}"
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        return dict(request("users", "POST", "/v1/users", json_body=body).body)

    return register


def conversation(owner: Person, *others: Person) -> str:
    kind = "private" if len(others) == 1 else "group"
    body = {"type": kind, "member_ids": [other["id"] for other in others]}
    made = request("conversations", "POST", "/v1/conversations", caller=owner["id"], json_body=body)
    assert made.status == 201, made.body
    return str(made.body["id"])


def say(user: Person, where: str, text: str) -> str:
    body = {"conversation_id": where, "type": "text", "content": text}
    answer = request("messages_send", "POST", "/v1/messages", caller=user["id"], json_body=body)
    assert answer.status == 202, answer.body
    return str(answer.body["message_id"])


def exported(user: Person, limit: int = 100) -> tuple[Items, int]:
    """Everything, and how many pages it took."""
    items: Items = []
    query, pages = {"limit": str(limit)}, 0
    while True:
        answer = request("export", "GET", "/v1/users/me/export", caller=user["id"], query=query)
        assert answer.status == 200, answer.body
        assert len(answer.body["items"]) <= limit
        items += answer.body["items"]
        pages += 1
        if answer.body["next_cursor"] is None:
            return items, pages
        query["cursor"] = answer.body["next_cursor"]


def of_kind(items: Items, kind: str) -> Items:
    return [item["data"] for item in items if item["kind"] == kind]


def test_messages_of_every_conversation_are_there_and_nobody_elses(person: Callable[[], Person]) -> None:
    ana, ben, eva = person(), person(), person()
    here, left = conversation(ana, ben), conversation(ben, ana, eva)
    mine = [say(ana, here, "mine 1"), say(ana, left, "mine 2")]
    theirs = [say(ben, here, "secret of Ben"), say(ben, left, "another secret of Ben")]
    reaction = f"/v1/messages/{mine[0]}/reactions/%F0%9F%91%8D"
    assert request("reactions", "PUT", reaction, caller=ben["id"]).status in (200, 204)
    gone = request("members", "DELETE", f"/v1/conversations/{left}/members/{ana['id']}", caller=ana["id"])
    assert gone.status == 204, gone.body
    say(ben, left, "said after she left")

    items, pages = exported(ana)
    assert pages == 1
    messages = of_kind(items, "message")
    assert sorted(message["message_id"] for message in messages) == sorted(mine)
    assert {message["sender_id"] for message in messages} == {ana["id"]}
    places = {place["conversation_id"]: place for place in of_kind(items, "membership")}
    assert places.keys() == {here, left}
    assert places[here]["stays"] == []
    assert "role" in places[here]
    assert places[left]["stays"][0]["left_seq"] >= 2
    text = json.dumps(items)
    assert "secret of Ben" not in text
    assert "said after" not in text
    assert ben["id"] not in text
    assert not any(message_id in text for message_id in theirs)
    one_by_one, pages = exported(ana, limit=1)
    assert one_by_one == items
    assert pages == len(items)


def test_what_belongs_to_a_user_is_there_without_its_secrets(person: Callable[[], Person], deployed: App) -> None:
    ana, ben = person(), person()
    answer = request(
        "tokens", "POST", "/auth/token", json_body={"username": ana["username"], "password": PASSWORD}
    ).body
    webhook = deployed.webhooks.create(ana["id"], _new_webhook())
    rule = {"name": "mine", "conditions": {}, "action": {"drop": True}}
    ruled = request("routing_rules", "POST", "/v1/routing-rules", caller=ana["id"], json_body=rule)
    assert ruled.status == 201, ruled.body
    account_id = str(uuid.uuid4())
    for owner, name, key in ((ana, "Hers", account_id), (ben, "Another's", str(uuid.uuid4()))):
        settings = {"bot_token": BOT_TOKEN, "webhook_secret": "hook-secret-of-this-test"}
        shared = {"channel": "telegram", "settings": settings, "inbound": {"conversation": "by_contact"}}
        Account(
            key, owner_id=owner["id"], name=name, seed="seed-of-this-test", created_at=1, updated_at=1, **shared
        ).save()
    files = [_file(owner) for owner in (ana, ana, ben)]
    User(ana["id"]).update([User.github_sign_in.set({"key": "github:4711-key", "label": "ana-lima", "linked_at": 1})])

    items, _ = exported(ana)
    kinds = ["profile", "sign_in", "session", "webhook", "routing_rule", "account", "file", "file"]
    assert [item["kind"] for item in items] == kinds
    assert of_kind(items, "profile")[0] == ana | {"has_password": True}
    assert of_kind(items, "sign_in")[0]["label"] == "ana-lima"
    assert of_kind(items, "webhook")[0]["id"] == webhook["id"]
    assert of_kind(items, "routing_rule")[0] == ruled.body
    assert of_kind(items, "account")[0]["settings"] == {"bot_token": "set", "webhook_secret": "set"}
    assert [file["file_id"] for file in of_kind(items, "file")] == sorted(files[:2])

    session = Session.get(of_kind(items, "session")[0]["id"])
    user, endpoint = User.get(ana["id"]), Webhook.get(ana["id"], webhook["id"])
    secrets = [answer["access_token"], answer["refresh_token"], session.secret_hash, user.password_hash]
    secrets += [webhook["secret"], endpoint.secrets[0]["secret"], BOT_TOKEN, "hook-secret", "seed-of", "4711-key"]
    text = json.dumps(items)
    assert [secret for secret in secrets if secret in text] == []
    assert files[2] not in text
    assert ben["id"] not in text


def test_long_conversations_of_others_are_read_in_bounds(
    person: Callable[[], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = person(), person()
    where = conversation(ana, ben)
    for at in range(5):
        say(ben, where, f"of others {at}")
    mine = say(ana, where, "mine")
    monkeypatch.setattr(said, "_READ_AT_ONCE", 1)
    monkeypatch.setattr(export, "_READS_MAX", 2)
    items, pages = exported(ana)
    assert [message["message_id"] for message in of_kind(items, "message")] == [mine]
    assert pages >= 3


def test_pages_stay_below_what_a_function_may_answer(
    person: Callable[[], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = person(), person()
    where = conversation(ana, ben)
    for _ in range(3):
        say(ana, where, "😀" * 1000)
    monkeypatch.setattr(export, "BYTES_MAX", 9_000)
    items, pages = exported(ana)
    assert len(of_kind(items, "message")) == 3
    assert pages == 2


def test_the_first_page_is_recorded_and_only_that(person: Callable[[], Person]) -> None:
    ana = person()
    conversation(ana, person())
    assert exported(ana, limit=1)[1] > 1
    log = request("audit_log", "GET", "/v1/users/me/audit-log", caller=ana["id"]).body["items"]
    assert [entry["outcome"] for entry in log if entry["action"] == "user.export"] == ["done"]


def test_bad_input_and_callers_who_are_gone(person: Callable[[], Person]) -> None:
    ana, ben = person(), person()
    path = "/v1/users/me/export"
    of_ben = request("export", "GET", path, caller=ben["id"], query={"limit": "1"}).body["next_cursor"]
    wrong = encode_cursor(["nothing", "x", 0], f"export:{ana['id']}")
    for cursor in ("x", of_ben or encode_cursor(["profile", "-", 0], f"export:{ben['id']}"), wrong):
        answer = request("export", "GET", path, caller=ana["id"], query={"cursor": cursor})
        assert (answer.status, answer.body["code"]) == (400, "invalid_cursor"), cursor
    assert request("export", "GET", path, caller=ana["id"], query={"limit": "101"}).status == 400
    assert request("users", "DELETE", "/v1/users/me", caller=ben["id"]).status == 204
    assert request("export", "GET", path, caller=ben["id"]).status == 401


def _new_webhook() -> Any:
    from chat4all.domain.webhook import NewWebhook

    return NewWebhook(url="https://hooks.example.com/x", events=["message.created"])


def _file(owner: Person) -> str:
    file_id = str(uuid.uuid4())
    File(
        file_id,
        owner_id=owner["id"],
        filename="plan.pdf",
        content_type="application/pdf",
        kind="document",
        size=4711,
        status=COMPLETED,
        created_at=1,
        share_token="share-token",
    ).save()
    return file_id
