"""Files on real engines: kept, read by those who may, sent, unsent, shared and deleted."""

import hashlib
import re
from dataclasses import replace

import httpx
import pytest

from chat4all.bootstrap import App
from chat4all.changing import Edit, Unsend
from chat4all.channels.fates import NotSent, TryAgain
from chat4all.channels.outgoing import OutgoingFile
from chat4all.domain.fingerprint import fingerprint
from chat4all.errors import Conflict, NotFound
from chat4all.file_bucket import FileGone
from chat4all.files import SMALL_FILE_MAX
from chat4all.history import History, HistoryQuery
from chat4all.sending import Send, _fingerprint
from chat4all.stores.files import File
from chat4all.stores.messages import Message
from tests.benchmarks.units import CountedUnits
from tests.contract.file_world import PNG, FileWorld, file_part, file_world, form, new_file_id, part
from tests.contract.handlers import request
from tests.contract.messaging import new_user

pytestmark = pytest.mark.engines


@pytest.fixture
def world(deployed: App, files_bucket: str) -> FileWorld:
    return file_world(deployed, files_bucket)


def outgoing(file: dict[str, object]) -> OutgoingFile:
    names = ("file_id", "kind", "filename", "content_type", "size")
    return OutgoingFile(*(file[name] for name in names))  # type: ignore[arg-type]


def test_a_small_file_is_kept_and_comes_back_whole_and_in_ranges(world: FileWorld) -> None:
    ana = new_user()
    file = world.upload(ana, filename="Über uns.png")
    assert file["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert (file["status"], file["size"], file["kind"]) == ("completed", len(PNG), "image")
    assert (file["filename"], file["content_type"], file["owner_id"]) == ("Über uns.png", "image/png", ana)
    assert world.ask("GET", file["file_id"], ana).body == file

    signed = world.ask("GET", file["file_id"], ana, "/presigned").body
    got = httpx.get(signed["url"])
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, PNG, "image/png")
    assert (
        got.headers["content-disposition"] == "inline; filename=\"_ber uns.png\"; filename*=UTF-8''%C3%9Cber%20uns.png"
    )
    ranged = httpx.get(signed["url"], headers={"Range": "bytes=2-5"})
    assert (ranged.status_code, ranged.content) == (206, PNG[2:6])
    assert httpx.get(re.sub("X-Amz-Signature=.", "X-Amz-Signature=0", signed["url"]) + "0").status_code == 403


@pytest.mark.parametrize(
    ("body", "filename", "content_type"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "page.html", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.svg", "image/svg+xml"),
        (b"MZ\x90\x00" + b"\x00" * 100, "setup.exe", None),
    ],
)
def test_what_a_browser_could_run_is_offered_for_saving(
    world: FileWorld, body: bytes, filename: str, content_type: str | None
) -> None:
    ana = new_user()
    file = world.upload(ana, body, filename, content_type)
    assert file["kind"] == "document"
    signed = world.ask("GET", file["file_id"], ana, "/presigned").body
    assert httpx.get(signed["url"]).headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (form(file_part(b"", "x.txt", "text/plain")), 400, "empty_file", "/file"),
        (form(file_part(b"text", "x.png", "image/png")), 400, "content_type_mismatch", "/file"),
        (form(file_part(PNG, "x.pdf", "application/pdf")), 400, "content_type_mismatch", "/file"),
        (form(file_part(b"a", "a", None), part("sha256", b"0" * 64)), 400, "checksum_mismatch", "/sha256"),
        (form(file_part(PNG, "a", None), part("kind", b"voice")), 400, "invalid", "/kind"),
        (form(file_part(PNG, "a", None), part("kind", b"poem")), 400, "invalid", "/kind"),
        (form(file_part(b"a", "a", None), part("colour", b"red")), 400, "invalid_form", "/colour"),
        (form(file_part(b"a", "a", None), file_part(b"b", "b", None)), 400, "invalid_form", "/file"),
        (form(part("kind", b"image")), 400, "invalid_form", "/file"),
        (form(file_part(b"a", "a", None), part("kind", b"\xff")), 400, "invalid_form", None),
        (form(file_part(b"a", "a", None))[:-12], 400, "invalid_form", None),
        (b"", 400, "invalid_form", None),
        (b"{}", 400, "invalid_form", None),
        (form(file_part(b"x" * (SMALL_FILE_MAX + 1), "x", None)), 413, "too_large", None),
    ],
)
def test_bad_forms_are_refused_with_the_reason(
    world: FileWorld, body: bytes, status: int, code: str, pointer: str | None
) -> None:
    answer = world.post(new_user(), body)
    assert (answer.status, answer.body["code"]) == (status, code), answer.body
    assert [e["pointer"] for e in answer.body.get("errors", ())] == ([pointer] if pointer else [])


