"""Administrators on a real engine: granted and revoked at once, the last one stays, and what is theirs is nobody else's."""

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chat4all.admin import operations
from chat4all.admin.cli import main
from chat4all.administrators import Administrators
from chat4all.bootstrap import App
from chat4all.domain.webhook import NewWebhook
from chat4all.errors import Conflict
from tests.contract.conftest import DynamoDb
from tests.contract.handlers import Answer, new_environments, request

Join = Callable[[], str]


@pytest.fixture
def join(dynamodb: DynamoDb, deployed: App, monkeypatch: pytest.MonkeyPatch) -> Iterator[Join]:
    """Registers somebody; there are no administrators at the beginning, nor at the end."""
    monkeypatch.setattr(deployed.publisher, "publish", lambda _events: None)
    monkeypatch.setattr(operations, "_who", lambda: "arn:aws:iam::000000000000:user/op")
    deployed.administrators.list  # noqa: B018 - binds the table
    dynamodb.clear("administrators")

    def register() -> str:
        name = f"ana-{uuid.uuid4().hex[:12]}"
        body = {"username": name, "email": f"{name}@example.com", "password": "correct horse battery"}
        return str(request("users", "POST", "/v1/users", json_body=body).body["id"])

    yield register
    dynamodb.clear("administrators")


def ask(caller: str, method: str, path: str, function: str = "administrators", **more: Any) -> Answer:
    return request(function, method, path, caller=caller, **more)


def place(user_id: str) -> str:
    return f"/v1/administrators/{user_id}"


def test_the_operator_makes_the_first_one_who_makes_another_and_each_is_recorded(join: Join, deployed: App) -> None:
    ana, ben = join(), join()
    assert ask(ana, "PUT", place(ana)).body["code"] == "administrators_only"
    assert main(["administrators", "grant", ana]) == 0
    made = ask(ana, "PUT", place(ben))
    assert (made.status, made.body["granted_by"]) == (200, ana)
    assert ask(ben, "PUT", place(ben)).body == made.body  # as it was
    found = ask(ben, "GET", "/v1/administrators").body["items"]
    assert {each["user_id"]: each["granted_by"] for each in found} == {
        ana: "operator:arn:aws:iam::000000000000:user/op",
        ben: ana,
    }
    entries = deployed.audit.read(f"user:{ben}", 10, None)["items"]
    assert ("administrator.grant", "done", ana) in {(e["action"], e["outcome"], e["actor"]) for e in entries}
    entries = deployed.audit.read("deployment", 50, None)["items"]
    assert ("done", ana, {"user_id": ben}) in [(e["outcome"], e["actor"], e["details"]) for e in entries]


def test_who_is_revoked_is_refused_at_the_next_request(join: Join, deployed: App) -> None:
    ana, ben = join(), join()
    for user in (ana, ben):
        deployed.administrators.grant(user, "operator:test")
    assert ask(ben, "GET", "/v1/accounts", "accounts").status == 200
    assert ask(ana, "DELETE", place(ben)).status == 204
    for function, path in (
        ("administrators", "/v1/administrators"),
        ("accounts", "/v1/accounts"),
        ("audit_log", "/v1/audit-log"),
    ):
        refused = ask(ben, "GET", path, function)
        assert (refused.status, refused.body["code"]) == (403, "administrators_only"), path


def test_the_last_one_stays_but_for_the_operator(join: Join, deployed: App) -> None:
    ana = join()
    deployed.administrators.grant(ana, "operator:test")
    refused = ask(ana, "DELETE", place(ana))
    assert (refused.status, refused.body["code"]) == (409, "last_administrator")
    assert ask(ana, "GET", place(ana)).status == 200
    assert main(["administrators", "revoke", ana]) == 0
    assert ask(ana, "GET", place(ana)).status == 403
    assert main(["administrators", "revoke", ana]) == 1


def test_of_two_who_revoke_each_other_at_once_one_stays(join: Join, deployed: App) -> None:
    for _ in range(5):
        users = [join(), join()]
        administrators = Administrators("administrators")
        for user in users:
            administrators.grant(user, "operator:test")
        refused: list[str] = []

        def revoke(user: str, told: list[str] = refused) -> None:
            try:
                Administrators("administrators").revoke(user)
            except Conflict as error:
                told.append(error.code)

        threads = [threading.Thread(target=revoke, args=(user,)) for user in users]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (left,) = administrators.list()["items"]
        assert refused == ["last_administrator"]
        administrators.revoke(left["user_id"], even_the_last=True)


def test_nobody_becomes_one_who_cannot_sign_in(join: Join, deployed: App) -> None:
    ana, gone = join(), join()
    deployed.administrators.grant(ana, "operator:test")
    assert request("users", "DELETE", "/v1/users/me", caller=gone).status == 204
    for user in (gone, deployed.users.create_guest("Guest"), str(uuid.uuid4()), "no-id"):
        assert ask(ana, "PUT", place(user)).status == 404, user
    assert main(["administrators", "grant", "nobody-of-that-name"]) == 1


def test_an_administrator_sees_any_log_and_that_is_recorded(join: Join, deployed: App) -> None:
    ana, ben = join(), join()
    deployed.administrators.grant(ana, "operator:test")
    found = ask(ana, "GET", "/v1/audit-log", "audit_log", query={"log": f"user:{ben}"})
    assert [e["action"] for e in found.body["items"]] == ["user.create"]
    last = ask(ana, "GET", "/v1/audit-log", "audit_log").body["items"][0]
    assert (last["action"], last["actor"], last["details"]) == ("audit_log.read", ana, {"log": f"user:{ben}"})
    for query in ({"log": "secrets"}, {"day": "yesterday"}, {"log": "deployment", "day": "2026-11-21"}):
        assert ask(ana, "GET", "/v1/audit-log", "audit_log", query=query).status == 400, query
    assert ask(ben, "GET", "/v1/audit-log", "audit_log").status == 403


def test_an_administrator_ends_the_webhook_of_another_but_reads_no_secret(join: Join, deployed: App) -> None:
    ana, ben = join(), join()
    deployed.administrators.grant(ana, "operator:test")
    made = deployed.webhooks.create(ben, NewWebhook(url="https://example.com/", events=["message.created"]))
    hooks = f"/v1/users/{ben}/webhooks"
    assert ask(ben, "GET", hooks).status == 403
    (shown,) = ask(ana, "GET", hooks).body["items"]
    assert (shown["id"], "secret" in shown) == (made["id"], False)
    assert ask(ben, "DELETE", f"{hooks}/{made['id']}").status == 403
    assert ask(ana, "DELETE", f"{hooks}/{made['id']}").status == 204
    assert deployed.webhooks.list(ben, 50, None)["items"] == []


def test_a_deployment_may_let_everybody_have_accounts_and_nobody_sees_anothers(
    join: Join, deployed: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = join(), join()
    assert ask(ben, "GET", "/v1/accounts", "accounts").status == 403
    monkeypatch.setenv("CHANNEL_ACCOUNTS", "everybody")
    new_environments()
    try:
        assert ask(ben, "GET", "/v1/accounts", "accounts").body["items"] == []
    finally:
        new_environments()
    open_to_all = Administrators("everybody")
    open_to_all.grant(ana, "operator:test")
    assert (open_to_all.whose_accounts(ana), open_to_all.whose_accounts(ben)) == (None, ben)
