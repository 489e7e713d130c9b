"""Several files in one message, on real engines: said once, shown in their order, settled, edited, unsent and mirrored."""

import pytest

from chat4all.bootstrap import App
from chat4all.changing import Edit, Unsend
from chat4all.errors import Conflict, NotFound
from chat4all.file_changes import FileChanges
from chat4all.history import History, HistoryQuery
from chat4all.mirrors import Mirrors
from chat4all.stores.files import File, FileUse
from chat4all.stores.heads import Head
from chat4all.stores.messages import Message
from tests.benchmarks.units import CountedUnits
from tests.contract.file_world import PNG, FileWorld, file_world, new_file_id
from tests.contract.messaging import new_user

pytestmark = pytest.mark.engines


@pytest.fixture
def world(deployed: App, files_bucket: str) -> FileWorld:
    return file_world(deployed, files_bucket)


def uploaded(world: FileWorld, owner: str, count: int = 3) -> tuple[str, ...]:
    """Files 0.png, 1.png, …"""
    return tuple(str(world.upload(owner, PNG, f"{n}.png")["file_id"]) for n in range(count))


def test_they_are_shown_in_their_order_to_those_who_may_read_them(world: FileWorld) -> None:
    ana, bob, stranger = new_user(), new_user(), new_user()
    conversation = world.messaging.conversation(ana, bob)
    ids = uploaded(world, ana)
    sent = world.send(ana, conversation, ids, "look")
    told = world.messaging.publisher.take()
    (item,) = History().list(bob, HistoryQuery(conversation))["items"]
    assert [file["file_id"] for file in item["files"]] == list(ids)
    assert (item["type"], item["content"], item["file"]) == ("file", "look", item["files"][0])
    assert told[0].data["files"] == item["files"]
    (created, *_) = world.messaging.route(told)
    assert created.data["data"]["files"] == item["files"]
    assert [[world.ask("GET", one, user).status for one in ids] for user in (bob, stranger)] == [[200] * 3, [404] * 3]
    edited = world.messaging.changing.edit(Edit(ana, sent.message_id, "look here"))
    assert (edited["content"], edited["files"]) == ("look here", item["files"])
    gone = world.messaging.changing.unsend(Unsend(ana, sent.message_id))
    assert not {"file", "files"} & set(gone)
    assert [world.ask("GET", one, bob).status for one in ids] == [404] * 3


def test_a_list_of_conversations_names_them(world: FileWorld) -> None:
    ana = new_user()
    conversation = world.messaging.conversation(ana, new_user())
    world.send(ana, conversation, uploaded(world, ana))
    world.messaging.route(world.messaging.publisher.take())
    assert '"preview": "0.png, 1.png, 2.png"' in Head.get(conversation).last_message


def test_a_repeat_is_the_same_and_another_order_another_message(world: FileWorld) -> None:
    ana = new_user()
    conversation = world.messaging.conversation(ana, new_user())
    ids, message_id = uploaded(world, ana), new_file_id()
    first = world.send(ana, conversation, ids, message_id=message_id)
    assert world.send(ana, conversation, ids, message_id=message_id) == first
    for other in (ids[::-1], ids[:2], ids[0]):
        with pytest.raises(Conflict) as caught:
            world.send(ana, conversation, other, message_id=message_id)
        assert caught.value.code == "message_id_reused"
    assert len(list(Message.query(conversation))) == 1


def test_what_cannot_be_sent_is_named_and_nothing_is(world: FileWorld) -> None:
    ana = new_user()
    conversation = world.messaging.conversation(ana, new_user())
    ids = uploaded(world, ana)
    foreign = str(world.upload(new_user())["file_id"])
    for missing in (foreign, new_file_id()):
        with pytest.raises(NotFound) as unknown:
            world.send(ana, conversation, (ids[0], missing))
        assert [error.pointer for error in unknown.value.errors] == ["/file_ids/1"]
    File(ids[1]).update([File.status.set("pending")])
    with pytest.raises(Conflict) as pending:
        world.send(ana, conversation, ids)
    assert (pending.value.code, [e.pointer for e in pending.value.errors]) == ("file_pending", ["/file_ids/1"])
    assert f"{ids[1]} (1.png)" in pending.value.detail
    File(ids[2]).update([File.status.set("failed"), File.reason.set("checksum_mismatch: x")])
    with pytest.raises(Conflict) as failed:
        world.send(ana, conversation, ids)
    assert (failed.value.code, len(failed.value.errors)) == ("file_failed", 2)
    assert list(Message.query(conversation)) == []
    assert [list(FileUse.query(one)) for one in ids] == [[], [], []]


