"""The end of uploads in parts on real engines: what is missing or was changed, twice and at once, and after deaths."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.domain.upload import Finish
from chat4all.errors import Invalid
from chat4all.stores.files import File, find_file
from chat4all.upload_completion import UploadCompletion
from tests.contract.handlers import request
from tests.contract.messaging import new_user, records
from tests.contract.upload_world import PART, UploadWorld, content, hex_sha256, send, upload_world

pytestmark = pytest.mark.engines


@pytest.fixture
def world(deployed: App, files_bucket: str) -> UploadWorld:
    return upload_world(deployed, files_bucket)


def test_completing_names_what_is_missing_and_goes_on_afterwards(world: UploadWorld) -> None:
    ana, body = new_user(), content(2 * PART + 1)
    file = world.initiate(ana, size=len(body)).body
    send(file["parts"][1:2], body)
    early = world.complete(ana, file["file_id"])
    assert (early.status, early.body["code"], early.body["numbers"]) == (409, "parts_missing", [1, 3])
    send([file["parts"][2], file["parts"][0]], body)
    assert world.complete(ana, file["file_id"]).body["status"] == "completed"


@pytest.mark.parametrize(
    ("parts", "status", "code"),
    [
        ([{"number": 1, "etag": '"' + "0" * 32 + '"'}], 409, "parts_changed"),
        ([{"number": 1, "etag": "a"}, {"number": 1, "etag": "a"}], 400, "invalid"),
        ([{"number": 3, "etag": "a"}], 400, "invalid"),
        ([{"number": 0, "etag": "a"}], 400, "invalid"),
    ],
)
def test_parts_that_s3_does_not_have_are_not_completed(
    world: UploadWorld, parts: list[dict[str, Any]], status: int, code: str
) -> None:
    ana = new_user()
    file = world.sent(ana, content(PART + 1))
    answer = world.complete(ana, file["file_id"], parts=parts)
    assert (answer.status, answer.body["code"]) == (status, code), answer.body
    assert world.get(ana, file["file_id"]).body["status"] == "pending"


def test_a_part_that_was_sent_again_counts_as_it_came_last(world: UploadWorld) -> None:
    ana, old, new = new_user(), content(PART + 1), bytes(PART + 1)
    file = world.sent(ana, old)
    (last,) = send(file["parts"][:1], new)
    done = world.complete(ana, file["file_id"], parts=[{"number": 1, "etag": last.headers["etag"]}]).body
    assert done["sha256"] == hex_sha256(new[:PART] + old[PART:])


def test_twice_and_at_once_is_once(world: UploadWorld) -> None:
    ana, body = new_user(), content(PART + 1)
    file = world.sent(ana, body)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: world.complete(ana, file["file_id"]), range(4)))
    assert {(a.status, a.body["status"]) for a in answers} == {(200, "completed")}, [a.body for a in answers]
    assert world.complete(ana, file["file_id"]).body == world.get(ana, file["file_id"]).body == answers[0].body
    assert world.counted(ana) == (len(body), 0)
    late = world.sign(ana, file["file_id"])
    assert (late.status, late.body["code"]) == (409, "upload_over")
    assert send(file["parts"], body)[0].status_code == 404  # S3 has no such upload any more


def test_another_sum_than_was_said_is_refused_and_other_bytes_fail_with_nothing_kept(world: UploadWorld) -> None:
    ana, body = new_user(), content(PART + 1)
    file = world.sent(ana, body, sha256="0" * 64)
    refused = world.complete(ana, file["file_id"], sha256="1" * 64)
    assert (refused.status, refused.body["code"]) == (400, "checksum_mismatch")
    failed = world.complete(ana, file["file_id"])
    assert (failed.status, failed.body["status"]) == (200, "failed")
    assert failed.body["reason"].startswith("checksum_mismatch")
    assert world.complete(ana, file["file_id"]).body == failed.body
    assert world.counted(ana) == (0, 0)
    assert not world.is_in_s3(file["file_id"])


def test_who_completes_second_with_another_sum_hears_of_it_when_the_bytes_are_read(world: UploadWorld) -> None:
    ana, body = new_user(), content(PART + 1)
    world.set(file_check_wait_s=0.0)
    file, world.publisher.idle = world.sent(ana, body), True
    assert world.complete(ana, file["file_id"]).status == 202
    (asked,) = records(world.publisher.events)

    def meanwhile(_: float) -> None:
        world.publisher.check(asked)

    settings = replace(world.app.settings, file_check_wait_s=30.0)
    completion = UploadCompletion(settings, world.app.upload_bucket, world.publisher, meanwhile)
    with pytest.raises(Invalid, match=hex_sha256(body)):
        completion.complete(ana, Finish(file_id=file["file_id"], sha256="1" * 64))
    assert world.get(ana, file["file_id"]).body["status"] == "completed"


def test_a_check_that_takes_long_is_told_as_verifying_and_is_asked_for_again_if_kafka_did_not_take_it(
    world: UploadWorld,
) -> None:
    ana, body = new_user(), content(PART + 1)
    world.set(file_check_wait_s=0.0)
    file, world.publisher.broken = world.sent(ana, body), True
    verifying = world.complete(ana, file["file_id"])
    assert (verifying.status, verifying.body["status"]) == (202, "verifying")
    assert request("files", "GET", f"/v1/files/{file['file_id']}/presigned", caller=ana).status == 409
    world.publisher.broken, world.publisher.idle = False, True
    assert world.complete(ana, file["file_id"]).status == 202
    assert world.complete(ana, file["file_id"]).status == 202
    assert len(world.publisher.take()) == 1, "asked for once; a second request would be read a second time"


def test_what_s3_has_put_together_moves_on_when_the_item_did_not(
    world: UploadWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, body = new_user(), content(PART + 1)
    file = world.sent(ana, body)
    with monkeypatch.context() as dying:
        dying.setattr(UploadCompletion, "move_on", lambda *_: exit())
        with pytest.raises(SystemExit):
            world.complete(ana, file["file_id"])
    upload = world.get(ana, file["file_id"]).body["upload"]
    assert (upload["arrived"], upload["arrived_bytes"]) == ([1, 2], len(body))
    done = world.complete(ana, file["file_id"])
    assert (done.status, done.body["sha256"]) == (200, hex_sha256(body))


def test_an_upload_that_s3_has_lost_is_told(world: UploadWorld) -> None:
    ana = new_user()
    file = world.sent(ana, content(PART + 1))
    stored = find_file(file["file_id"])
    assert stored is not None
    world.app.uploads.drop(stored)
    lost = world.complete(ana, file["file_id"])
    assert (lost.status, lost.body["code"]) == (409, "upload_gone")
    assert world.delete(ana, file["file_id"]).status == 204
    assert world.counted(ana) == (0, 0)


def test_an_upload_that_is_deleted_while_it_is_completed_leaves_nothing(
    world: UploadWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    file = world.sent(ana, content(PART + 1))
    moving_on = UploadCompletion.move_on

    def after_its_deletion(self: UploadCompletion, *arguments: Any) -> File:
        assert world.delete(ana, file["file_id"]).status == 204
        return moving_on(self, *arguments)

    monkeypatch.setattr(UploadCompletion, "move_on", after_its_deletion)
    assert world.complete(ana, file["file_id"]).status == 404
    assert not world.is_in_s3(file["file_id"])
    assert world.counted(ana) == (0, 0)
