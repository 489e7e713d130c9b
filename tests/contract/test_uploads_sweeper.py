"""What nobody finishes is removed when its time is over, in S3 and in the quota; what waits for its check is asked for again."""

from dataclasses import asdict
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.clock import now_ms
from chat4all.errors import Unavailable
from chat4all.file_bucket import FileBucket
from chat4all.file_check_requests import ASKED_AGAIN_AFTER_MS
from chat4all.stores.file_writes import settle
from chat4all.stores.files import COMPLETED, File, find_file
from chat4all.upload_completion import UploadCompletion
from tests.contract.file_world import file_part, form
from tests.contract.handlers import request
from tests.contract.messaging import new_user
from tests.contract.upload_world import PART, UploadWorld, content, upload_world

pytestmark = pytest.mark.engines


@pytest.fixture
def world(deployed: App, files_bucket: str) -> UploadWorld:
    world = upload_world(deployed, files_bucket, file_check_wait_s=0.0)
    swept(world)  # what other tests have left
    return world


def swept(world: UploadWorld, remaining_ms: int = 60_000) -> dict[str, int]:
    """What a sweep did, without what it did not."""
    return {
        name: count for name, count in asdict(world.app.uploads_sweeper.sweep(lambda: remaining_ms)).items() if count
    }


def make_due(file_id: str) -> None:
    """As if its time were over."""
    File(file_id).update([File.sweep_at.set(now_ms() - 1), File.upload_expires_at.set(now_ms() - 1)])


def test_an_abandoned_upload_is_removed_and_its_quota_is_given_back(world: UploadWorld) -> None:
    ana = new_user()
    kept, gone = (world.sent(ana, content(PART + 1))["file_id"] for _ in range(2))
    make_due(gone)
    assert swept(world) == {"removed": 1}
    assert (world.get(ana, gone).status, world.is_in_s3(gone)) == (404, False)
    assert (world.get(ana, kept).status, world.is_in_s3(kept)) == (200, True)
    assert world.counted(ana) == (PART + 1, 1)
    assert swept(world) == {}


def test_an_upload_whose_id_nobody_wrote_down_is_found_in_s3(world: UploadWorld) -> None:
    ana = new_user()
    file_id = world.initiate(ana).body["file_id"]
    File(file_id).update([File.upload_id.remove()])
    make_due(file_id)
    assert swept(world) == {"removed": 1}
    assert not world.is_in_s3(file_id)


@pytest.mark.parametrize("dies_after", ["item", "bytes"])
def test_a_small_upload_of_a_caller_who_died_is_removed(
    world: UploadWorld, monkeypatch: pytest.MonkeyPatch, dies_after: str
) -> None:
    ana = new_user()
    step = (FileBucket, "put") if dies_after == "item" else (File, "update")
    with monkeypatch.context() as dying:
        dying.setattr(*step, lambda *_, **__: exit())
        with pytest.raises(SystemExit):
            small(ana, world)
    assert world.counted(ana) == (3, 0)
    (file_id,) = [file.file_id for file in File.scan(File.owner_id == ana)]
    assert swept(world) == {}, "its caller may still be at it"
    make_due(file_id)
    assert swept(world) == {"removed": 1}
    assert world.counted(ana) == (0, 0)
    assert not world.is_in_s3(file_id)


def small(owner: str, world: UploadWorld) -> Any:
    """POST /v1/files."""
    world.app.rate_limiter._tats.clear()
    said = {"content-type": "multipart/form-data; boundary=----boundary"}
    return request("files", "POST", "/v1/files", binary=form(file_part(b"one", "a", None)), caller=owner, headers=said)


def test_what_s3_has_put_together_is_not_removed_but_moves_on(
    world: UploadWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    file_id = world.sent(ana, content(PART + 1))["file_id"]
    with monkeypatch.context() as dying:
        dying.setattr(UploadCompletion, "move_on", lambda *_: exit())
        with pytest.raises(SystemExit):
            world.complete(ana, file_id)
    make_due(file_id)
    assert swept(world) == {"moved_on": 1}
    assert world.get(ana, file_id).body["status"] == "completed"


def test_a_check_that_nobody_makes_is_asked_for_again(world: UploadWorld) -> None:
    ana = new_user()
    file_id = world.sent(ana, content(PART + 1))["file_id"]
    world.publisher.broken = True
    assert world.complete(ana, file_id).status == 202
    assert swept(world) == {}, "Kafka does not take it"
    world.publisher.broken, world.publisher.idle = False, True
    assert swept(world) == {"asked": 1}
    assert swept(world) == {}, "it was asked for a moment ago"
    file = find_file(file_id)
    assert file is not None
    assert int(file.sweep_at) > now_ms() + ASKED_AGAIN_AFTER_MS - 60_000
    make_due(file_id)
    world.publisher.idle = False
    assert swept(world) == {"asked": 1}
    assert world.get(ana, file_id).body["status"] == "completed"


def test_one_that_fails_holds_back_no_other_and_is_seen_again(
    world: UploadWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    file_ids = [world.initiate(ana).body["file_id"] for _ in range(2)]
    for file_id in file_ids:
        make_due(file_id)
    with monkeypatch.context() as away:
        aborting, away_for = world.app.upload_bucket.abort, file_ids[0]

        def abort(file_id: str, upload_id: str) -> None:
            if file_id == away_for:
                raise Unavailable("S3 is away")
            aborting(file_id, upload_id)

        away.setattr(world.app.upload_bucket, "abort", abort)
        assert swept(world) == {"removed": 1, "failed": 1}
    assert swept(world) == {"removed": 1}
    assert world.counted(ana) == (0, 0)


def test_a_sweep_ends_before_its_invocation_does(world: UploadWorld) -> None:
    file_id = world.initiate(new_user()).body["file_id"]
    make_due(file_id)
    assert swept(world, remaining_ms=5_000) == {}
    assert swept(world) == {"removed": 1}


def test_what_is_finished_is_given_back_once(world: UploadWorld) -> None:
    ana = new_user()
    file_id = world.sent(ana, content(PART + 1))["file_id"]
    file = find_file(file_id)
    assert file is not None
    assert settle(file, [File.status.set(COMPLETED)], gives_back=False)
    assert not settle(file, [File.status.set(COMPLETED)], gives_back=True)
    assert world.counted(ana) == (PART + 1, 0)