def test_each_costs_a_write_and_a_read_unit_more(world: FileWorld) -> None:
    ana, bob = new_user(), new_user()
    conversation = world.messaging.conversation(ana, bob)
    ids = uploaded(world, ana, 2)
    world.send(ana, conversation, ids)
    world.messaging.route(world.messaging.publisher.take())
    with CountedUnits(File.client()) as counted:
        world.send(ana, conversation, ids)
        world.messaging.route(world.messaging.publisher.take())
    assert (counted.units["write"], counted.units["read"]) == (5 + 2, 2 + 2)  # the sender is not limited here


def test_one_of_several_changes_and_the_others_stay(world: FileWorld) -> None:
    ana, bob = new_user(), new_user()
    conversation = world.messaging.conversation(ana, bob)
    ids = uploaded(world, ana)
    sent = world.send(ana, conversation, ids, "look")
    before = Message.get(conversation, sent.seq).files()
    changes = FileChanges(world.messaging.settings, world.messaging.publisher)
    for number in (1, 0):
        File(ids[number]).update([File.filename.set(f"new {number}.png")])
        changes.tell(File.get(ids[number]))
        changes.tell(File.get(ids[number]))
    shown = History().get(bob, sent.message_id)
    assert [file["filename"] for file in shown["files"]] == ["new 0.png", "new 1.png", "2.png"]
    assert (shown["file"], shown["content"], shown["revision"]) == (shown["files"][0], "look", sent.seq + 2)
    assert "edited_at" not in shown
    page = History().list(bob, HistoryQuery(conversation, after_seq=sent.seq))
    assert [change["message"]["files"] for change in page["changes"]][-1] == shown["files"]
    assert before[2] == shown["files"][2]


def test_two_files_that_change_at_once_are_both_told(world: FileWorld) -> None:
    ana = new_user()
    conversation = world.messaging.conversation(ana, new_user())
    ids = uploaded(world, ana, 2)
    sent = world.send(ana, conversation, ids)
    changes = FileChanges(world.messaging.settings, world.messaging.publisher)
    seen = Message.get(conversation, sent.seq)
    for number in (0, 1):
        File(ids[number]).update([File.filename.set(f"new {number}.png")])
    changes.tell(File.get(ids[0]))
    changes._tell(File.get(ids[1]), seen)  # by somebody who read the message before
    assert [file["filename"] for file in Message.get(conversation, sent.seq).files()] == ["new 0.png", "new 1.png"]


def test_a_mirror_says_those_that_are_left_and_names_the_others(world: FileWorld) -> None:
    ana = new_user()
    conversation = world.messaging.conversation(ana, new_user())
    target = world.messaging.conversation(ana, new_user(), roles=["owner", "member"])
    ids = uploaded(world, ana)
    data = {"conversation_id": conversation, "owner_id": ana, "target_id": target}
    mirrors = Mirrors(world.messaging.sending)
    whole = world.send(ana, conversation, ids, "look")
    mirrors.mirror(data | {"seq": whole.seq})
    world.ask("DELETE", ids[1], ana)
    for seq in (whole.seq, world.send(ana, conversation, (ids[0], ids[2]), "again").seq):
        mirrors.mirror(data | {"seq": seq})
    world.ask("DELETE", ids[0], ana)
    Message(conversation, 3, type="file", message_id=new_file_id(), sender_id=ana, content="", created_at=1).save()
    shown = Message.get(conversation, whole.seq).files()
    Message(conversation, 3).update([Message.file.set(shown[0]), Message.more_files.set(shown[1:])])
    mirrors.mirror(data | {"seq": 3})
    copies = [(m.content, [file["file_id"] for file in m.files()]) for m in Message.query(target) if m.type == "file"]
    assert copies == [("look", list(ids)), ("again", [ids[0], ids[2]]), ("[0.png] [1.png]", [ids[2]])]
