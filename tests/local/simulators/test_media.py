"""Files both ways, as python-telegram-bot's own client sends and gets them."""

from contextlib import AsyncExitStack
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from PIL import Image
from telegram import Bot, InputMediaDocument, InputMediaPhoto, InputMediaVideo
from telegram.error import BadRequest

from local.simulators import Simulators
from tests.local.simulators.conftest import TOKEN, NewPhone, Phone, refused

MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\0" * 200
OGG = b"OggS" + b"\0" * 200
MP3 = b"ID3" + b"\0" * 200
PDF = b"%PDF-1.7 " + b"x" * 200
WEBP = b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 40


def picture(width: int = 600, height: int = 400, kind: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind)
    return out.getvalue()


@pytest.fixture
async def phone(new_phone: NewPhone) -> Phone:
    phone = await new_phone()
    await phone.says("hi")
    return phone


@pytest.mark.parametrize(
    ("kind", "data", "mime"),
    [
        ("video", MP4, "video/mp4"),
        ("audio", MP3, "audio/mpeg"),
        ("voice", OGG, "audio/ogg"),
        ("document", PDF, "application/pdf"),
        ("animation", MP4, "video/mp4"),
        ("sticker", WEBP, "image/webp"),
        ("video_note", MP4, "video/mp4"),
    ],
)
async def test_a_bot_sends_each_kind_and_again_by_its_id(
    bot: Bot, phone: Phone, kind: str, data: bytes, mime: str
) -> None:
    send = getattr(bot, f"send_{kind}")
    caption = {} if kind in ("sticker", "video_note") else {"caption": "a caption"}
    sent = (
        await send(phone.id, data, filename="name.bin", **caption) if kind != "sticker" else await send(phone.id, data)
    )
    sent_file = getattr(sent, kind)
    assert (sent_file.file_size, sent.caption) == (len(data), caption.get("caption"))
    shown = (await phone.messages())[-1]
    assert (shown["media"]["kind"], shown["media"]["mime"]) == (kind, mime)
    async with phone.http.get(phone.api.removesuffix("/phones/api") + shown["media"]["url"]) as response:
        assert await response.read() == data
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    again = await send(phone.id, sent_file.file_id)
    assert getattr(again, kind).file_unique_id == sent_file.file_unique_id
    assert getattr(again, kind).file_size == len(data)


async def test_a_photo_has_sizes(bot: Bot, phone: Phone) -> None:
    data = picture()
    sent = await bot.send_photo(phone.id, data, caption="teal")
    assert [(size.width, size.height) for size in sent.photo] == [(90, 60), (320, 213), (600, 400)]
    large = await bot.send_photo(phone.id, picture(3000, 1500, "PNG"))
    assert [size.width for size in large.photo] == [90, 320, 800, 1280]


async def test_what_does_not_fit_a_kind_arrives_as_a_document(bot: Bot, phone: Phone) -> None:
    sent = await bot.send_voice(phone.id, PDF, filename="not-a-voice.pdf")
    assert sent.voice is None
    assert sent.document is not None
    assert sent.document.mime_type == "application/pdf"


async def test_a_bot_fetches_what_a_person_sent(simulators: Simulators, bot: Bot, phone: Phone) -> None:
    await phone.sends(PDF, "plan.pdf", "document", caption="The plan")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.document is not None
    assert (message.caption, message.document.file_name, message.document.file_size) == (
        "The plan",
        "plan.pdf",
        len(PDF),
    )
    file = await bot.get_file(message.document.file_id)
    assert file.file_path is not None
    assert bytes(await file.download_as_bytearray()) == PDF
    path = file.file_path.split(TOKEN)[1]
    for token in ("4242:" + "b" * 35, "x"):
        async with phone.http.get(f"{simulators.url}/telegram/file/bot{token}{path}") as response:
            assert response.status == 401
    async with phone.http.get(f"{simulators.url}/telegram/file/bot{TOKEN}/documents/../../x") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        *(("photo", picture()), ("video", MP4), ("audio", MP3), ("voice", OGG)),
        *(("animation", MP4), ("sticker", WEBP), ("video_note", MP4)),
    ],
)
async def test_a_person_sends_each_kind(bot: Bot, phone: Phone, kind: str, data: bytes) -> None:
    await phone.sends(data, "file", kind)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    found = getattr(message, kind)
    file = await bot.get_file(found[-1] if kind == "photo" else found)
    assert bytes(await file.download_as_bytearray()) == data
    assert (message.document is not None) == (kind == "animation")


async def test_a_file_of_more_than_20_mb_cannot_be_fetched(bot: Bot, phone: Phone) -> None:
    await phone.sends(b"\1" * (20 * 1024 * 1024 + 1), "large.bin", "document")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.document is not None
    with refused("File is too big"):
        await bot.get_file(message.document)