def test_a_body_of_another_type_is_refused(world: FileWorld) -> None:
    for content_type in ("application/json", "multipart/form-data", "multipart/form-data; boundary=other"):
        answer = world.post(new_user(), form(file_part(b"a", "a", None)), **{"content-type": content_type})
        assert (answer.status, answer.body["code"]) == (400, "invalid_form")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\cv.pdf", "cv.pdf"),
        ("two\r\nlines.txt", "two lines.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("x" * 296 + ".txt", "x" * 196 + ".txt"),
        ("  ", "file"),
        ("写真.jpg", "写真.jpg"),
    ],
)
def test_names_are_kept_for_people_and_harm_nobody(world: FileWorld, name: str, shown: str) -> None:
    ana = new_user()
    file = world.upload(ana, b"some text", name, "text/plain")
    assert file["filename"] == shown
    signed = world.ask("GET", file["file_id"], ana, "/presigned").body
    assert httpx.get(signed["url"]).status_code == 200


def test_a_repeat_with_a_key_is_the_same_file_and_another_file_is_refused(world: FileWorld) -> None:
    ana = new_user()
    one, other = form(file_part(b"one", "a.txt", None)), form(file_part(b"two", "a.txt", None))
    first = world.post(ana, one, **{"idempotency-key": "k"}).body
    assert world.post(ana, one, **{"idempotency-key": "k"}).body == first
    assert world.post(ana, other, **{"idempotency-key": "k"}).body["code"] == "idempotency_key_reused"
    assert world.post(new_user(), other, **{"idempotency-key": "k"}).body["file_id"] != first["file_id"]


def test_an_upload_that_died_in_the_middle_is_completed_by_its_repeat(
    world: FileWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, body = new_user(), form(file_part(b"one", "a.txt", None))
    with monkeypatch.context() as dying:
        dying.setattr(File, "update", lambda *_, **__: exit())
        with pytest.raises(SystemExit):
            world.post(ana, body, **{"idempotency-key": "k"})
    file = world.post(ana, body, **{"idempotency-key": "k"}).body
    assert file["status"] == "completed"
    assert world.bucket.open(file["file_id"]).read() == b"one"


def test_members_read_what_was_sent_to_them_until_it_is_unsent_and_strangers_never(world: FileWorld) -> None:
    ana, bob, stranger = new_user(), new_user(), new_user()
    conversation = world.messaging.conversation(ana, bob)
    file = world.upload(ana)
    file_id = file["file_id"]
    assert [world.ask("GET", file_id, user).status for user in (ana, bob, stranger)] == [200, 404, 404]
    sent = world.send(ana, conversation, file_id, "look")
    for more in ("", "/presigned"):
        assert [world.ask("GET", file_id, user, more).status for user in (ana, bob, stranger)] == [200, 200, 404]
    shown = {name: file[name] for name in ("file_id", "filename", "content_type", "kind", "status", "size")}
    (item,) = History().list(bob, HistoryQuery(conversation))["items"]
    assert (item["type"], item["content"], item["file"]) == ("file", "look", shown)

    world.messaging.changing.edit(Edit(ana, sent.message_id, ""))
    assert History().get(bob, sent.message_id)["file"] == shown
    world.messaging.changing.unsend(Unsend(ana, sent.message_id))
    gone = History().get(bob, sent.message_id)
    assert (gone["content"], "file" in gone) == (None, False)
    assert [world.ask("GET", file_id, user, "/presigned").status for user in (ana, bob)] == [200, 404]


def test_what_a_member_may_read_they_may_send_on_and_that_stands_by_itself(world: FileWorld) -> None:
    ana, bob, eve = new_user(), new_user(), new_user()
    here, there = world.messaging.conversation(ana, bob), world.messaging.conversation(bob, eve)
    file_id = world.upload(ana)["file_id"]
    with pytest.raises(NotFound):
        world.send(bob, there, file_id)
    first = world.send(ana, here, file_id)
    world.send(bob, there, file_id)
    world.messaging.changing.unsend(Unsend(ana, first.message_id))
    assert [world.ask("GET", file_id, user).status for user in (ana, bob, eve)] == [200, 200, 200]


def test_a_file_costs_a_write_and_a_read_unit_more_than_a_text(world: FileWorld) -> None:
    ana, bob = new_user(), new_user()
    conversation = world.messaging.conversation(ana, bob)
    file_id = world.upload(ana)["file_id"]
    world.send(ana, conversation, file_id)
    world.messaging.route(world.messaging.publisher.take())
    with CountedUnits(File.client()) as counted:
        world.send(ana, conversation, file_id)
        world.messaging.route(world.messaging.publisher.take())
    assert (counted.units["write"], counted.units["read"]) == (
        5 + 1,
        2 + 1,
    )  # the sender is not limited here


def test_foreign_and_unknown_files_cannot_be_sent_and_nothing_is_written(world: FileWorld) -> None:
    ana, bob = new_user(), new_user()
    conversation = world.messaging.conversation(ana, bob)
    for file_id in (world.upload(bob)["file_id"], new_file_id()):
        with pytest.raises(NotFound, match="No such file"):
            world.send(ana, conversation, file_id)
    assert History().list(ana, HistoryQuery(conversation))["items"] == []


def test_file_and_type_go_together(world: FileWorld) -> None:
    ana = new_user()
    conversation = world.messaging.conversation(ana, new_user())
    file_id = world.upload(ana)["file_id"]
    for body in (
        {"type": "file"},
        {"type": "text", "content": "x", "file_id": file_id},
        {"type": "file", "file_id": "no id"},
    ):
        answer = request(
            "messages_send", "POST", "/v1/messages", json_body={"conversation_id": conversation} | body, caller=ana
        )
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, "/file_id")


