"""Contacts who are only on Messenger or Instagram: both ways over their wire protocols, in one ordered conversation."""

import json

import httpx
import pytest

from chat4all.channels.meta.signature import signature
from tests.e2e.conftest import Join
from tests.e2e.graph_phones import business, graph_phone, pointed
from tests.e2e.people import ok
from tests.e2e.running_stack import RunningStack

pytestmark = pytest.mark.parametrize("channel", ["messenger", "instagram"])
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def test_a_contact_writes_and_sees_answers_and_we_see_that_they_read(
    join: Join, stack: RunningStack, console: httpx.AsyncClient, channel: str
) -> None:
    ana = await join("ana")
    carla = await graph_phone(console, await pointed(stack, console, ana, channel))
    async with ana.online() as socket:
        await carla.write("Tem pão?")
        asked = await socket.event("message.created", content="Tem pão?")
        assert asked["data"]["channel"] == channel
        conversation = asked["conversation_id"]

        answered = await ana.send(conversation, "Sim, fresco 🥖", reply_to=asked["data"]["message_id"])
        received = await carla.receives(text="Sim, fresco 🥖")
        assert received["reply_to"] == (await carla.messages())[0]["id"]
        await carla.read()
        status = await ana.status_becomes(answered["message_id"], "read")
        assert status["recipients"][0]["deliveries"][0]["external_id"] == received["id"]
        await socket.event("message.status", message_id=answered["message_id"], status="read", channel=channel)

        await carla.write("Dois", reply_to=received["id"])
        reply = await socket.event("message.created", content="Dois")
        assert reply["data"]["reply_to"] == answered["message_id"]
    history = await ana.history(conversation, after_seq=0)
    assert [m["content"] for m in history["items"]] == ["Tem pão?", "Sim, fresco 🥖", "Dois"]


async def test_a_photo_of_theirs_becomes_a_file_and_one_of_ours_a_photo(
    join: Join, stack: RunningStack, console: httpx.AsyncClient, channel: str
) -> None:
    ana = await join("ana")
    carla = await graph_phone(console, await pointed(stack, console, ana, channel))
    async with ana.online() as socket:
        media_id = await carla.upload("pao.png", "image/png", PNG)
        await carla.write(media={"media_id": media_id, "type": "image"})
        said = await socket.event("message.created", type="file")
        file_id = said["data"]["file"]["file_id"]
        await socket.until(lambda f: f["type"] == "message.updated" and f["data"]["file"]["status"] == "completed")
        link = (await ana.http.get(f"/v1/files/{file_id}/presigned")).json()
        async with httpx.AsyncClient() as client:
            assert (await client.get(link["url"])).content == PNG
        uploaded = ok(await ana.http.post("/v1/files", files={"file": ("ours.png", PNG, "image/png")}), 201)
        body = {"conversation_id": said["conversation_id"], "type": "file", "file_id": uploaded["file_id"]}
        ok(await ana.http.post("/v1/messages", json=body), 202)
        photo = await carla.receives(type="image")
        assert photo["media"]["size"] == len(PNG)


async def test_webhooks_that_are_not_metas_write_nothing(
    join: Join, stack: RunningStack, console: httpx.AsyncClient, channel: str
) -> None:
    ana = await join("ana")
    made = await business(console, ana, channel)
    path = f"/channels/{channel}/{made['account']['id']}/webhook"
    event = {
        "sender": {"id": "5511"},
        "recipient": {"id": made["id"]},
        "timestamp": 1,
        "message": {"mid": "m", "text": "x"},
    }
    about = "page" if channel == "messenger" else "instagram"
    document = {"object": about, "entry": [{"id": made["id"], "time": 1, "messaging": [event]}]}
    body = json.dumps(document).encode()
    for signed in ({}, {"x-hub-signature-256": signature("guess", body)}):
        assert (await ana.http.post(path, content=body, headers=signed)).status_code == 404
    right = {"x-hub-signature-256": signature(made["app_secret"], body)}
    assert (await ana.http.post(path, content=body + b" ", headers=right)).status_code == 404
    assert (await ana.http.get("/v1/conversations")).json()["items"] == []
    assert (await ana.http.post(path, content=body, headers=right)).status_code == 200
    assert len((await ana.http.get("/v1/conversations")).json()["items"]) == 1
    query = {"hub.mode": "subscribe", "hub.challenge": "7", "hub.verify_token": "guess"}
    assert (await ana.http.get(path, params=query)).status_code == 403
    handshake = await ana.http.get(path, params=query | {"hub.verify_token": made["verify_token"]})
    assert (handshake.status_code, handshake.text) == (200, "7")
