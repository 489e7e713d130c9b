"""The store's file: one client at a time, whole transactions, and clear words where it cannot be used."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chat4all_client.live import StoreError, StoreInUse, views
from chat4all_client.live.frames import Entry, Unknown
from chat4all_client.live.outbox import Unsent
from chat4all_client.live.standing import SENDING
from chat4all_client.live.store import Store

Json = dict[str, Any]
_DIES = """
import os, signal, sys
from pathlib import Path
from chat4all_client.live.outbox import Unsent
from chat4all_client.live.store import Store
store = Store(Path(sys.argv[1]))
store.write(Unsent("m1", "c", {"content": "kept"}, "2026", "sending"))
with store._database.transaction():
    store.outbox.put(Unsent("m2", "c", {"content": "half"}, "2026", "sending"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def document(**fields: Any) -> Json:
    return {
        "id": "c",
        "title": "t",
        "last_seq": 0,
        "last_activity_at": "2026",
        "members": [],
        "last_message": None,
    } | fields


def message(seq: int, **fields: Any) -> Json:
    said: Json = {"message_id": f"m{seq}", "conversation_id": "c", "seq": seq, "sender_id": "bob", "type": "text"}
    return said | {"content": f"text {seq}", "reactions": {}, "created_at": f"2026-01-{seq:02}"} | fields


def entry(seq: int, **fields: Any) -> Entry:
    return Entry("c", seq, message=message(seq, **fields))


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = Store(tmp_path / "ana.sqlite")
    opened.belongs_to("ana")
    opened.put_document(document())
    yield opened
    opened.close()


def test_two_clients_cannot_have_one_store(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreInUse, match="open already"):
        Store(tmp_path / "ana.sqlite")
    with pytest.raises(StoreError, match="of user ana, not of bob"):
        store.belongs_to("bob")


def test_a_store_outlives_a_kill_and_has_no_half_transaction(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    died = subprocess.run([sys.executable, "-c", _DIES, str(tmp_path / "s")], env=environment, check=False)
    assert died.returncode == -signal.SIGKILL
    left = Store(tmp_path / "s")
    assert [one.message_id for one in left.outbox.all()] == ["m1"]
    left.close()


def test_what_is_no_store_or_of_another_version_is_said(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="is no store"):
        Store(tmp_path / "picture")
    later = sqlite3.connect(tmp_path / "later")
    later.execute("PRAGMA user_version = 99")
    later.close()
    with pytest.raises(StoreError, match="layout 99"):
        Store(tmp_path / "later")
    assert (tmp_path / "later").stat().st_size  # it is left as it was, and its lock is free
    with pytest.raises(StoreError, match="layout 99"):
        Store(tmp_path / "later")


def test_a_reaction_that_comes_before_its_message_is_not_lost(store: Store) -> None:
    reactions: Json = {"message_id": "m1", "reactions": {"👍": ["ana"]}, "reactions_version": 1}
    store.apply([Entry("c", 2, reactions=reactions)])
    assert store.with_holes() == ["c"]
    applied = store.apply([entry(1)])
    assert not applied.holes
    assert views.messages(store, "c")[0]["reactions"] == {"👍": ["ana"]}
    assert store.positions() == {"c": 2}


def test_what_is_sent_stays_in_the_outbox_until_its_message_is_here(store: Store) -> None:
    store.write(Unsent("mine", "c", {"type": "text", "content": "hi"}, "2026", SENDING))
    with pytest.raises(ValueError, match="being sent already"):
        store.write(Unsent("mine", "c", {"type": "text", "content": "hi"}, "2026", SENDING))
    store.accepted("mine", 2, "2026-01-02")
    assert [(m.get("seq"), m.get("local")) for m in views.messages(store, "c")] == [(2, None)]
    store.apply([entry(1), entry(2, message_id="mine", sender_id="ana")])
    assert store.outbox.all() == []
    assert [m["seq"] for m in views.messages(store, "c")] == [1, 2]


def test_a_message_that_failed_stays_with_its_cause_until_it_is_sent_again_or_given_up(store: Store) -> None:
    store.write(Unsent("mine", "c", {"type": "text", "content": "hi"}, "2026", SENDING))
    store.failed("mine", {"code": "reader"})
    shown = views.messages(store, "c")[0]
    assert (shown["local"], shown["why"], store.outbox.waiting()) == ("failed", {"code": "reader"}, [])
    assert views.conversations(store)[0]["last_message"]["local"] == "failed"
    store.again("mine")
    assert store.outbox.waiting() == ["c"]
    store.remove("c")
    assert [one.message_id for one in store.outbox.all()] == ["mine"]
    assert store.discard("mine") is not None
    assert store.discard("mine") is None


def test_pages_go_back_from_where_messages_are_held(store: Store) -> None:
    store.remove("c")
    store.put_list([document(last_seq=9, unread_count=3, read_seq=0, delivered_seq=0)])
    held = views.conversations(store)[0]
    assert (held["loaded_from"], held["unread"], held["through"]) == (10, 3, 9)
    store.apply([Entry("c", 10, message=message(8, content="edited", revision=10))])
    assert views.messages(store, "c") == []
    store.put_page("c", 10, [message(9), message(8)], begins=False)
    store.put_page("c", 10, [message(7)], begins=True)  # asked for before the page above was here
    assert [(m["seq"], m["content"]) for m in views.messages(store, "c")] == [(8, "edited"), (9, "text 9")]
    store.put_page("c", 8, [message(7)], begins=True)
    assert views.conversations(store)[0]["loaded_from"] == 1
    assert [m["seq"] for m in views.search(store, "c", "TEXT")] == [9, 7]


def test_what_nobody_understands_is_counted_and_the_last_one_kept(store: Store) -> None:
    store.apply([Unknown("poll.created", "{1}"), Unknown("poll.created", "{2}")])
    assert store.held.unknown() == {"poll.created": 2}


def test_what_came_in_part_is_known_until_it_was_read(store: Store) -> None:
    store.apply([Entry("c", 1, partial="m1")])
    assert (store.positions(), store.held.partial()) == ({"c": 1}, [("c", "m1")])
    store.completed("c", "m1", message(1))
    assert store.held.partial() == []
    assert [m["seq"] for m in views.messages(store, "c")] == [1]
