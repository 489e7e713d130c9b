"""The audit log on a real engine: who did what, when, from where, and how it ended; and nothing that is secret."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.clock import now_ms
from chat4all.domain.audit import Action, Entry, Origin, Outcome, Sampler
from chat4all.errors import Unavailable
from chat4all.http import audited
from chat4all.stores.audit_log import AuditItem
from tests.contract.handlers import invoke, request

PASSWORD = "correct horse battery"
Person = dict[str, Any]


@pytest.fixture
def person(deployed: App, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Person]:
    """Registers somebody over HTTP."""
    audited.audit_log.cache_clear()
    monkeypatch.setattr(audited, "_sampler", Sampler())
    monkeypatch.setattr(deployed.publisher, "publish", lambda _events: None)

    def register() -> Person:
        name = f"ana-{uuid.uuid4().hex[:12]}"
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        return dict(request("users", "POST", "/v1/users", json_body=body).body)

    return register


def log(caller: str, of: str = "users/me") -> list[dict[str, Any]]:
    answer = request("audit_log", "GET", f"/v1/{of}/audit-log", caller=caller)
    assert answer.status == 200, answer.body
    return list(answer.body["items"])


def group(owner: Person, *others: Person) -> str:
    body = {"type": "group", "member_ids": [other["id"] for other in others]}
    made = request("conversations", "POST", "/v1/conversations", caller=owner["id"], json_body=body)
    assert made.status == 201, made.body
    return str(made.body["id"])


def test_a_users_log_tells_sign_ins_and_failed_ones_with_their_origin(person: Callable[[], Person]) -> None:
    ana = person()
    for password, address in ((PASSWORD, "192.0.2.1"), ("a guess 4711", "198.51.100.7")):
        body = {"username": ana["username"], "password": password}
        request("tokens", "POST", "/auth/token", json_body=body, source_ip=address)
    found = log(ana["id"])
    told = [(e["action"], e["outcome"], e["code"], e["source_address"]) for e in found]
    assert told == [
        ("session.sign_in", "denied", "invalid_credentials", "198.51.100.7"),
        ("session.sign_in", "done", None, "192.0.2.1"),
        ("user.create", "done", None, "192.0.2.1"),
    ]
    assert {(e["actor"], e["user_agent"], e["request_id"]) for e in found} == {(ana["id"], "test", "r")}
    assert PASSWORD not in str(found)
    assert "a guess 4711" not in str(found)


def test_a_refresh_token_used_twice_a_sign_out_a_new_password_and_a_deletion_are_told(
    person: Callable[[], Person], deployed: App
) -> None:
    ana = person()
    grants = [deployed.tokens.sign_in(ana["username"], PASSWORD, "192.0.2.1").refresh_token for _ in range(2)]
    first = deployed.tokens.refresh(grants[0])
    deployed.tokens.refresh(first.refresh_token)
    request("tokens", "POST", "/auth/refresh", json_body={"refresh_token": grants[0]})
    for token in (grants[1], grants[1], "unknown"):
        request("tokens", "POST", "/auth/revoke", json_body={"refresh_token": token})
    body = {"current_password": PASSWORD, "password": "another password"}
    request("users", "PATCH", "/v1/users/me", caller=ana["id"], json_body=body | {"current_password": "wrong"})
    request("users", "PATCH", "/v1/users/me", caller=ana["id"], json_body=body)
    request("users", "DELETE", "/v1/users/me", caller=ana["id"])
    assert [(e["action"], e["outcome"], e["code"]) for e in log(ana["id"])][:5] == [
        ("user.delete", "done", None),
        ("password.change", "done", None),
        ("password.change", "denied", "wrong_password"),
        ("session.sign_out", "done", None),
        ("session.refresh", "denied", "refresh_token_reused"),
    ]


def test_a_conversations_log_is_for_its_owner_and_admins(person: Callable[[], Person]) -> None:
    ana, ben, eve = person(), person(), person()
    where = group(ana, ben, person())
    members = f"/v1/conversations/{where}/members/{ben['id']}"
    assert request("members", "PATCH", members, caller=ben["id"], json_body={"role": "owner"}).status == 403
    assert request("members", "PATCH", members, caller=ana["id"], json_body={"role": "admin"}).status == 200
    assert request("members", "DELETE", members, caller=eve["id"]).status == 404
    found = log(ben["id"], f"conversations/{where}")
    assert [(e["action"], e["outcome"], e["actor"], e["details"]) for e in found] == [
        ("member.change_role", "done", ana["id"], {"user_id": ben["id"], "role": "admin"}),
        ("member.change_role", "denied", ben["id"], {"user_id": ben["id"], "role": "owner"}),
        ("conversation.create", "done", ana["id"], {}),
    ]
    request("members", "PATCH", members, caller=ana["id"], json_body={"role": "member"})
    for caller, status in ((ben, 403), (eve, 404)):
        path = f"/v1/conversations/{where}/audit-log"
        assert request("audit_log", "GET", path, caller=caller["id"]).status == status
    path = f"/v1/accounts/{uuid.uuid4()}/audit-log"
    assert request("audit_log", "GET", path, caller=eve["id"]).status == 403
    assert ("member.remove", "denied") in {(e["action"], e["outcome"]) for e in log(eve["id"])}
    request("conversations", "DELETE", f"/v1/conversations/{where}", caller=ana["id"])
    assert log(ana["id"])[0]["action"] == "conversation.delete"


def test_who_asks_for_what_is_not_theirs_is_recorded_a_few_times_and_no_amplifier(
    person: Callable[[], Person], deployed: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, eve = person(), person()
    where = group(ana, person(), person())
    for _ in range(30):
        assert request("conversations", "GET", f"/v1/conversations/{where}", caller=eve["id"]).status == 404
    found = [e for e in log(eve["id"]) if e["action"] == "access"]
    assert [e["target"] for e in found] == [f"GET /v1/conversations/{where}"] * 5
    assert "access" not in {e["action"] for e in log(ana["id"], f"conversations/{where}")}
    monkeypatch.setattr(audited, "now_ms", lambda: now_ms() + 61_000)
    request("conversations", "GET", f"/v1/conversations/{where}", caller=eve["id"])
    assert log(eve["id"])[0]["details"] == {"omitted": 25}


def test_what_a_websocket_was_refused_is_recorded_with_its_connection(person: Callable[[], Person]) -> None:
    eve = person()
    context = {"connectionId": "eve-1", "apiId": "x", "domainName": "x", "stage": "live", "routeKey": "receipt"}
    context |= {
        "eventType": "MESSAGE",
        "requestId": "r",
        "authorizer": {"user_id": eve["id"], "expires_at": 4102444800000},
    }
    context |= {"identity": {"sourceIp": "198.51.100.7", "userAgent": "eve"}}
    data = {"conversation_id": str(uuid.uuid4()), "read_seq": 1}
    body = json.dumps({"action": "receipt", "id": 1, "data": data})
    answer = invoke("websocket_actions", {"requestContext": context, "body": body, "isBase64Encoded": False})
    assert json.loads(answer["body"])["error"]["status"] == 404
    newest = log(eve["id"])[0]
    assert (newest["action"], newest["connection_id"], newest["source_address"]) == ("access", "eve-1", "198.51.100.7")


def test_a_log_has_pages_and_what_is_over_is_not_shown(person: Callable[[], Person], deployed: App) -> None:
    user_id = person()["id"]
    for number in range(4):
        deployed.audit.record(Entry(Action.SIGN_OUT, Outcome.DONE, user_id, details={"number": number}), {})
    first = deployed.audit.read(f"user:{user_id}", 2, None)
    second = deployed.audit.read(f"user:{user_id}", 2, first["next_cursor"])
    numbers = [e["details"]["number"] for e in first["items"] + second["items"]]
    assert numbers == [3, 2, 1, 0]
    old = next(iter(AuditItem.query(f"user:{user_id}", scan_index_forward=False, limit=1)))
    assert old.expires_at == pytest.approx(now_ms() / 1000 + 365 * 86400, abs=60)
    old.update([AuditItem.expires_at.set(1)])
    assert deployed.audit.read(f"user:{user_id}", 9, None)["items"][0]["details"] == {"number": 2}


def test_operators_read_a_day_in_which_each_entry_stands_once(deployed: App) -> None:
    user_id, conversation_id = str(uuid.uuid4()), str(uuid.uuid4())
    entry = Entry(Action.CONVERSATION_DELETE, Outcome.DONE, user_id)
    deployed.audit.write(entry, {"conversation": conversation_id})
    logs = [deployed.audit.read(name, 9, None) for name in (f"user:{user_id}", f"conversation:{conversation_id}")]
    assert logs[0]["items"] == logs[1]["items"]
    item = logs[0]["items"][0]
    day = deployed.audit.read_day(item["time"][:10], 100, None)["items"]
    assert [e["id"] for e in day].count(item["id"]) == 1


def test_what_others_say_of_themselves_is_stored_in_part_and_an_entry_of_nobody_too(deployed: App) -> None:
    origin = Origin("192.0.2.1", "x" * 5000, "r")
    deployed.audit.write(Entry(Action.SIGN_IN, Outcome.DENIED, None, origin), {})
    newest = deployed.audit.read("deployment", 1, None)["items"][0]
    assert (newest["actor"], len(newest["user_agent"])) == (None, 256)


def test_where_the_log_cannot_be_written_the_deed_is_done_and_the_entry_is_in_the_functions_log(
    person: Callable[[], Person], deployed: App, caplog: pytest.LogCaptureFixture
) -> None:
    ana = person()
    too_large = Entry(Action.USER_DELETE, Outcome.DONE, ana["id"], Origin("192.0.2.1"), details={"x": "y" * 500_000})
    with pytest.raises(Unavailable):
        deployed.audit.write(too_large, {})
    deployed.audit.record(too_large, {})
    told = next(record for record in caplog.records if record.message == "audit entry not stored")
    assert told.__dict__["entry"]["actor"] == ana["id"]
    assert told.levelname == "ERROR"
    assert [entry["action"] for entry in log(ana["id"])] == ["user.create"]


def test_who_has_a_network_of_addresses_writes_no_more_than_who_has_one(person: Callable[[], Person]) -> None:
    person()
    name = f"nobody-{uuid.uuid4()}"
    for number in range(20):
        body = {"username": name, "password": "a guess"}
        request("tokens", "POST", "/auth/token", json_body=body, source_ip=f"2001:db8:7:7::{number:x}")
    tried = [i for i in AuditItem.query("deployment", consistent_read=True) if "2001:db8:7:7:" in str(i.source_address)]
    assert len(tried) == 5
