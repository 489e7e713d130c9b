"""A contact who is only on WhatsApp: both ways over the Cloud API's wire protocol, in one ordered conversation."""

import json

import httpx

from chat4all.channels.meta.signature import signature
from tests.e2e.conftest import Join
from tests.e2e.graph_phones import business, graph_phone
from tests.e2e.people import Person, ok
from tests.e2e.test_files import download, picture, upload


async def test_a_contact_writes_and_sees_answers_and_we_see_that_they_read(
    join: Join, console: httpx.AsyncClient
) -> None:
    ana = await join("ana")
    carla = await graph_phone(console, await business(console, ana, "whatsapp"))
    async with ana.online() as socket:
        await carla.write("Tem pão?")
        asked = await socket.event("message.created", content="Tem pão?")
        assert asked["data"]["channel"] == "whatsapp"
        conversation = asked["conversation_id"]

        answered = await ana.send(conversation, "Sim, fresco 🥖", reply_to=asked["data"]["message_id"])
        received = await carla.receives(text="Sim, fresco 🥖")
        assert received["reply_to"] == (await carla.messages())[0]["id"]
        await ana.status_becomes(answered["message_id"], "delivered")
        await carla.read()
        status = await ana.status_becomes(answered["message_id"], "read")
        (recipient,) = status["recipients"]
        assert recipient["deliveries"][0]["external_id"] == received["id"]
        await socket.event("message.status", message_id=answered["message_id"], status="read", channel="whatsapp")

        await carla.write("Dois", reply_to=received["id"])
        reply = await socket.event("message.created", content="Dois")
        assert reply["data"]["reply_to"] == answered["message_id"]
    history = await ana.history(conversation, after_seq=0)
    assert [m["content"] for m in history["items"]] == ["Tem pão?", "Sim, fresco 🥖", "Dois"]


async def test_photos_go_both_ways_and_an_archive_as_a_link(join: Join, console: httpx.AsyncClient) -> None:
    ana = await join("ana")
    carla = await graph_phone(console, await business(console, ana, "whatsapp"))
    theirs, ours = picture("red"), picture("blue")
    async with ana.online() as socket:
        media_id = await carla.upload("pao.png", "image/png", theirs)
        await carla.write(media={"media_id": media_id, "type": "image", "caption": "este"})
        said = await socket.event("message.created", content="este")
        conversation, file_id = said["conversation_id"], said["data"]["file"]["file_id"]
        await socket.until(lambda f: f["type"] == "message.updated" and f["data"]["file"]["status"] == "completed")
        assert (await download(ana, file_id)).content == theirs

        photo = await send_file(ana, conversation, "ours.png", ours, "image/png", "ou este")
        shown = await carla.receives(type="image", caption="ou este")
        assert (await console.get(shown["media"]["url"])).content == ours
        await ana.status_becomes(photo, "delivered")

        archive = await send_file(ana, conversation, "tudo.zip", b"PK\x05\x06" + bytes(18), "application/zip", "")
        linked = await carla.receives(type="text")
        name, _, link = linked["text"].partition("\n")
        assert name == "tudo.zip"
        async with httpx.AsyncClient(follow_redirects=True) as http:
            assert (await http.get(link)).content == b"PK\x05\x06" + bytes(18)
        status = await ana.status_becomes(archive, "delivered")
        assert "unsupported_type" in str(status["recipients"])


async def send_file(person: Person, conversation: str, name: str, data: bytes, content_type: str, caption: str) -> str:
    """Id of the message."""
    file_id = await upload(person, name, data, content_type)
    body = {"conversation_id": conversation, "type": "file", "file_id": file_id, "content": caption}
    return str(ok(await person.http.post("/v1/messages", json=body), 202)["message_id"])


async def test_webhooks_that_are_not_whatsapps_write_nothing(join: Join, console: httpx.AsyncClient) -> None:
    ana = await join("ana")
    made = await business(console, ana, "whatsapp")
    path = f"/channels/whatsapp/{made['account']['id']}/webhook"
    message = {"from": "5511", "id": "wamid.x", "timestamp": "1", "type": "text", "text": {"body": "x"}}
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": made["id"]}, "messages": [message]}
    document = {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}
    body = json.dumps(document).encode()
    for signed in ({}, {"x-hub-signature-256": signature("guess", body)}):
        assert (await ana.http.post(path, content=body, headers=signed)).status_code == 404
    right = {"x-hub-signature-256": signature(made["app_secret"], body)}
    assert (await ana.http.post(path, content=body + b" ", headers=right)).status_code == 404
    assert (await ana.http.post(path, content=body, headers=right)).status_code == 200
    assert len((await ana.http.get("/v1/conversations")).json()["items"]) == 1
    query = {"hub.mode": "subscribe", "hub.challenge": "7", "hub.verify_token": "guess"}
    assert (await ana.http.get(path, params=query)).status_code == 403
    handshake = await ana.http.get(path, params=query | {"hub.verify_token": made["verify_token"]})
    assert (handshake.status_code, handshake.text) == (200, "7")