async def test_limits_of_uploads(bot: Bot, phone: Phone, http: aiohttp.ClientSession) -> None:
    with refused("too big for a photo; the maximum size is 10485760 bytes"):
        await bot.send_photo(phone.id, b"\xff\xd8\xff" + b"\0" * 10 * 1024 * 1024)
    for data, words in ((b"not a picture", "Image_process_failed"), (picture(6000, 4001), "Photo_invalid_dimensions")):
        with pytest.raises(BadRequest, match=words):
            await bot.send_photo(phone.id, data)
    with refused("Message caption is too long"):
        await bot.send_document(phone.id, PDF, caption="😀" * 513)
    assert (await bot.send_document(phone.id, PDF, caption="😀" * 512)).caption == "😀" * 512
    form = aiohttp.FormData({"chat_id": str(phone.id)})
    form.add_field("document", BytesIO(b"\0" * (50 * 1024 * 1024 + 1)), filename="large.bin")
    async with http.post(bot.base_url + "/sendDocument", data=form) as response:
        assert (response.status, (await response.json())["description"]) == (413, "Request Entity Too Large")


async def test_file_ids_of_another_kind_or_bot(simulators: Simulators, bot: Bot, phone: Phone) -> None:
    sent = await bot.send_document(phone.id, PDF)
    assert sent.document is not None
    with refused("can't use file of type Document as Photo"):
        await bot.send_photo(phone.id, sent.document.file_id)
    with refused("wrong file identifier/http url specified"):
        await bot.send_document(phone.id, "BQACnonsense")
    async with Bot("77:" + "z" * 35, base_url=f"{simulators.url}/telegram/bot") as other:
        with refused("invalid file_id"):
            await other.get_file(sent.document.file_id)


@pytest.fixture
async def site(cleanup: AsyncExitStack) -> str:
    """A web server with files to send by URL."""
    contents = {
        "photo.jpg": picture(),
        "plan.pdf": PDF,
        "page.html": b"<html>",
        "large.jpg": b"\xff\xd8\xff" + b"\0" * 5_300_000,
    }

    async def answer(request: web.Request) -> web.Response:
        data = contents.get(request.match_info["name"])
        return web.Response(status=404) if data is None else web.Response(body=data)

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    cleanup.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


async def test_files_by_url(bot: Bot, phone: Phone, site: str) -> None:
    assert len((await bot.send_photo(phone.id, f"{site}/photo.jpg")).photo) == 3
    document = (await bot.send_document(phone.id, f"{site}/plan.pdf")).document
    assert document is not None
    assert document.file_name == "plan.pdf"
    cases: list[tuple[Any, str, str]] = [
        (bot.send_photo, "page.html", "wrong type of the web page content"),
        (bot.send_document, "page.html", "wrong type of the web page content"),
        (bot.send_document, "missing", "failed to get http url content"),
        (bot.send_photo, "large.jpg", "failed to get http url content"),
    ]
    for send, name, words in cases:
        with refused(words):
            await send(phone.id, f"{site}/{name}")
    with refused("wrong file identifier/http url specified"):
        await bot.send_photo(phone.id, "http://127.0.0.1:1/x.jpg")


async def test_an_album_of_a_bot(bot: Bot, phone: Phone) -> None:
    photo = InputMediaPhoto(picture(), caption="first")
    sent = await bot.send_media_group(phone.id, [photo, InputMediaVideo(MP4)])
    assert len({message.media_group_id for message in sent}) == 1
    assert [bool(message.photo) for message in sent] == [True, False]
    assert [shown.get("caption") for shown in (await phone.messages())[-2:]] == ["first", None]
    for media, words in (
        ([photo], "2 to 10"),
        ([photo] * 11, "2 to 10"),
        ([photo, InputMediaDocument(PDF)], "can't be mixed"),
    ):
        with pytest.raises(BadRequest, match=words):
            await bot.send_media_group(phone.id, media)


async def test_an_album_of_a_person(bot: Bot, phone: Phone) -> None:
    uploads = [await phone.uploads(picture(), "a.jpg"), await phone.uploads(MP4, "b.mp4")]
    items = [
        {"media_id": uploads[0], "type": "photo", "caption": "Holidays"},
        {"media_id": uploads[1], "type": "video", "duration": 3},
    ]
    status, answer = await phone.call("POST", f"{phone.chat}/messages", {"album": items})
    assert (status, len(answer["items"])) == (201, 2)
    first, second = [update.message for update in (await bot.get_updates())[-2:]]
    assert first is not None
    assert second is not None
    assert first.media_group_id == second.media_group_id != None  # noqa: E711 (all three at once)
    assert (first.caption, second.caption) == ("Holidays", None)
    assert first.photo
    assert second.video is not None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"media": {"media_id": "x", "type": "document"}}, "media.media_id"),
        ({"media": {"media_id": "x", "type": "hologram"}}, "media.type"),
        ({"media": 1}, "media.type"),
        ({"album": [{}]}, "2 to 10"),
        ({"forward": {"chat": 4242, "message_id": 999}}, "forward"),
        ({"text": "x", "location": {}}, "one of"),
    ],
)
async def test_bad_media_of_a_phone(phone: Phone, body: dict[str, Any], words: str) -> None:
    status, answer = await phone.call("POST", f"{phone.chat}/messages", body)
    assert status == 400
    assert words in answer["error"]
