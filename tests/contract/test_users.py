"""Users on a real engine: names are unique, nothing is half-written, and what is personal can be erased."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.domain.routing_rules import NewRule, RuleAction
from chat4all.domain.user import ProfileChanges, Registration
from chat4all.errors import Conflict, NotFound, Unauthenticated
from chat4all.found_users import BURST
from chat4all.stores.members import Member
from chat4all.stores.sessions import Session
from chat4all.stores.users import UniqueName, User, email_key, username_key
from tests.contract.handlers import request

pytestmark = pytest.mark.usefixtures("deployed")
PASSWORD = "correct horse battery"


def registration(**change: Any) -> Registration:
    name = f"Ana-{uuid.uuid4().hex[:12]}"
    given = {"username": name, "email": f"{name}@Example.com", "password": PASSWORD, "display_name": "Ana"}
    return Registration(**(given | change))


def test_a_user_is_seen_in_full_by_oneself_and_without_email_by_others(deployed: App) -> None:
    wanted = registration()
    own = deployed.users.register(wanted)
    assert (own["username"], own["email"], own["display_name"]) == (wanted.username, wanted.email, "Ana")
    assert deployed.users.own(own["id"]) == own
    assert deployed.users.public(own["id"], own["id"]) == {
        name: value for name, value in own.items() if name not in ("email", "presence_visibility")
    }
    stored = User.get(own["id"]).to_simple_dict()
    assert PASSWORD not in str(stored)


def test_names_are_unique_in_any_case_and_a_refusal_writes_nothing(deployed: App) -> None:
    first = registration()
    deployed.users.register(first)
    same_name = registration(username=first.username.upper())
    same_email = registration(email=first.email.lower())
    for wanted, code in ((same_name, "username_taken"), (same_email, "email_taken")):
        with pytest.raises(Conflict) as caught:
            deployed.users.register(wanted)
        assert caught.value.code == code
    # The names that were free still are.
    deployed.users.register(registration(email=same_name.email))
    deployed.users.register(registration(username=same_email.username))


def test_of_eight_who_want_one_name_at_once_one_has_it(deployed: App) -> None:
    name = f"race-{uuid.uuid4().hex[:12]}"

    def register(number: int) -> str:
        try:
            return str(deployed.users.register(registration(username=name, email=f"{name}{number}@example.com"))["id"])
        except Conflict as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(register, range(8)))
    winners = [result for result in results if result != "username_taken"]
    assert len(winners) == 1
    assert UniqueName.get(username_key(name)).user_id == winners[0]
    claimed = [number for number in range(8) if _is_claimed(email_key(f"{name}{number}@example.com"))]
    assert len(claimed) == 1


def test_deleting_erases_what_is_personal_frees_the_names_and_ends_the_sessions(deployed: App) -> None:
    wanted = registration()
    user_id = deployed.users.register(wanted)["id"]
    grants = [deployed.tokens.sign_in(wanted.username, PASSWORD, "192.0.2.9") for _ in range(2)]
    deployed.routing_rules.create(user_id, NewRule(name="Rita's", action=RuleAction(drop=True)))
    deployed.users.delete(user_id)
    assert deployed.routing_rules.list(user_id, 50, None)["items"] == []
    other = deployed.users.register(registration())["id"]
    assert deployed.users.public(user_id, other).keys() == {"id", "deleted_at"}
    kept = User.get(user_id).attribute_values
    assert {name for name, value in kept.items() if value is not None} == {
        "id",
        "kind",
        "created_at",
        "updated_at",
        "deleted_at",
    }
    assert list(Session.by_user.query(user_id)) == []
    for grant in grants:
        with pytest.raises(Unauthenticated):
            deployed.tokens.refresh(grant.refresh_token)
    with pytest.raises(Unauthenticated):
        deployed.tokens.sign_in(wanted.username, PASSWORD, "192.0.2.9")
    with pytest.raises(Unauthenticated) as caught:
        deployed.users.delete(user_id)
    assert caught.value.code == "account_deleted"
    again = deployed.users.register(wanted)
    assert again["id"] != user_id


def test_a_guest_is_shown_to_who_is_in_a_conversation_with_them_and_cannot_sign_in(deployed: App) -> None:
    owner, stranger = (deployed.users.register(registration())["id"] for _ in range(2))
    guest_id = deployed.users.create_guest("João (Telegram)")
    for user_id in (guest_id, owner):
        Member(f"with {guest_id}", user_id, role="member", joined_at=1).save()
    profile = deployed.users.public(guest_id, owner)
    assert (profile["kind"], profile["username"], profile["display_name"]) == ("guest", None, "João (Telegram)")
    with pytest.raises(NotFound):
        deployed.users.public(guest_id, stranger)


def test_changes_replace_what_is_given(deployed: App) -> None:
    user_id = deployed.users.register(registration())["id"]
    assert deployed.users.update(user_id, ProfileChanges(display_name="Ana Maria"))["display_name"] == "Ana Maria"
    assert deployed.users.update(user_id, ProfileChanges())["display_name"] == "Ana Maria"
    assert deployed.users.update(user_id, ProfileChanges(display_name=None))["display_name"] is None
    with pytest.raises(Unauthenticated):
        deployed.users.update(str(uuid.uuid4()), ProfileChanges(display_name="x"))
    with pytest.raises(NotFound):
        deployed.users.public(str(uuid.uuid4()), user_id)


def test_the_function_from_registration_to_deletion() -> None:
    body = registration().model_dump()
    made = request("users", "POST", "/v1/users", json_body=body)
    assert made.status == 201
    user_id = made.body["id"]
    assert request("users", "POST", "/v1/users", json_body=body).status == 409
    assert request("users", "GET", "/v1/users/me", caller=user_id).body == made.body
    assert "email" not in request("users", "GET", f"/v1/users/{user_id}", caller=user_id).body
    changed = request("users", "PATCH", "/v1/users/me", caller=user_id, json_body={"display_name": " Bia "})
    assert changed.body["display_name"] == "Bia"
    assert request("users", "GET", f"/v1/users/{uuid.uuid4()}", caller=user_id).status == 404
    assert request("users", "GET", "/v1/users/x", caller=user_id).status == 404
    assert request("users", "DELETE", "/v1/users/me", caller=user_id).status == 204
    assert request("users", "GET", "/v1/users/me", caller=user_id).status == 401


@pytest.mark.parametrize(
    ("raw", "code", "pointers"),
    [
        (None, "invalid_json", []),
        ("{", "invalid_json", []),
        ("[]", "invalid_json", []),
        ('{"username": "ana", "x": 1}', "invalid", ["/email", "/password", "/x"]),
        ('{"username": "aa", "email": 1, "password": "x"}', "invalid", ["/username", "/email", "/password"]),
        ('{"username": "\\ud800aa", "email": 1, "password": "x"}', "invalid_json", []),
    ],
)
def test_bad_bodies_say_what_and_where(raw: str | None, code: str, pointers: list[str]) -> None:
    answer = request("users", "POST", "/v1/users", raw=raw)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.body["code"] == code
    assert [error["pointer"] for error in answer.body.get("errors", [])] == pointers


def _is_claimed(name: str) -> bool:
    try:
        UniqueName.get(name)
    except UniqueName.DoesNotExist:
        return False
    return True


def test_users_are_found_by_name_in_any_case_and_by_nothing_else(deployed: App) -> None:
    ana, bob = registration(), registration()
    ids = [deployed.users.register(one)["id"] for one in (ana, bob)]
    for name in (bob.username, bob.username.upper()):
        found = request("users", "GET", "/v1/users", caller=ids[0], query={"username": name})
        assert found.status == 200
        assert found.body == {"items": [deployed.users.public(ids[1], ids[0])], "next_cursor": None}
    for name in (bob.email, bob.username[:-1], "nobody\u0301", "x" * 64):
        assert request("users", "GET", "/v1/users", caller=ids[0], query={"username": name}).body["items"] == []
    deployed.users.delete(ids[1])
    gone = request("users", "GET", "/v1/users", caller=ids[0], query={"username": bob.username})
    assert gone.body["items"] == []
    assert request("users", "GET", "/v1/users", caller=ids[1], query={"username": "x"}).status == 401


def test_users_are_shown_by_ids_as_each_would_be_alone(deployed: App) -> None:
    ana, bob, gone = (deployed.users.register(registration())["id"] for _ in range(3))
    deployed.users.delete(gone)
    known, strange = deployed.users.create_guest("Carla"), deployed.users.create_guest("Dora")
    for user_id in (known, ana):
        Member(f"with {known}", user_id, role="member", joined_at=1).save()
    wanted = [bob, gone, known, strange, str(uuid.uuid4()), ana, bob]
    answer = request("users", "GET", "/v1/users", caller=ana, query={"ids": ",".join(wanted)})
    assert answer.body["items"] == [deployed.users.public(user_id, ana) for user_id in (bob, gone, known, ana)]


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ({}, ["?username", "?ids"]),
        ({"username": "ana", "ids": str(uuid.UUID(int=1))}, ["?username", "?ids"]),
        ({"ids": "x"}, ["?ids"]),
        ({"ids": f"{uuid.UUID(int=1)},"}, ["?ids"]),
        ({"ids": ",".join([str(uuid.UUID(int=1))] * 101)}, ["?ids"]),
        ({"username": ""}, ["?username"]),
        ({"name": "ana"}, ["?name"]),
    ],
)
def test_a_wrong_question_for_users_says_where(deployed: App, query: dict[str, str], pointers: list[str]) -> None:
    ana = deployed.users.register(registration())["id"]
    answer = request("users", "GET", "/v1/users", caller=ana, query=query)
    assert (answer.status, [error["pointer"] for error in answer.body["errors"]]) == (400, pointers)


def test_names_cannot_be_guessed_for_long(deployed: App) -> None:
    ana, bob = (deployed.users.register(registration())["id"] for _ in range(2))
    statuses = [
        request("users", "GET", "/v1/users", caller=ana, query={"username": f"guess-{number}"}).status
        for number in range(BURST + 5)
    ]
    assert (statuses[:BURST], statuses[-1]) == ([200] * BURST, 429)
    assert request("users", "GET", "/v1/users", caller=ana, query={"ids": bob}).status == 200
    assert request("users", "GET", "/v1/users", caller=bob, query={"username": "x"}).status == 200


@pytest.mark.parametrize("value", [None, "everybody", 1])
def test_presence_is_seen_by_contacts_or_nobody(deployed: App, value: Any) -> None:
    user_id = deployed.users.register(registration())["id"]
    wrong = request("users", "PATCH", "/v1/users/me", caller=user_id, json_body={"presence_visibility": value})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (400, "/presence_visibility")
    changed = request("users", "PATCH", "/v1/users/me", caller=user_id, json_body={"presence_visibility": "nobody"})
    assert (changed.status, changed.body["presence_visibility"]) == (200, "nobody")
    assert request("users", "GET", "/v1/users/me", caller=user_id).body == changed.body
