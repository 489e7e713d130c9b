"""Canaries: secrets that are known to the test go the whole way, also where it fails, and then are looked for everywhere.

Where they may be: a bot's token and webhook secret in the table `accounts` and with the provider, those by which outgoing
webhooks are signed in the table `webhooks`; private keys and client secrets in Secrets
Manager; and in the captures, which keep each invocation's event and answer whole so that it can be replayed (a file that only
its owner may read, on the developer's machine only). What functions and engines log, other tables, topics, buckets and the
rest of what the console answers hold none.
"""

import base64
import json
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from kafka import KafkaConsumer, TopicPartition
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.e2e import by_provider
from tests.e2e.conftest import Join
from tests.e2e.patience import AT_ONCE
from tests.e2e.people import PASSWORD, Person, ok
from tests.e2e.private_words import Words, logs_of, written
from tests.e2e.running_stack import RunningStack

_KEPT_WHOLE = ("captures.sqlite", "stored-values.db", "simulators")
"""Files of the stack that hold secrets for their purpose."""


def client(stack: RunningStack, service: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    return boto3.client(service, endpoint_url=stack.url("aws"), **keys)


async def tokens_of(person: Person, secrets: set[str]) -> dict[str, str]:
    """Sign-in in each form, refresh, a refresh token used twice, sign-out, a new password."""
    form = {"username": person.username, "password": PASSWORD}
    signed_in = [ok(await person.http.post("/auth/token", json=form), 200) for _ in range(2)]
    refreshed = ok(await person.http.post("/auth/refresh", json={"refresh_token": signed_in[0]["refresh_token"]}), 200)
    again = ok(await person.http.post("/auth/refresh", json={"refresh_token": refreshed["refresh_token"]}), 200)
    reused = await person.http.post("/auth/refresh", json={"refresh_token": signed_in[0]["refresh_token"]})
    assert reused.json()["code"] == "refresh_token_reused"
    ok(await person.http.post("/auth/revoke", json={"refresh_token": signed_in[1]["refresh_token"]}), 204)
    for grant in (*signed_in, refreshed, again):
        secrets |= {grant["access_token"].rpartition(".")[2], grant["refresh_token"].partition(".")[2]}
    return dict(again)


async def wrong_inputs(person: Person, secrets: set[str]) -> None:
    """Passwords and tokens that are refused, in fields where they belong and where they do not."""
    wrong, misplaced = f"wrong-{uuid.uuid4().hex}", f"misplaced-{uuid.uuid4().hex}"
    secrets |= {wrong, misplaced}
    http, form = person.http, {"username": person.username, "password": wrong}
    for answer in (
        await http.post("/auth/token", json=form),
        await http.post("/token", data=form),
        await http.post("/token", data={"username": misplaced, "password": wrong}),
        await http.post("/token", data=form | {"grant_type": misplaced}),
        await http.post("/auth/token", json=form | {"passwort": wrong}),
        await http.post("/auth/token", json={"username": person.username, "password": [wrong]}),
        await http.post("/auth/token", content=f'{{"username": "x", "password": "{wrong}"'),
        await http.post("/auth/refresh", json={"refresh_token": f"{uuid.uuid4()}.{wrong}"}),
        await http.post("/v1/users", json={"username": person.username, "email": "x", "password": wrong}),
        await http.patch("/v1/users/me", json={"current_password": wrong, "password": misplaced}),
        await http.get("/v1/users/me", headers={"authorization": f"Bearer {wrong}"}),
        await http.post("/v1/accounts", json={"channel": "telegram", "name": "x", "settings": {"bot_token": wrong}}),
    ):
        assert 400 <= answer.status_code < 500, answer.text
        if "grant_type" not in answer.text:
            assert wrong not in answer.text
            assert misplaced not in answer.text


async def sockets(person: Person, wrong: str) -> None:
    """The token in the query and as a subprotocol, good and bad."""
    url = person.websocket_url
    async with connect(f"{url}/?token={person.token}", compression=None):
        pass
    async with connect(f"{url}/", subprotocols=["chat4all.v1", f"bearer.{person.token}"], compression=None):  # type: ignore[list-item]
        pass
    with pytest.raises(InvalidStatus):
        await connect(f"{url}/?token={wrong}", compression=None)


async def account(person: Person, console: httpx.AsyncClient, secrets: set[str]) -> str:
    """A bot with its token and webhook secret; a webhook call with a wrong secret."""
    bot = ok(await console.post("/phones/api/bots", json={"name": "Shop"}), 201)
    webhook_secret = f"hook-{uuid.uuid4().hex}"
    base = f"{console.base_url}/telegram".replace("//telegram", "/telegram")
    settings = {"bot_token": bot["token"], "webhook_secret": webhook_secret, "api_base": base}
    body = {"channel": "telegram", "name": "Shop", "settings": settings}
    made = ok(await person.http.post("/v1/accounts", json=body), 201)
    wrong = f"hook-{uuid.uuid4().hex}"
    header = {"x-telegram-bot-api-secret-token": wrong}
    path = f"/channels/telegram/{made['id']}/webhook"
    assert (await person.http.post(path, json={"update_id": 1}, headers=header)).status_code >= 400
    ok(await person.http.patch(f"/v1/accounts/{made['id']}", json={"name": "Shop 2"}), 200)
    secrets |= {bot["token"].partition(":")[2], webhook_secret, wrong}
    return str(made["id"])


async def webhook(person: Person, secrets: set[str]) -> None:
    """An endpoint with a secret of one's own and one of ours, to which something is sent; and what is no secret."""
    own, wrong = f"whsec_{base64.b64encode(uuid.uuid4().bytes * 2).decode()}", f"whsec_{uuid.uuid4().hex}!"
    body = {"url": "http://127.0.0.1:9/", "events": ["*"]}
    refused = await person.http.post("/v1/webhooks", json=body | {"secret": wrong})
    assert refused.status_code == 400
    assert wrong not in refused.text
    made = ok(await person.http.post("/v1/webhooks", json=body | {"secret": own}), 201)
    rotated = ok(await person.http.post(f"/v1/webhooks/{made['id']}/secret"), 201)
    ok(await person.http.post(f"/v1/webhooks/{made['id']}/test"), 202)
    shown = await person.http.get(f"/v1/webhooks/{made['id']}")
    assert rotated["secret"] not in shown.text
    secrets |= {own[6:], wrong[6:], rotated["secret"][6:]}


async def failing_engine(stack: RunningStack, person: Person, secrets: set[str]) -> None:
    """The same while DynamoDB gives no answer: errors with their tracebacks are logged."""
    late = f"late-{uuid.uuid4().hex}"
    secrets.add(late)
    await stack.command("fault.add", target="engine", name="dynamodb", kind="pause", seconds=6)
    body = {"username": person.username, "email": f"{late}@example.com", "password": late}
    requests = {
        "/auth/token": {"username": person.username, "password": late},
        "/v1/users": body,
        "/auth/refresh": {"refresh_token": f"{uuid.uuid4()}.{late}"},
    }
    answers = [await person.http.post(path, json=body, extensions=AT_ONCE) for path, body in requests.items()]
    assert 503 in {answer.status_code for answer in answers}


def records(stack: RunningStack) -> Iterator[bytes]:
    """Every record of every topic: keys, headers and values."""
    consumer = KafkaConsumer(bootstrap_servers=f"127.0.0.1:{stack.endpoints['kafka_port']}")
    try:
        partitions = [TopicPartition(t, p) for t in consumer.topics() for p in consumer.partitions_for_topic(t) or ()]
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            for polled in consumer.poll(timeout_ms=500).values():
                for record in polled:
                    yield b"%r %r " % (record.key, record.headers) + (record.value or b"")
    finally:
        consumer.close()


def tables(stack: RunningStack) -> Iterator[tuple[str, str]]:
    """Name and items of each table."""
    dynamodb = client(stack, "dynamodb")
    for name in dynamodb.list_tables()["TableNames"]:
        for found in dynamodb.get_paginator("scan").paginate(TableName=name):
            yield name, json.dumps(found["Items"], default=str)


async def answers(console: httpx.AsyncClient) -> list[tuple[str, str]]:
    """What the console's pages show without being asked for one invocation."""
    names = ok(await console.get("/api/stack"), 200)["functions"]
    paths = ["/api/stack", "/api/routes", "/metrics", "/api/invocations?limit=500"]
    paths += [f"/api/functions/{name}" for name in names]
    return [(path, (await console.get(path)).text) for path in paths]


def files(data: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(data.rglob("*")):
        kept = any(part.startswith(_KEPT_WHOLE) for part in path.relative_to(data).parts)
        if path.is_file() and not path.is_symlink() and not kept and "dynamodb" not in path.parts:
            with suppress(OSError):
                yield str(path.relative_to(data)), path.read_bytes()


async def test_secrets_are_only_where_they_must_be(stack: RunningStack, join: Join, console: httpx.AsyncClient) -> None:
    secrets: set[str] = set()
    ana, ben = await join("ana"), await join("ben")
    secrets.add(ana.token.rpartition(".")[2])
    await tokens_of(ana, secrets)
    await wrong_inputs(ana, secrets)
    bad = f"{ana.token[:-20]}{uuid.uuid4().hex[:20]}"
    secrets.add(bad.rpartition(".")[2])
    await sockets(ana, bad)
    for provider in ("google", "github"):
        given, way = await by_provider.sign_in(stack.url("http"), provider, f"{provider}-{uuid.uuid4().hex[:8]}")
        own = {"authorization": f"Bearer {given['access_token']}"}
        linked = ok(await ana.http.get("/v1/users/me/sign-ins", headers=own), 200)["items"]
        assert [one["provider"] for one in linked] == [provider]
        secrets |= way
    of_account: set[str] = set()
    account_id = await account(ana, console, of_account)
    of_webhook: set[str] = set()
    await webhook(ana, of_webhook)
    await ana.send(await ana.conversation(ben), "hello")
    new_password = f"new-{uuid.uuid4().hex}"
    body = {"current_password": PASSWORD, "password": new_password}
    ok(await ana.http.patch("/v1/users/me", json=body), 200)
    await failing_engine(stack, ana, secrets)
    secret = client(stack, "secretsmanager").get_secret_value(SecretId="chat4all-signing-keys")
    private = json.loads(secret["SecretString"])["private_pem"].splitlines()[10]
    everything = secrets | of_account | of_webhook | {PASSWORD, new_password, private}

    def found_in(text: str | bytes, which: set[str] = everything) -> set[str]:
        return {s for s in which if (s.encode() if isinstance(text, bytes) else s) in text}

    leaks = {name: found for name, data in files(stack.data) if (found := found_in(data))}
    leaks |= {name: found for name, text in [("output", stack.printed())] if (found := found_in(text))}
    leaks |= {path: found for path, text in await answers(console) if (found := found_in(text))}
    leaks |= {f"record {number}": found for number, record in enumerate(records(stack)) if (found := found_in(record))}
    stored = list(tables(stack))
    allowed = {"accounts": of_account, "webhooks": of_webhook}
    for name, items in stored:
        if found := found_in(items, everything - allowed.get(name.removeprefix("chat4all-"), set())):
            leaks[name] = found
    assert leaks == {}
    assert any(name.endswith("-accounts") and account_id in items for name, items in stored)
    assert stat_of(stack.data / "captures.sqlite") == stat_of(stack.data / "stored-values.db") == 0o600
    own = ok(await ana.http.get("/v1/accounts/" + account_id), 200)
    assert found_in(json.dumps(own)) == set()
    shown = [(await ana.http.get("/v1/webhooks")).text]
    shown += [(await ana.http.get(f"/v1/webhooks/{w['id']}/deliveries")).text for w in json.loads(shown[0])["items"]]
    assert found_in("".join(shown)) == set()
    log = ok(await ana.http.get("/v1/users/me/audit-log", params={"limit": 100}), 200)
    assert found_in(json.dumps(log)) == set()
    told = {(entry["action"], entry["outcome"]) for entry in log["items"]}
    assert {("session.refresh", "denied"), ("password.change", "done"), ("account.create", "done")} <= told


async def test_no_log_has_what_people_write_nor_where_they_can_be_reached(
    stack: RunningStack, join: Join, console: httpx.AsyncClient
) -> None:
    words = Words()
    ana, ben, eve = [await join(name) for name in ("ana", "ben", "eve")]
    await written(ana, (ben, eve), console, words)
    lines = await logs_of(stack.data, "telegram_send")
    assert {word for _, line in lines for word in words.all if word in line} == set()
    addresses = {f"{person.username}@example.com" for person in (ana, ben, eve)}
    assert [line for _, line in lines if any(address in line for address in addresses)] == []
    printed = stack.printed()
    assert {word for word in words.all if word in printed} == set()
    assert len(words.all) > 20


def stat_of(path: Path) -> int:
    return path.stat().st_mode & 0o777
