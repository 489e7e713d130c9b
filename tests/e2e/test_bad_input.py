"""Bad input at every boundary: it is said what was wrong and where, and nothing is written."""

import asyncio
import json
import time
import uuid
from typing import Any

import jwt
import pytest
from confluent_kafka import Consumer, Producer
from cryptography.hazmat.primitives.asymmetric import rsa
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.e2e.conftest import Join
from tests.e2e.people import PASSWORD, Person
from tests.e2e.running_stack import RunningStack

NOBODY = "01939d5a-0000-7000-8000-00000000dead"
USER = {"username": "zoe-1", "email": "zoe@example.com", "password": PASSWORD}


@pytest.mark.parametrize(
    ("path", "body", "code", "pointer"),
    [
        ("/v1/users", {}, "invalid", "/username"),
        ("/v1/users", USER | {"username": "x"}, "invalid", "/username"),
        ("/v1/users", USER | {"username": 5}, "invalid", "/username"),
        ("/v1/users", USER | {"email": "nobody"}, "invalid", "/email"),
        ("/v1/users", USER | {"password": "short"}, "invalid", "/password"),
        ("/v1/users", USER | {"admin": True}, "invalid", "/admin"),
        ("/v1/conversations", {"type": "private"}, "invalid", "/member_ids"),
        ("/v1/conversations", {"type": "channel", "member_ids": []}, "invalid", "/type"),
        ("/v1/conversations", {"type": "private", "member_ids": [NOBODY]}, "invalid", "/member_ids/0"),
        ("/v1/conversations", {"type": "private", "member_ids": ["x"]}, "invalid", "/member_ids/0"),
        ("/v1/conversations", {"type": "group", "member_ids": []}, "invalid", "/member_ids"),
        ("/v1/conversations", {"type": "group", "member_ids": [], "title": "x" * 201}, "invalid", "/title"),
        ("/v1/messages", {"type": "text", "content": "x"}, "invalid", "/conversation_id"),
        ("/v1/messages", {"conversation_id": NOBODY, "type": "text"}, "invalid", "/content"),
        ("/v1/messages", {"conversation_id": NOBODY, "type": "text", "content": "x" * 16_385}, "invalid", "/content"),
        ("/v1/messages", {"conversation_id": NOBODY, "type": "file", "content": "x"}, None, "/file_id"),
        (
            "/v1/messages",
            {"conversation_id": NOBODY, "type": "contact", "content": {"name": "x", "user_id": "y" * 65}},
            "invalid",
            "/content/user_id",
        ),
        ("/v1/accounts", {"channel": "telegram", "name": "x", "settings": {}}, "invalid", "/settings/bot_token"),
        ("/v1/accounts", {"channel": "fax", "name": "x", "settings": {}}, None, "/channel"),
    ],
)
async def test_wrong_fields_are_named(
    join: Join, path: str, body: dict[str, Any], code: str | None, pointer: str
) -> None:
    ana = await join("ana")
    answer = await ana.http.post(path, json=body)
    problem = answer.json()
    assert answer.status_code == 400, problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["code"] == (code or problem["code"])
    assert pointer in [e["pointer"] for e in problem["errors"]]
    assert (problem["status"], problem["instance"]) == (400, path)
    assert {"type", "title", "detail"} <= set(problem)


