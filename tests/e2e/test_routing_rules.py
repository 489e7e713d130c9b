"""Routing rules through the whole stack: a business says which way messages go, tries it, and it is so."""

import json
from typing import Any

import boto3
import httpx

from tests.e2e.conftest import Join
from tests.e2e.people import Person, ok
from tests.e2e.phones import phone, shop
from tests.e2e.running_stack import RunningStack


async def rule(owner: Person, action: dict[str, Any], **conditions: Any) -> str:
    answer = await owner.http.post("/v1/routing-rules", json={"action": action, "conditions": conditions})
    return str(ok(answer, 201)["id"])


async def test_rules_drop_and_mirror_as_the_dry_run_says(join: Join, console: httpx.AsyncClient) -> None:
    ana, bob = await join("ana"), await join("bob")
    archive = await ana.conversation(bob)
    bot = await shop(console, ana)
    inbound = {"inbound": {"conversation": "by_contact", "mirror_to": archive}}
    ok(await ana.http.patch(f"/v1/accounts/{bot['account']['id']}", json=inbound), 200)
    carla = await phone(console, bot)
    dropping = await rule(ana, {"drop": True}, words=["internal"])
    await rule(ana, {"mirror_to": archive}, words=["copy"])
    async with ana.online() as socket, bob.online() as archived:
        await carla.write("Hello, shop")
        asked = await socket.event("message.created", content="Hello, shop", channel="telegram")
        conversation, carla_id = asked["conversation_id"], asked["data"]["sender_id"]
        copy = await archived.event("message.created", content="Hello, shop")
        assert (copy["conversation_id"], copy["data"]["sender_id"]) == (archive, ana.id)
        origin = copy["data"]["metadata"]["mirrored_from"]
        assert (origin["sender_id"], origin["sender_name"], origin["channel"]) == (carla_id, "Carla", "telegram")

        draft = {"conversation_id": conversation, "message": {"content": "internal: a copy"}}
        tried = ok(await ana.http.post("/v1/routing-rules/test", json=draft), 200)
        (choice,) = tried["recipients"]
        assert choice["choice"] == {"by": "rule", "channels": [], "rule_id": dropping, "dropped": True}
        assert choice["explanation"].startswith("rule 1 holds: nothing leaves the app")
        assert [mirror["conversation_id"] for mirror in tried["mirrors"]] == [archive]

        kept = await ana.send(conversation, "internal: a copy")
        await archived.event("message.created", content="internal: a copy")
        await ana.send(conversation, "What may it be?")
        await carla.receives("What may it be?")
        said = [message["text"] for message in await carla.messages()]
        assert said == ["Hello, shop", "What may it be?"]
        status = await ana.status_becomes(kept["message_id"], "failed")
        assert status["recipients"][0]["reason"].startswith("dropped")


async def test_a_fallback_goes_on_to_telegram_when_the_app_has_not_reached_somebody(
    join: Join, console: httpx.AsyncClient, stack: RunningStack
) -> None:
    ana, bob = await join("ana"), await join("bob")
    await rule(ana, {"fallback": {"chain": ["in_app", "telegram"], "wait_s": 5}}, recipients=[bob.id])
    bot = await shop(console, ana)
    bobs_phone = await phone(console, bot, "Bob")
    async with ana.online() as socket:
        await bobs_phone.write("/start")  # a bot may not speak first
        await socket.event("message.created", content="/start")
    conversation = await ana.conversation(bob)
    _reached_at(stack, conversation, bob.id, bot["account"]["id"], bobs_phone.id)
    sent = await ana.send(conversation, "Are you there?")
    await bobs_phone.receives("Are you there?")
    status = await ana.status_becomes(sent["message_id"], "sent")
    assert status["recipients"][0]["fallback"] == {
        "wait_s": 5,
        "chain": [{"channel": "in_app", "status": "sent"}, {"channel": "telegram", "status": "sent"}],
    }


def _reached_at(stack: RunningStack, conversation: str, user: str, account: str, chat: int) -> None:
    """The user has this address, as a link of theirs would have it."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    client: Any = boto3.client("dynamodb", endpoint_url=stack.url("aws"), **keys)  # type: ignore[call-overload]
    addresses = json.dumps([{"channel": "telegram", "account_id": account, "address": str(chat)}])
    client.update_item(
        TableName="chat4all-members",
        Key={"conversation_id": {"S": conversation}, "user_id": {"S": user}},
        UpdateExpression="SET addresses = :a",
        ExpressionAttributeValues={":a": {"S": addresses}},
    )