def test_one_message_id_is_one_file(world: FileWorld) -> None:
    ana = new_user()
    conversation = world.messaging.conversation(ana, new_user())
    one, other, message_id = world.upload(ana), world.upload(ana), new_file_id()
    first = world.send(ana, conversation, one["file_id"], message_id=message_id)
    assert world.send(ana, conversation, one["file_id"], message_id=message_id) == first
    with pytest.raises(Conflict):
        world.send(ana, conversation, other["file_id"], message_id=message_id)


def test_claims_of_texts_from_before_there_were_files_stay_valid() -> None:
    said = {
        "conversation_id": "c",
        "type": "text",
        "content": "x",
        "channels": None,
        "reply_to": None,
        "metadata": None,
    }
    assert _fingerprint(Send("s", "c", "text", "x"), "x") == fingerprint(**said)


def test_its_owner_deletes_it_for_all(world: FileWorld) -> None:
    ana, bob = new_user(), new_user()
    conversation = world.messaging.conversation(ana, bob)
    file_id = world.upload(ana)["file_id"]
    world.send(ana, conversation, file_id)
    assert [world.ask("DELETE", file_id, user).status for user in (bob, new_user(), ana)] == [403, 404, 204]
    assert [world.ask("GET", file_id, user).status for user in (ana, bob)] == [404, 404]
    assert world.ask("DELETE", file_id, ana).status == 404
    with pytest.raises(FileGone):
        world.bucket.open(file_id)
    (item,) = History().list(bob, HistoryQuery(conversation))["items"]
    assert item["file"]["filename"] == "dot.png"


def test_a_channel_gets_facts_bytes_and_links(world: FileWorld) -> None:
    ana = new_user()
    conversation = world.messaging.conversation(ana, new_user())
    file = world.upload(ana)
    sent = world.send(ana, conversation, file["file_id"])
    ours = world.media.outgoing(file)
    assert ours == outgoing(file)
    stream = world.media.open(ours)
    assert stream.read(4) + stream.read() == PNG
    stream.close()
    assert httpx.get(world.media.link(ours)).content == PNG

    link = world.media.share_link(ours)
    assert world.media.share_link(ours) == link
    assert link.startswith(f"https://chat.example/files/{file['file_id']}/")
    path = link.removeprefix("https://chat.example")
    answer = request("files", "GET", path)
    assert (answer.status, httpx.get(answer.headers["Location"]).content) == (302, PNG)
    assert request("files", "GET", path + "x").status == 404
    world.messaging.changing.unsend(Unsend(ana, sent.message_id))
    assert request("files", "GET", path).status == 404


def test_a_channel_waits_for_what_is_pending_and_not_for_what_never_comes(world: FileWorld) -> None:
    file = world.upload(new_user())
    item = File(file["file_id"])
    item.update([File.status.set("pending")])
    with pytest.raises(NotSent) as caught:
        world.media.outgoing(file)
    assert caught.value.fate == TryAgain("file_pending: the file is still on its way to us")
    item.update([File.status.set("failed"), File.reason.set("too_large: 5")])
    assert world.media.outgoing(file) == replace(outgoing(file), gone="too_large: 5")
    item.delete()
    assert world.media.outgoing(file) == replace(outgoing(file), gone="file_deleted: the file is not there any more")


def test_the_router_tells_channels_of_the_file(world: FileWorld) -> None:
    ana, bob = new_user(), new_user()
    conversation = world.messaging.conversation(ana, bob)
    file_id = world.upload(ana)["file_id"]
    sent = world.send(ana, conversation, file_id, "look")
    (event,) = world.messaging.publisher.take()
    assert event.data["file"]["file_id"] == file_id
    assert Message.get(conversation, sent.seq).file == event.data["file"]
