"""An operator rotates the signing keys of a running stack: tokens of both keys are taken by the gateway and on WebSockets."""

import json
import os
import signal
import subprocess
from typing import Any

import boto3
import jwt
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.e2e.conftest import Join
from tests.e2e.people import PASSWORD, Person, ok
from tests.e2e.running_stack import ROOT, RunningStack
from tests.environment import without_aws

HOURS_MS = 3 * 3600 * 1000


def admin(stack: RunningStack, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "scripts/admin"), f"--data={stack.data}", *words]
    return subprocess.run(
        command, cwd=ROOT, env=without_aws(), capture_output=True, text=True, timeout=120, check=False
    )


def age_next_key(stack: RunningStack) -> None:
    """Three hours pass for the key that is published and does not sign yet."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    dynamodb: Any = boto3.client("dynamodb", endpoint_url=stack.url("aws"), **keys)
    for item in dynamodb.scan(TableName="chat4all-public-keys")["Items"]:
        if "signs_from" not in item:
            item["published_at"] = {"N": str(int(item["published_at"]["N"]) - HOURS_MS)}
            dynamodb.put_item(TableName="chat4all-public-keys", Item=item)


async def sign_in(person: Person) -> str:
    """An access token; an environment that was just killed may still be asked once."""
    form = {"username": person.username, "password": PASSWORD}
    for _ in range(5):
        answer = await person.http.post("/auth/token", json=form)
        if answer.status_code != 500:
            break
    return str(ok(answer, 200)["access_token"])


def kid(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


async def test_tokens_of_both_keys_are_taken_after_a_rotation(stack: RunningStack, join: Join) -> None:
    ana = await join("ana")
    early = admin(stack, "keys", "rotate")
    assert (early.returncode, "may sign from" in early.stderr) == (1, True), early.stderr
    age_next_key(stack)
    rotated = admin(stack, "keys", "rotate")
    assert rotated.returncode == 0, rotated.stderr
    assert [line.split()[1] for line in rotated.stdout.splitlines()[1:]] == ["retired", "signing", "next"]
    for pid in stack.environment_pids("TokensFunction"):  # they would sign with the key before for 5 minutes
        os.kill(pid, signal.SIGKILL)
    other = await sign_in(ana)
    assert kid(other) == rotated.stdout.splitlines()[2].split()[0] != kid(ana.token)
    for token in (ana.token, other):
        ok(await ana.http.get("/v1/users/me", headers={"authorization": f"Bearer {token}"}), 200)
        async with connect(f"{ana.websocket_url}/?token={token}", compression=None):
            pass
    log = admin(stack, "audit", "--deployment", "--json")
    told = [json.loads(line) for line in log.stdout.splitlines()]
    assert [e["outcome"] for e in told if e["action"] == "signing_key.rotate"] == ["done", "begun", "failed", "begun"]
    assert all(e["actor"].startswith("operator:arn:aws:") for e in told if e["action"] == "signing_key.rotate")


async def test_a_session_that_ends_closes_its_websocket_and_no_other(join: Join) -> None:
    ana = await join("ana")
    other = Person(ana.http, ana.websocket_url, ana.id, ana.username, await sign_in(ana), "")
    async with ana.online() as closed, other.online() as kept:
        ok(await ana.http.post("/auth/revoke", json={"refresh_token": ana.refresh_token}), 204)
        told = await closed.until(lambda frame: frame["type"] == "error")
        assert told["error"]["code"] == "session_ended"
        await closed.connection.wait_closed()
        assert (await kept.request("heartbeat"))["type"] == "ack"
    with pytest.raises(InvalidStatus):
        await connect(f"{ana.websocket_url}/?token={ana.token}", compression=None)
    refused = await ana.http.delete("/v1/users/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
    ok(await ana.http.get("/v1/users/me"), 200)  # reads go on until the token is over