@pytest.mark.parametrize(
    "path", ["/v1/users", "/auth/token", "/auth/refresh", "/v1/conversations", "/v1/messages", "/v1/accounts"]
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        b"\xff\xfe\x00",
        b"null",
        b'"text"',
        b'{"a": "\\ud800"}',
        b'{"a": 1e999}',
        b'{"a":' * 50 + b"1" + b"}" * 50,
    ],
)
async def test_a_body_that_is_no_json_object(join: Join, path: str, body: bytes) -> None:
    ana = await join("ana")
    answer = await ana.http.post(path, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


async def test_wrong_parameters_of_lists(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    history = f"/v1/conversations/{await ana.conversation(bob)}/messages"
    for query, pointer in (
        ("limit=0", "?limit"),
        ("limit=101", "?limit"),
        ("limit=many", "?limit"),
        ("cursor=x", "?cursor"),
        ("after_seq=-1", "?after_seq"),
        ("offset=5000", "?offset"),
        ("after_seq=1&before_seq=2", "?before_seq"),
        ("page=2", "?page"),
    ):
        answer = await ana.http.get(f"{history}?{query}")
        assert answer.status_code == 400, query
        assert pointer in [e["pointer"] for e in answer.json()["errors"]]


async def test_what_is_other_peoples_does_not_exist(join: Join) -> None:
    ana, bob, eve = await join("ana"), await join("bob"), await join("eve")
    conversation = await ana.conversation(bob)
    message = (await ana.send(conversation, "secret"))["message_id"]
    for place in (conversation, NOBODY, "not-an-id"):
        path = f"/v1/conversations/{place}"
        answers = [
            await eve.http.get(path),
            await eve.http.patch(path, json={"title": "x"}),
            await eve.http.delete(path),
            await eve.http.get(f"{path}/messages"),
            await eve.http.get(f"{path}/members"),
            await eve.http.post(f"{path}/members", json={"user_id": eve.id}),
            await eve.http.delete(f"{path}/members/{bob.id}"),
            await eve.http.post(f"{path}/receipts", json={"read_seq": 1}),
        ]
        assert [a.status_code for a in answers] == [404] * len(answers)
        assert {a.json()["code"] for a in answers} == {"not_found"}
    for name in (message, NOBODY, "x"):
        assert (await eve.http.get(f"/v1/messages/{name}")).status_code == 404
        assert (await eve.http.get(f"/v1/messages/{name}/status")).status_code == 404
    body = {"conversation_id": conversation, "type": "text", "content": "x"}
    assert (await eve.http.post("/v1/messages", json=body)).status_code == 404
    assert [m["content"] for m in (await ana.history(conversation))["items"]] == ["secret"]


async def test_receipts_stay_within_what_exists(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    await ana.send(conversation)
    path = f"/v1/conversations/{conversation}/receipts"
    for body, pointer in (({"read_seq": 2}, "/read_seq"), ({"read_seq": "1"}, "/read_seq"), ({}, "")):
        answer = await bob.http.post(path, json=body)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert (await bob.http.post(path, json={"read_seq": 1})).json()["read_seq"] == 1
    assert (await bob.http.post(path, json={"delivered_seq": 0})).json()["read_seq"] == 1


async def test_cursors_of_other_lists_and_changed_ones_are_refused(join: Join) -> None:
    ana, bob, cy = [await join(name) for name in ("ana", "bob", "cy")]
    first, second = await ana.conversation(bob), await ana.conversation(bob, cy)
    for conversation in (first, second):
        for n in range(2):
            await ana.send(conversation, str(n))
    cursor = (await ana.history(first, limit=1))["next_cursor"]
    assert len((await ana.history(first, cursor=cursor))["items"]) == 1
    for path, wrong in (
        (f"/v1/conversations/{second}/messages", cursor),
        (f"/v1/conversations/{second}/members", cursor),
        ("/v1/conversations", cursor),
        (f"/v1/conversations/{first}/messages", cursor[:-4]),
        (f"/v1/conversations/{first}/messages", cursor[:-4] + "AAAA"),
    ):
        answer = await ana.http.get(path, params={"cursor": wrong})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor"), path


async def test_a_seq_from_the_future_is_told_how_far_the_conversation_goes(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    await ana.send(conversation)
    ahead = await bob.history(conversation, after_seq=1_000_000)
    assert (ahead["items"], ahead["complete_through"]) == ([], 1)
    assert len((await bob.history(conversation, before_seq=1_000_000))["items"]) == 1
    async with bob.online() as socket:
        await socket.request("sync", conversations={conversation: 1_000_000})
        done = await socket.event("sync.done")
        assert done["data"]["conversations"] == {conversation: 1}
        error = await socket.request("receipt", conversation_id=conversation, read_seq=2)
        assert error["error"]["errors"][0]["pointer"] == "/data/read_seq"


async def test_roles_are_permissions(join: Join) -> None:
    ana, bob, cy, dan = [await join(name) for name in ("ana", "bob", "cy", "dan")]
    group = await ana.conversation(bob, cy)
    members = f"/v1/conversations/{group}/members"
    assert (await bob.http.post(members, json={"user_id": dan.id})).status_code == 403
    assert (await ana.http.post(members, json={"user_id": dan.id, "role": "reader"})).status_code == 201
    again = await ana.http.post(members, json={"user_id": dan.id})
    assert (again.status_code, again.json()["code"]) == (409, "already_member")
    refused = await dan.http.post("/v1/messages", json={"conversation_id": group, "type": "text", "content": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "reader")
    assert (await bob.http.patch(f"{members}/{cy.id}", json={"role": "admin"})).status_code == 403
    assert (await ana.http.patch(f"{members}/{bob.id}", json={"role": "admin"})).status_code == 200
    assert (await bob.http.delete(f"{members}/{ana.id}")).status_code == 403
    last = await ana.http.delete(f"{members}/{ana.id}")
    assert (last.status_code, last.json()["code"]) == (409, "last_owner")
    assert (await bob.http.delete(f"{members}/{cy.id}")).status_code == 204
    assert (await cy.http.get(f"/v1/conversations/{group}")).status_code == 404
    private = f"/v1/conversations/{await ana.conversation(bob)}/members"
    third = await ana.http.post(private, json={"user_id": dan.id})
    assert (third.status_code, third.json()["code"]) == (409, "private_conversation")


async def test_too_many_sends_are_told_when_to_come_back(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    body = {"conversation_id": await ana.conversation(bob), "type": "text", "content": "x"}
    answers = await asyncio.gather(*(ana.http.post("/v1/messages", json=body) for _ in range(30)))
    limited = [a for a in answers if a.status_code == 429]
    assert limited
    assert {a.status_code for a in answers} == {202, 429}
    assert limited[0].json()["code"] == "rate_limited"
    assert int(limited[0].headers["retry-after"]) >= 1
    assert "ratelimit" in limited[0].headers


def forged(claims: dict[str, Any]) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, key, "RS256", headers={"kid": "mine"})


async def bad_tokens(person: Person) -> list[str]:
    claims = jwt.decode(person.token, options={"verify_signature": False})
    head, body, signature = person.token.split(".")
    none = jwt.encode(claims, None, "none")
    return [
        "x",
        none,
        forged(claims),
        forged(claims | {"exp": 1}),
        f"{head}.{body}.{signature[:-4]}AAAA",
        person.refresh_token,
    ]


async def test_tokens_that_are_forged_or_broken_open_nothing(join: Join) -> None:
    ana = await join("ana")
    for token in await bad_tokens(ana):
        answer = await ana.http.get("/v1/users/me", headers={"authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
        assert answer.headers["www-authenticate"].startswith("Bearer")
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"{ana.websocket_url}/?token={token}"):
                pass
        assert refused.value.response.status_code == 401
    with pytest.raises(InvalidStatus) as refused:
        async with connect(ana.websocket_url):
            pass
    assert refused.value.response.status_code == 401


async def test_a_refresh_token_that_was_replaced_and_is_used_again_ends_the_family(join: Join) -> None:
    ana = await join("ana")
    used = {"refresh_token": ana.refresh_token}
    renewed = (await ana.http.post("/auth/refresh", json=used)).json()
    assert renewed["token_type"] == "bearer"
    again = (await ana.http.post("/auth/refresh", json=used)).json()  # as a client does that has lost the answer
    assert again["refresh_token"] == renewed["refresh_token"]
    renewed = (await ana.http.post("/auth/refresh", json={"refresh_token": again["refresh_token"]})).json()
    stolen = await ana.http.post("/auth/refresh", json=used)
    assert (stolen.status_code, stolen.json()["code"]) == (401, "refresh_token_reused")
    after = await ana.http.post("/auth/refresh", json={"refresh_token": renewed["refresh_token"]})
    assert after.status_code == 401


async def test_a_name_is_taken_once(join: Join) -> None:
    ana = await join("ana")
    body = {"username": ana.username.upper(), "email": f"{uuid.uuid4()}@example.com", "password": PASSWORD}
    answer = await ana.http.post("/v1/users", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")
    wrong = await ana.http.post("/token", data={"username": ana.username, "password": "not the password"})
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", "invalid_json"),
        ("[]", "invalid_json"),
        ('{"id": 1}', None),
        ('{"action": "fly", "id": 1}', "unknown_action"),
        ('{"action": "send", "id": 1}', "invalid"),
        ('{"action": "send", "id": 1, "data": {"type": "text"}}', "invalid"),
        ('{"action": "send", "id": 1, "colour": "red"}', "invalid"),
        ('{"action": "receipt", "id": 1, "data": {"conversation_id": "x", "read_seq": 1}}', "invalid"),
        ('{"action": "sync", "id": 1, "data": {"conversations": {"x": 1}}}', "invalid"),
    ],
)
async def test_frames_that_are_wrong_are_answered_with_what_is_wrong(join: Join, frame: str, code: str | None) -> None:
    ana = await join("ana")
    async with ana.online() as socket:
        await socket.connection.send(frame)
        error = await socket.until(lambda f: f["type"] == "error")
        assert error["error"]["code"] == (code or error["error"]["code"])
        assert (await socket.request("heartbeat"))["type"] == "ack"


async def test_a_frame_that_is_too_large_or_binary_closes_the_connection(join: Join) -> None:
    ana = await join("ana")
    for frame, code in ((json.dumps({"action": "send", "data": {"content": "x" * 40_000}}), 1009), (b"\x00", 1003)):
        async with connect(f"{ana.websocket_url}/?token={ana.token}", compression=None) as connection:
            await connection.send(frame)
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(connection.recv(), 20)
            assert connection.close_code == code


def test_a_kafka_record_that_cannot_be_read_goes_to_the_dead_letters(stack: RunningStack) -> None:
    servers = f"127.0.0.1:{stack.endpoints['kafka_port']}"
    marker = f"poison {uuid.uuid4()}"
    producer = Producer({"bootstrap.servers": servers})
    producer.produce("chat4all.messages", key=b"c", value=marker.encode())
    assert producer.flush(20) == 0
    consumer = Consumer({"bootstrap.servers": servers, "group.id": marker, "auto.offset.reset": "earliest"})
    consumer.subscribe(["chat4all.messages.dead_letter"])
    deadline = time.monotonic() + 60
    try:
        while True:
            record = consumer.poll(0.2)
            if record is not None and record.error() is None and record.value() == marker.encode():
                break
            assert time.monotonic() < deadline
    finally:
        consumer.close()
    headers = dict(record.headers() or [])
    assert b"not JSON" in headers["chat4all-cause"]
    assert headers["chat4all-origin"].startswith(b"chat4all.messages-")
