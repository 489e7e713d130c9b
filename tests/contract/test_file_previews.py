"""Images as S3 tells of them: measured and drawn on real engines, whatever they are, and as often as S3 says it."""

import io
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest
from PIL import Image

from chat4all.bootstrap import App
from chat4all.errors import Unavailable
from chat4all.file_bucket import FileBucket
from chat4all.stores.files import FAILED, File
from tests.contract.file_world import FileWorld, file_world
from tests.contract.handlers import invoke
from tests.contract.messaging import new_user

pytestmark = pytest.mark.engines


@pytest.fixture
def world(deployed: App, files_bucket: str) -> FileWorld:
    return file_world(deployed, files_bucket)


def jpeg(**options: Any) -> bytes:
    """1600 × 900 pixels."""
    made = io.BytesIO()
    Image.linear_gradient("L").resize((1600, 900)).convert("RGB").save(made, "JPEG", **options)
    return made.getvalue()


def created(*file_ids: str, event: str = "ObjectCreated:Put") -> dict[str, Any]:
    """S3's event."""
    return {
        "Records": [
            {"eventName": event, "s3": {"bucket": {"name": "b"}, "object": {"key": quote_plus(f"files/{file_id}")}}}
            for file_id in file_ids
        ]
    }


def became(*file_ids: str) -> list[str]:
    return [each["became"] for each in invoke("file_previews", created(*file_ids))["files"]]


def thumbnail(world: FileWorld, file_id: str) -> httpx.Response:
    return httpx.get(world.bucket.thumbnail_url(file_id, 60))


def test_an_image_gets_its_size_and_a_thumbnail_which_its_readers_find(world: FileWorld) -> None:
    ana = new_user()
    file_id = world.upload(ana, jpeg(), "sea.jpg", "image/jpeg")["file_id"]
    assert "image" not in world.ask("GET", file_id, ana).body
    assert "thumbnail_url" not in world.ask("GET", file_id, ana, "/presigned").body
    assert became(file_id) == ["drawn"]
    assert world.ask("GET", file_id, ana).body["image"] == {"width": 1600, "height": 900}
    signed = world.ask("GET", file_id, ana, "/presigned").body
    assert signed["image"] == {"width": 1600, "height": 900}
    got = httpx.get(signed["thumbnail_url"])
    assert got.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(got.content)).size == (480, 270)


def test_it_stands_as_the_camera_was_held_and_tells_nothing_of_where(world: FileWorld) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "at the secret place"
    ana = new_user()
    body = jpeg(exif=exif, comment=b"a secret comment")
    assert body.count(b"secret") == 2
    file_id = world.upload(ana, body, "sea.jpg", "image/jpeg")["file_id"]
    assert became(file_id) == ["drawn"]
    assert world.ask("GET", file_id, ana).body["image"] == {"width": 900, "height": 1600}
    small = thumbnail(world, file_id).content
    assert Image.open(io.BytesIO(small)).size == (270, 480)
    assert b"secret" not in small


def test_the_event_comes_again_and_late_and_for_what_is_gone(world: FileWorld) -> None:
    ana = new_user()
    file_id, other = (world.upload(ana, jpeg(), "sea.jpg", "image/jpeg")["file_id"] for _ in range(2))
    assert became(file_id, file_id, other) == ["drawn"] * 3
    assert world.ask("DELETE", file_id, ana).status == 204
    assert thumbnail(world, file_id).status_code == 404
    assert became(file_id, other) == ["gone", "drawn"]
    assert thumbnail(world, file_id).status_code == 404


def test_an_item_whose_object_has_not_come_or_has_gone_gets_nothing(world: FileWorld) -> None:
    file_id = world.upload(new_user(), jpeg(), "sea.jpg", "image/jpeg")["file_id"]
    world.bucket.delete(file_id)
    assert became(file_id) == ["gone"]


@pytest.mark.parametrize("how", ["deleted", "failed", "leaving"])
def test_what_is_removed_while_it_is_drawn_leaves_no_thumbnail(
    world: FileWorld, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    file_id = world.upload(new_user(), jpeg(), "sea.jpg", "image/jpeg")["file_id"]
    put = FileBucket.put_thumbnail

    def meanwhile(bucket: FileBucket, *arguments: Any) -> None:
        put(bucket, *arguments)
        if how == "deleted":
            File(file_id).delete()
        else:
            File(file_id).update([File.status.set(FAILED) if how == "failed" else File.leaving.set("owner")])

    monkeypatch.setattr(FileBucket, "put_thumbnail", meanwhile)
    assert became(file_id) == ["gone"]
    assert thumbnail(world, file_id).status_code == 404


def test_a_death_before_the_item_says_so_is_mended_by_the_repeat(
    world: FileWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = world.upload(new_user(), jpeg(), "sea.jpg", "image/jpeg")["file_id"]
    with monkeypatch.context() as dying:
        dying.setattr(File, "update", lambda *_, **__: exit())
        with pytest.raises(SystemExit):
            became(file_id)
    assert became(file_id) == ["drawn"]


def test_storage_that_does_not_answer_fails_the_invocation_which_is_then_repeated(
    world: FileWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = world.upload(new_user(), jpeg(), "sea.jpg", "image/jpeg")["file_id"]

    def broken(*_: Any) -> None:
        raise Unavailable("S3 does not answer")

    with monkeypatch.context() as failing:
        failing.setattr(FileBucket, "put_thumbnail", broken)
        with pytest.raises(Unavailable):
            became(file_id)
    assert became(file_id) == ["drawn"]


def test_one_that_is_too_large_is_measured_by_its_beginning(world: FileWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = new_user()
    file_id = world.upload(ana, jpeg(), "sea.jpg", "image/jpeg")["file_id"]
    monkeypatch.setattr("chat4all.file_previews.READ_MAX", 4096)
    assert became(file_id) == ["measured"]
    assert world.ask("GET", file_id, ana).body["image"] == {"width": 1600, "height": 900}
    assert "thumbnail_url" not in world.ask("GET", file_id, ana, "/presigned").body


def test_other_files_and_other_events_are_passed_over(world: FileWorld) -> None:
    text = world.upload(new_user(), b"some text", "a.txt", "text/plain")["file_id"]
    svg = world.upload(new_user(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml")["file_id"]
    unknown = world.upload(new_user(), jpeg(), "a", None)["file_id"]
    assert became(text, svg, unknown) == ["no_image", "no_image", "drawn"]
    assert became("no id") == ["unknown"]
    assert invoke("file_previews", created(text, event="ObjectRemoved:Delete")) == {"files": []}
    assert invoke("file_previews", {"Service": "Amazon S3", "Event": "s3:TestEvent"}) == {"files": []}
