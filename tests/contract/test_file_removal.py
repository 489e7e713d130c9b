"""How files leave: unsent everywhere, deleted, too old, their owner or conversation gone; and what a death leaves of that."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from chat4all import file_removal
from chat4all.bootstrap import App
from chat4all.changing import Unsend
from chat4all.clock import now_ms
from chat4all.conversations import Conversations
from chat4all.domain.file_life import AGE, DAY_MS, OWNER, UNUSED, KeepingRules
from chat4all.file_bucket import FileBucket, FileGone
from chat4all.file_reviews import FileReviews, Reviewed
from chat4all.history import History
from chat4all.stores.file_quotas import find_quota
from chat4all.stores.files import File, FileUse, stored_file
from chat4all.stores.members import Member
from chat4all.stores.users import User
from tests.contract.file_world import PNG, FileWorld, file_part, file_world, form
from tests.contract.messaging import new_user

pytestmark = pytest.mark.engines


@pytest.fixture
def world(deployed: App, files_bucket: str) -> FileWorld:
    world = file_world(deployed, files_bucket)
    deployed.file_reviews  # noqa: B018 - binds its tables
    return world


def look(world: FileWorld, file_id: str, rules: KeepingRules | None = None, **changes: Any) -> File | None:
    """The file after a pass for which its time has come; `changes` are what time would have made of its item."""
    File(file_id).update([File.review_at.set(1), *(getattr(File, name).set(value) for name, value in changes.items())])
    reviews = FileReviews(world.app.file_removal, rules) if rules else world.app.file_reviews
    assert isinstance(reviews.run(lambda: 60_000), Reviewed)
    return stored_file(file_id)


def days_ago(days: int) -> int:
    return now_ms() - days * DAY_MS


def nothing_is_left(world: FileWorld, file_id: str, owner: str) -> bool:
    with pytest.raises(FileGone):
        world.bucket.open(file_id)
    thumbnail = httpx.get(world.bucket.thumbnail_url(file_id, 60)).status_code
    quota = find_quota(owner)
    left = (int(quota.total_bytes or 0), int(quota.uploads or 0), list(FileUse.query(file_id, consistent_read=True)))
    return (stored_file(file_id), thumbnail, *left) == (None, 404, 0, 0, [])


def with_thumbnail(world: FileWorld, owner: str) -> str:
    file_id = str(world.upload(owner)["file_id"])
    world.bucket.put_thumbnail(file_id, b"small", "image/jpeg")
    return file_id


def test_what_no_message_shows_is_kept_for_its_days_and_then_goes_with_all_that_is_of_it(world: FileWorld) -> None:
    ana = new_user()
    file_id = with_thumbnail(world, ana)
    file = look(world, file_id)
    assert file is not None
    assert int(file.unused_since) > days_ago(1)
    assert int(file.review_at) > now_ms()
    file = look(world, file_id, unused_since=days_ago(29))
    assert file is not None
    assert file.leaving is None
    file = look(world, file_id, unused_since=days_ago(31))
    assert file is not None
    assert file.leaving == UNUSED
    assert world.ask("GET", file_id, ana).status == 404
    assert look(world, file_id) is None
    assert nothing_is_left(world, file_id, ana)


def test_unsent_everywhere_is_unused_and_sent_again_is_not(world: FileWorld) -> None:
    ana, bob = new_user(), new_user()
    here, there = world.messaging.conversation(ana, bob), world.messaging.conversation(ana, bob)
    file_id = str(world.upload(ana)["file_id"])
    one, two = world.send(ana, here, file_id), world.send(ana, there, file_id)

    def unused() -> bool:
        file = look(world, file_id, unused_since=days_ago(1))
        assert file is not None
        return bool(file.unused_since)

    assert not unused()
    world.messaging.changing.unsend(Unsend(ana, one.message_id))
    assert (unused(), world.ask("GET", file_id, bob).status) == (False, 200)
    world.messaging.changing.unsend(Unsend(ana, two.message_id))
    assert (unused(), world.ask("GET", file_id, bob).status) == (True, 404)
    world.send(ana, here, file_id)
    assert not unused()


def test_the_files_of_a_deleted_conversation_are_unused(world: FileWorld) -> None:
    ana = new_user()
    conversation = world.messaging.conversation(ana, new_user(), roles=["owner", "member"])
    file_id = str(world.upload(ana)["file_id"])
    world.send(ana, conversation, file_id)
    Conversations(world.messaging.publisher).delete(ana, conversation)
    file = look(world, file_id)
    assert file is not None
    assert file.unused_since


def test_what_somebody_who_is_gone_has_sent_stays_and_what_they_have_not_goes(world: FileWorld) -> None:
    ana, bob = new_user(), new_user()
    now = now_ms()
    User(ana, kind="user", created_at=now, updated_at=now, deleted_at=now).save()
    conversation = world.messaging.conversation(ana, bob)
    sent, kept = (str(world.upload(ana)["file_id"]) for _ in range(2))
    world.send(ana, conversation, sent)
    Member(conversation, ana).delete()
    for _ in range(2):
        look(world, sent)
        if stored_file(kept) is not None:
            look(world, kept)
    assert stored_file(kept) is None
    assert world.ask("GET", sent, bob).status == 200


def test_retention_takes_what_messages_show_and_they_keep_its_name(world: FileWorld) -> None:
    ana, bob = new_user(), new_user()
    conversation = world.messaging.conversation(ana, bob)
    file_id = with_thumbnail(world, ana)
    sent = world.send(ana, conversation, file_id)
    rules = KeepingRules(retention_days=90)
    file = look(world, file_id, rules, created_at=days_ago(89))
    assert file is not None
    assert file.leaving is None
    file = look(world, file_id, rules, created_at=days_ago(91))
    assert file is not None
    assert file.leaving == AGE
    assert look(world, file_id, rules) is None
    assert nothing_is_left(world, file_id, ana)
    assert History().get(bob, sent.message_id)["file"]["filename"] == "dot.png"


def test_what_is_sent_at_the_moment_in_which_it_is_taken_for_unused_comes_back(world: FileWorld) -> None:
    ana, bob = new_user(), new_user()
    file_id = str(world.upload(ana)["file_id"])
    world.send(ana, world.messaging.conversation(ana, bob), file_id)
    assert world.app.file_removal.mark(File.get(file_id), UNUSED)
    assert world.ask("GET", file_id, bob).status == 404
    file = look(world, file_id)
    assert file is not None
    assert (file.leaving, file.unused_since) == (None, None)
    assert world.ask("GET", file_id, bob).status == 200


def test_what_its_owner_has_deleted_does_not_come_back(world: FileWorld) -> None:
    ana = new_user()
    file_id = str(world.upload(ana)["file_id"])
    world.send(ana, world.messaging.conversation(ana, new_user()), file_id)
    removal, file = world.app.file_removal, File.get(file_id)
    assert removal.mark(file, OWNER)
    assert not removal.mark(file, UNUSED)
    assert look(world, file_id) is None


def test_a_repeat_waits_for_the_removal_of_what_it_repeats_and_then_is_a_new_file(world: FileWorld) -> None:
    ana, body, key = new_user(), form(file_part(PNG, "dot.png", "image/png")), {"idempotency-key": "k"}
    file_id = world.post(ana, body, **key).body["file_id"]
    assert world.app.file_removal.mark(File.get(file_id), OWNER)
    assert world.post(ana, body, **key).status == 503
    assert look(world, file_id) is None
    again = world.post(ana, body, **key)
    assert (again.status, again.body["status"]) == (201, "completed")
    assert world.bucket.open(again.body["file_id"]).read() == PNG


@pytest.mark.parametrize("step", ["bytes", "uses", "item"])
@pytest.mark.parametrize("why", [OWNER, UNUSED])
def test_whoever_removes_it_may_die_at_any_step(
    world: FileWorld, monkeypatch: pytest.MonkeyPatch, step: str, why: str
) -> None:
    ana = new_user()
    file_id = with_thumbnail(world, ana)
    sent = world.send(ana, world.messaging.conversation(ana, new_user()), file_id)
    if why == UNUSED:
        world.messaging.changing.unsend(Unsend(ana, sent.message_id))
        assert world.app.file_removal.mark(File.get(file_id), UNUSED)
    with monkeypatch.context() as dying:
        _die_at(dying, step)
        with pytest.raises(SystemExit):
            world.ask("DELETE", file_id, ana) if why == OWNER else look(world, file_id)
    assert world.ask("GET", file_id, ana).status == 404
    assert look(world, file_id) is None
    assert nothing_is_left(world, file_id, ana)


def _die_at(dying: pytest.MonkeyPatch, step: str) -> None:
    exits: Callable[..., None] = lambda *_, **__: exit()  # noqa: E731
    if step == "bytes":
        dying.setattr(FileBucket, "delete", exits)
    else:
        dying.setattr(file_removal, "_forget_uses" if step == "uses" else "remove_file", exits)


def test_one_that_cannot_be_looked_at_holds_back_no_other(world: FileWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = new_user()
    files = sorted(str(world.upload(ana)["file_id"]) for _ in range(2))
    for file_id in files:
        File(file_id).update([File.review_at.set(1), File.leaving.set(OWNER)])
    delete = FileBucket.delete

    def failing(bucket: FileBucket, file_id: str) -> None:
        if file_id == files[0]:
            raise RuntimeError("cannot be deleted")
        delete(bucket, file_id)

    with monkeypatch.context() as broken:
        broken.setattr(FileBucket, "delete", failing)
        done = world.app.file_reviews.run(lambda: 60_000)
    assert done.failed >= 1
    assert [stored_file(file_id) is None for file_id in files] == [False, True]
    world.app.file_reviews.run(lambda: 60_000)
    assert stored_file(files[0]) is None


def test_a_pass_ends_when_its_time_does(world: FileWorld) -> None:
    file_id = str(world.upload(new_user())["file_id"])
    File(file_id).update([File.review_at.set(1), File.leaving.set(OWNER)])
    assert world.app.file_reviews.run(lambda: 0) == Reviewed()
    assert stored_file(file_id) is not None
