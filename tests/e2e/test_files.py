"""Files from end to end: from an app to a phone and back, bytes and all, while their messages keep their order."""

import io

import httpx
from PIL import Image

from tests.e2e.conftest import Join
from tests.e2e.people import Person, ok
from tests.e2e.phones import phone, shop

PDF = b"%PDF-1.7\n" + b"price " * 50_000


def picture(colour: str) -> bytes:
    """A PNG of 64 × 64 pixels."""
    made = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(made, "PNG")
    return made.getvalue()


async def upload(person: Person, name: str, body: bytes, content_type: str) -> str:
    answer = await person.http.post("/v1/files", files={"file": (name, body, content_type)})
    return str(ok(answer, 201)["file_id"])


async def download(person: Person, file_id: str) -> httpx.Response:
    signed = ok(await person.http.get(f"/v1/files/{file_id}/presigned"), 200)
    async with httpx.AsyncClient() as http:
        return await http.get(signed["url"])


async def test_a_photo_of_a_guest_is_fetched_and_ours_reaches_their_phone(
    join: Join, console: httpx.AsyncClient
) -> None:
    ana, stranger = await join("ana"), await join("eve")
    carla = await phone(console, await shop(console, ana))
    theirs, ours = picture("red"), picture("blue")
    async with ana.online() as socket:
        sent = await console.put(f"/phones/api/phones/{carla.id}/uploads/loaf.png", content=theirs)
        media = {"media_id": ok(sent, 201)["media_id"], "type": "document", "caption": "like this one"}
        ok(await console.post(f"{carla.chat}/messages", json={"media": media}), 201)
        created = await socket.event("message.created", content="like this one")
        conversation, file = created["conversation_id"], created["data"]["file"]
        assert (created["data"]["type"], file["filename"], file["kind"]) == ("file", "loaf.png", "document")
        updated = await socket.until(
            lambda f: f["type"] == "message.updated" and f["data"]["file"]["status"] == "completed"
        )
        assert updated["data"]["message_id"] == created["data"]["message_id"]
        got = await download(ana, file["file_id"])
        assert (got.status_code, got.content) == (200, theirs)
        assert (await stranger.http.get(f"/v1/files/{file['file_id']}")).status_code == 404

        for name, body, content_type in (("ours.png", ours, "image/png"), ("price list.pdf", PDF, "application/pdf")):
            file_id = await upload(ana, name, body, content_type)
            answer = await ana.send(conversation, f"with {name}", type="file", file_id=file_id)
            await ana.status_becomes(answer["message_id"], "sent")
        both = [await upload(ana, f"{name}.png", picture(name), "image/png") for name in ("green", "black")]
        answer = await ana.send(conversation, "two of them", type="file", file_ids=both)
        await ana.status_becomes(answer["message_id"], "sent")
    photo, document, *album = (m for m in await carla.messages() if m["from"] == "bot")
    assert [(m["media"]["kind"], m.get("caption"), m["album"]) for m in album] == [
        ("photo", "two of them", album[0]["album"]),
        ("photo", None, album[0]["album"]),
    ]
    assert (photo["caption"], photo["media"]["kind"]) == ("with ours.png", "photo")
    assert (document["caption"], document["media"]["name"]) == ("with price list.pdf", "price list.pdf")
    assert (await console.get(document["media"]["url"])).content == PDF
    history = await ana.history(conversation, after_seq=0)
    assert [file["file_id"] for file in history["items"][-1]["files"]] == both
    assert [(m["content"], m["file"]["status"]) for m in history["items"]] == [
        ("like this one", "completed"),
        ("with ours.png", "completed"),
        ("with price list.pdf", "completed"),
        ("two of them", "completed"),
    ]
