"""Uploads are read to the last byte, in steps that any process can go on with, and only what is as it was said is let through."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chat4all import sha256_state
from chat4all.bootstrap import App
from chat4all.errors import Conflict, Unavailable
from chat4all.file_bucket import FileBucket, FileGone
from chat4all.file_changes import FileChanges
from chat4all.file_check_requests import file_check_requested
from chat4all.file_reading import FileReading
from chat4all.file_scan import ScanFailed
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import PublishFailed
from chat4all.sending import Send
from chat4all.stores import file_writes
from chat4all.stores.files import File, find_file
from chat4all.stores.retries import ParkedRecord
from tests.contract.check_world import RANGE, STEP, CheckWorld, FixedScanner, standing, text_of
from tests.contract.consumer_events import as_raws, event_of
from tests.contract.file_world import PNG
from tests.contract.handlers import Context, invoke, request
from tests.contract.messaging import KeptPublisher, new_user

pytestmark = pytest.mark.engines
BODY = text_of(2 * STEP + RANGE + 33)
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def world(deployed: App, files_bucket: str) -> CheckWorld:
    return CheckWorld(deployed, FileBucket(files_bucket))


def test_a_file_is_read_step_by_step_and_then_completed(world: CheckWorld) -> None:
    file = world.put_together(BODY, declared_sha256=SHA256)
    (again,) = world.take(file_check_requested(file.file_id))
    first = standing(file)
    assert (first.status, first.checked_bytes, first.sha256) == ("verifying", STEP, None)
    assert int(first.sweep_at) > int(file.sweep_at), "nobody else need ask for it"
    (again,) = world.take(again)
    shown = request("files", "GET", f"/v1/files/{file.file_id}", caller=file.owner_id).body
    assert (shown["status"], shown["verification"]) == ("verifying", {"checked_bytes": 2 * STEP})
    assert world.take(again) == []
    done = standing(file)
    assert (done.status, done.sha256, done.reason) == ("completed", SHA256, None)
    assert (done.checked_bytes, done.hash_state, done.unfinished_shard, done.sweep_at) == (None, None, None, None)
    assert world.counted(file.owner_id) == (len(BODY), 0)
    assert world.bucket.open(file.file_id).read() == BODY


@pytest.mark.parametrize("size", [1, 63, 64, RANGE - 1, RANGE, STEP, STEP + 1])
def test_every_size_has_its_sha256(world: CheckWorld, size: int) -> None:
    file = world.put_together(text_of(size))
    world.run(file)
    assert standing(file).sha256 == hashlib.sha256(text_of(size)).hexdigest()


def test_records_that_come_twice_or_are_asked_for_twice_do_no_step_twice(
    world: CheckWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranges: list[tuple[int, int]] = []
    read = FileReading._range

    def counted(self: FileReading, stored: Any, first: int, behind: int) -> bytes:
        ranges.append((first, behind))
        return read(self, stored, first, behind)

    monkeypatch.setattr(FileReading, "_range", counted)
    file = world.put_together(BODY, declared_sha256=SHA256)
    waiting = [file_check_requested(file.file_id)] * 2
    while waiting:
        event = waiting.pop(0)
        waiting += world.take(event)
    assert standing(file).status == "completed"
    assert sorted(ranges) == [(at, min(at + RANGE, len(BODY))) for at in range(0, len(BODY), RANGE)]


def test_one_step_that_two_do_at_once_is_noted_once(world: CheckWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    file = world.put_together(BODY, declared_sha256=SHA256)
    event = file_check_requested(file.file_id)
    read, inner = FileReading.read, [False]

    def met(self: FileReading, stored: Any, start: int, end: int) -> Any:
        if not inner[0]:
            inner[0] = True
            world.take(event)
        return read(self, stored, start, end)

    monkeypatch.setattr(FileReading, "read", met)
    world.take(event)
    assert standing(file).checked_bytes == STEP
    world.run(file)
    assert standing(file).status == "completed"


def test_a_step_ends_with_its_time(world: CheckWorld) -> None:
    file = world.put_together(BODY)
    assert world.run(file, remaining_ms=40_000) == len(BODY) // RANGE + 1  # no time: a range each
    assert standing(file).sha256 == SHA256


@pytest.mark.parametrize(
    ("body", "said", "reason"),
    [
        (
            BODY,
            {"declared_sha256": "0" * 64},
            f"checksum_mismatch: the bytes have the SHA-256 {SHA256}, {'0' * 64} was",
        ),
        (BODY, {"size": 5}, f"size_mismatch: {len(BODY)} bytes are there, 5 were declared"),
        (
            b"<html>" + BODY,
            {"content_type": "image/png"},
            "content_type_mismatch: the bytes are text/html, not image/png",
        ),
        (PNG + BODY, {"content_type": "application/pdf"}, "content_type_mismatch: the bytes are image/png"),
    ],
)
def test_what_is_not_as_it_was_said_fails_with_the_reason_and_leaves_nothing(
    world: CheckWorld, body: bytes, said: dict[str, Any], reason: str
) -> None:
    file = world.put_together(body, **said)
    world.bucket.put_thumbnail(file.file_id, PNG, "image/png")
    world.run(file)
    failed = standing(file)
    assert failed.status == "failed"
    assert str(failed.reason).startswith(reason)
    assert (failed.checked_bytes, failed.sha256, failed.unfinished_shard) == (None, None, None)
    assert world.counted(file.owner_id) == (0, 0)
    listed = world.bucket.client.list_objects_v2(Bucket=world.bucket.name)
    assert not [each["Key"] for each in listed.get("Contents", ()) if file.file_id in each["Key"]]


def test_a_type_that_lies_is_noticed_at_the_first_bytes(world: CheckWorld) -> None:
    file = world.put_together(b"<html>" + BODY, content_type="image/png")
    assert world.run(file) == 1


def test_a_type_that_was_not_said_is_that_of_the_first_bytes(world: CheckWorld) -> None:
    file = world.put_together(PNG + BODY)
    world.run(file)
    done = standing(file)
    assert (done.content_type, done.kind, done.status) == ("image/png", "document", "completed")


def test_bytes_that_are_gone_fail(world: CheckWorld) -> None:
    file = world.put_together(BODY)
    world.bucket.delete(file.file_id)
    world.run(file)
    assert str(standing(file).reason).startswith("gone: ")


def test_a_file_that_is_deleted_meanwhile_leaves_nothing(world: CheckWorld) -> None:
    file = world.put_together(BODY)
    (again,) = world.take(file_check_requested(file.file_id))
    file.delete()
    assert world.take(again) == []
    assert find_file(file.file_id) is None
    with pytest.raises(FileGone):
        world.bucket.open(file.file_id)


def test_no_step_goes_on_in_other_bytes(world: CheckWorld) -> None:
    """What is proved is proved of one object: where another takes its place the check begins again."""
    file = world.put_together(BODY, declared_sha256=SHA256)
    (again,) = world.take(file_check_requested(file.file_id))
    other = BODY[:-1] + b"!"
    world.put(file, other)
    assert world.take(again), "it begins again"
    assert standing(file).checked_bytes == STEP
    world.run(file)
    assert hashlib.sha256(other).hexdigest() in str(standing(file).reason)


def test_ranges_of_another_object_are_not_read(world: CheckWorld) -> None:
    file = world.put_together(BODY)
    reading = FileReading(world.bucket, RANGE)
    stored = reading.find(file.file_id)
    world.put(file, BODY[:-1] + b"!")
    with pytest.raises(Unavailable, match="PreconditionFailed"):
        list(reading.read(stored, 0, RANGE))


def test_a_state_of_another_library_begins_again(world: CheckWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    file = world.put_together(BODY, declared_sha256=SHA256)
    with monkeypatch.context() as older:
        older.setattr(sha256_state, "_version", lambda: "0.1")
        (again,) = world.take(file_check_requested(file.file_id))
    assert world.take(again)
    assert standing(file).checked_bytes == STEP
    world.run(file)
    assert standing(file).status == "completed"


def died(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("declared", [SHA256, "0" * 64])
@pytest.mark.parametrize(
    ("holder", "name"),
    [
        (FileReading, "find"),
        (FileReading, "_range"),
        (File, "update"),
        (KeptPublisher, "publish"),
        (file_writes, "_written"),
        (FileBucket, "delete"),
        (FileChanges, "tell"),
    ],
)
def test_a_death_at_any_point_of_any_step_is_made_good_by_the_next_try(
    world: CheckWorld, monkeypatch: pytest.MonkeyPatch, holder: Any, name: str, declared: str
) -> None:
    file = world.put_together(BODY, declared_sha256=declared)
    waiting = [file_check_requested(file.file_id)]
    while waiting:
        with monkeypatch.context() as dying:
            dying.setattr(holder, name, died)
            try:
                waiting += world.take(waiting[0])
            except KeyboardInterrupt:
                world.messaging.publisher.take()
        waiting += world.take(waiting.pop(0))
    done = standing(file)
    assert done.status == ("completed" if declared == SHA256 else "failed")
    assert world.counted(file.owner_id) == ((len(BODY), 0) if declared == SHA256 else (0, 0))
    if declared != SHA256:
        with pytest.raises(FileGone):
            world.bucket.open(file.file_id)


def test_without_kafka_the_record_comes_again_and_goes_on(world: CheckWorld) -> None:
    file = world.put_together(BODY)
    world.messaging.publisher.broken = True
    with pytest.raises(PublishFailed):
        world.take(file_check_requested(file.file_id))
    assert standing(file).checked_bytes == STEP
    world.messaging.publisher.broken = False
    world.run(file)
    assert standing(file).sha256 == SHA256


def test_nobody_sends_what_is_still_being_checked(world: CheckWorld) -> None:
    file = world.put_together(BODY)
    conversation = world.messaging.conversation(file.owner_id, new_user())
    with pytest.raises(Conflict, match="still being checked") as caught:
        world.messaging.sending.send(Send(file.owner_id, conversation, "file", "", file_ids=(file.file_id,)))
    assert caught.value.code == "file_pending"


def test_what_is_clean_is_let_through(world: CheckWorld) -> None:
    world.scanner = scanner = FixedScanner()
    file = world.put_together(BODY)
    world.run(file)
    assert standing(file).status == "completed"
    (subject,) = scanner.asked
    assert (subject.bucket, subject.key) == (world.bucket.name, f"files/{file.file_id}")
    assert (subject.size, subject.sha256, subject.content_type) == (len(BODY), SHA256, "application/octet-stream")


def test_a_threat_fails_the_file(world: CheckWorld) -> None:
    world.scanner = FixedScanner("Eicar-Signature")
    file = world.put_together(BODY)
    world.run(file)
    assert (standing(file).status, standing(file).reason) == ("failed", "infected: Eicar-Signature")
    with pytest.raises(FileGone):
        world.bucket.open(file.file_id)


def test_a_scan_that_fails_lets_nothing_through_and_is_tried_until_the_last_time(world: CheckWorld) -> None:
    world.scanner = scanner = FixedScanner(ScanFailed("scan_failed: away"))
    file = world.put_together(BODY)
    for _ in range(3):
        with pytest.raises(ScanFailed):
            world.run(file)
        assert standing(file).status == "verifying"
    scanner.answer = None
    other = world.put_together(BODY)
    world.run(other)
    assert standing(other).status == "completed"
    scanner.answer = ScanFailed("scan_failed: away")
    world.run(file, is_last_try=True)
    assert (standing(file).status, standing(file).reason) == ("failed", "expired: scan_failed: away")


def test_a_file_that_is_wrong_is_not_scanned(world: CheckWorld) -> None:
    world.scanner = scanner = FixedScanner()
    world.run(world.put_together(BODY, declared_sha256="0" * 64))
    assert scanner.asked == []


@pytest.fixture
def called(world: CheckWorld, deployed: App, monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[Event]], Any]:
    """The function, as its mapping calls it."""
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _: 80_000, raising=False)
    deployed.__dict__["file_check"] = world.check
    deployed.__dict__["publisher"] = world.messaging.publisher
    return lambda events: invoke("file_check", event_of(as_raws(events)))


def test_the_function_parks_what_must_wait_and_holds_back_no_other(
    world: CheckWorld, called: Callable[[Sequence[Event]], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, other = world.put_together(BODY), world.put_together(b"text")
    find = FileReading.find

    def found(self: FileReading, file_id: str) -> Any:
        if file_id == waiting.file_id:
            raise Unavailable("S3 is away")
        return find(self, file_id)

    monkeypatch.setattr(FileReading, "find", found)
    requests = [file_check_requested(file.file_id) for file in (waiting, other)]
    assert called(requests) == {"batchItemFailures": []}
    assert len(list(ParkedRecord.query(f"file_check#{waiting.file_id}"))) == 1
    assert standing(other).status == "completed"
