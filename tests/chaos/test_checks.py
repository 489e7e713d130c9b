"""Each check finds what it is for, in a history that is otherwise right; and nothing in one that is."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.chaos.checks import CHECKS, check
from tests.chaos.checks.doubled import in_the_window
from tests.chaos.checks.facts import Facts
from tests.chaos.history import (
    Call,
    Entry,
    FaultDone,
    FinalHistory,
    FinalMembers,
    Frame,
    OnPhone,
    Recorder,
    SyncAsked,
    Synced,
    load,
)
from tests.chaos.story import ROOM, Change, changed, final_with, final_without, same, send, story, with_, without
from tests.chaos.table import document, markdown, rows, totals

SHOWN = [[1, "m1 text", "bot"], [2, "m2 text", "bot"], [3, "m3 text", "bot"], [4, "m4 text", "bot"]]


def phone(*messages: list[object]) -> Sequence[Entry]:
    return changed(with_(OnPhone, {}, messages=list(messages)))


def both(first: Change, second: Change) -> Change:
    def change(entry: Entry) -> Entry | None:
        new = first(entry)
        return None if new is None else second(new)

    return change


unanswered = with_(Call, {"message_id": "m4", "op": "send"}, outcome="unknown", code=0, seq=None)


def test_a_history_that_is_right_has_no_violation() -> None:
    assert check(Facts(story())) == []


BROKEN: dict[str, tuple[str, Sequence[Entry]]] = {
    "an acknowledged message is not in the history": (
        "acknowledged_messages_stand",
        changed(final_without("m4")),
    ),
    "a message stands at another number than it was answered": (
        "acknowledged_messages_stand",
        changed(with_(Call, {"message_id": "m3", "op": "send"}, seq=3)),
    ),
    "a refused message is in the history": (
        "refused_messages_do_not_stand",
        changed(with_(Call, {"message_id": "m4", "op": "send"}, outcome="refused", code=404, seq=None)),
    ),
    "a client got what is not in the history": (
        "what_is_seen_stands",
        changed(same, Frame(1, 7.5, "message.created", ROOM, 8, "ghost")),
    ),
    "a client got another content": (
        "what_is_seen_stands",
        changed(with_(Frame, {"message_id": "m3", "connection": 1}, content="other")),
    ),
    "a phone shows what is not in the history": ("what_is_seen_stands", phone(*SHOWN, [5, "ghost x", "bot"])),
    "what a phone said is lost": ("inbound_messages_stand", changed(final_without("m7"))),
    "a file that a phone sent is not fetched": ("files_are_fetched", changed(final_with("m7", file="pending"))),
    "a member never got a message": (
        "every_member_has_every_message",
        changed(without(Frame, message_id="m4", connection=3)),
    ),
    "an unanswered message stands and a member never got it": (
        "every_member_has_every_message",
        changed(both(unanswered, without(Frame, message_id="m4", connection=3))),
    ),
    "an open connection was not pushed to": (
        "open_connections_are_pushed_to",
        changed(without(Frame, message_id="m7", connection=3)),
    ),
    "a phone never got a message": ("phones_have_every_message", phone(*SHOWN[:3])),
    "a message is never routed": ("all_is_routed", changed(final_with("m4", status="accepted"))),
    "a number is twice in the history": ("one_number_for_each_message", changed(final_with("m4", seq=4))),
    "what a phone said is there twice": (
        "one_number_for_each_message",
        changed(final_with("m4", content="in 1")),
    ),
    "a repeat is answered with another number": (
        "repeats_are_answered_alike",
        changed(with_(Call, {"message_id": "m2", "begin": 2.5}, seq=3)),
    ),
    "another content of the same id is accepted": (
        "repeats_are_answered_alike",
        changed(with_(Call, {"message_id": "m2", "begin": 2.7}, outcome="ok", code=202, seq=2)),
    ),
    "a number is two messages on a socket": (
        "a_number_is_one_message_on_sockets",
        changed(same, Frame(1, 7.5, "message.created", ROOM, 5, "m3")),
    ),
    "a message has two numbers on a socket": (
        "a_number_is_one_message_on_sockets",
        changed(same, Frame(1, 7.5, "message.created", ROOM, 8, "m4")),
    ),
    "a phone shows a message twice": ("phones_have_each_message_once", phone(*SHOWN, [5, "m4 text", "bot"])),
    "an acknowledged send has a higher number than a later one": (
        "acknowledged_sends_keep_their_order",
        changed(with_(Call, {"message_id": "m3", "op": "send"}, begin=5.3, end=5.4)),
    ),
    "a connection got a later number first": (
        "connections_keep_the_order_of_numbers",
        changed(with_(Frame, {"message_id": "m1", "connection": 1, "type": "message.created"}, seq=2, message_id="m2"),
                Frame(1, 7.6, "message.created", ROOM, 1, "m1")),
    ),
    "a sync gave a later number first": (
        "syncs_give_the_oldest_first",
        changed(with_(Frame, {"connection": 3, "seq": 6}, type="sync.message", seq=4, message_id="m3")),
    ),
    "a phone shows a later number first": (
        "phones_keep_the_order_of_numbers",
        phone(SHOWN[1], SHOWN[0], *SHOWN[2:]),
    ),
    "an answer stands before what it answers": (
        "answers_follow_what_they_answer",
        changed(final_with("m1", reply_to="m4")),
    ),
    "a sync says complete and left one out": (
        "nothing_is_skipped_by_complete_through",
        changed(with_(Synced, {}, asked={ROOM: 2})),
    ),
    "a page says complete and left one out": (
        "nothing_is_skipped_by_complete_through",
        changed(with_(Call, {"op": "page"}, seqs=[2, 5])),
    ),
    "a number is missing for ever": (
        "numbers_are_complete_at_the_end",
        changed(with_(FinalHistory, {}, through=4)),
    ),
    "a status goes back between two reads": (
        "status_never_goes_back",
        changed(with_(Call, {"op": "status", "begin": 4.7}, status="accepted")),
    ),
    "a status goes back at the end": ("status_never_goes_back", changed(final_with("m1", status="sent"))),
    "a receipt goes back": ("receipts_never_go_back", changed(with_(FinalMembers, {}, watermarks={"bob": [4, 1]}))),
    "a receipt is answered lower than it was asked": (
        "receipts_are_of_what_exists",
        changed(with_(Call, {"op": "receipt", "outcome": "ok"}, through=1)),
    ),
    "a watermark is beyond the last number": (
        "receipts_are_of_what_exists",
        changed(with_(FinalMembers, {}, watermarks={"bob": [9, 2]})),
    ),
    "an acknowledged edit is lost": ("acknowledged_edits_stand", changed(final_with("m2", content="m2 text"))),
    "a member was never told of an edit": (
        "members_are_told_the_newest",
        changed(without(Frame, type="message.updated", connection=3)),
    ),
    "an acknowledged reaction is lost": ("acknowledged_reactions_stand", changed(final_with("m7", reactions=""))),
    "a reaction that was taken away stands": (
        "acknowledged_reactions_stand",
        changed(same, Call("unreact", "bob", ROOM, 7.5, 7.6, "ok", 200, "m7", content="👍")),
    ),
    "a member was never told of a reaction": (
        "members_are_told_of_reactions",
        changed(without(Frame, type="reaction.updated", connection=3)),
    ),
    "a message is routed late": (
        "routed_in_time",
        changed(with_(Call, {"message_id": "m1", "op": "send"}, begin=-70.0, end=-65.0)),
    ),
    "more is accepted than the limit allows": (
        "sends_keep_the_rate",
        changed(same, *(send(f"b{n}", "ana", 7.0 + n / 1000, 7.1 + n / 1000, None) for n in range(15))),
    ),
    "who has left gets what is sent later": (
        "who_has_left_learns_nothing",
        changed(same, Call("leave", "bob", ROOM, 0.7, 0.8, "ok", 204, user="bob")),
    ),
    "what must be refused is accepted": (
        "answers_are_as_expected",
        changed(with_(Call, {"op": "receipt", "outcome": "refused"}, outcome="ok", code=200, through=7)),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "entries"), BROKEN.values(), ids=BROKEN)
def test_a_broken_promise_is_found(name: str, entries: Sequence[Entry]) -> None:
    assert name in {violation.check for violation in check(Facts(entries))}


def test_each_check_has_a_history_that_it_finds_broken() -> None:
    assert {rule.__name__ for rule in CHECKS} == {name for name, _ in BROKEN.values()}


def test_a_double_at_the_provider_is_excused_once_for_each_fault_that_can_cut_there() -> None:
    doubled = [*SHOWN, [5, "m4 text", "bot"]]
    fault = FaultDone("kill -9 telegram_send after the provider's answer", 5.15, 5.2, 5.2, may_double=True)
    reported = Frame(1, 5.9, "message.status", ROOM, 5, "m4", "carla", "sent")
    excused = changed(with_(OnPhone, {}, messages=doubled), fault, reported)
    assert check(Facts(excused)) == []
    assert [message for message, _ in in_the_window(Facts(excused), OnPhone("phone", ROOM, doubled))] == ["m4"]
    two = changed(with_(OnPhone, {}, messages=[*doubled, [6, "m3 text", "bot"]]), fault, reported)
    assert {v.check for v in check(Facts(two))} == {"phones_have_each_message_once"}
    thrice = changed(with_(OnPhone, {}, messages=[*doubled, [6, "m4 text", "bot"]]), fault, reported)
    assert {v.check for v in check(Facts(thrice))} == {"phones_have_each_message_once"}


def test_what_is_unknown_may_be_wholly_there_or_not_at_all() -> None:
    gave_up = send("m9", "ana", 7.3, 7.4, None, outcome="unknown", code=503)
    assert check(Facts(changed(same, gave_up))) == []


def test_a_change_that_a_sync_tells_of_is_in_no_order_with_pushes_also_when_the_sync_is_never_answered() -> None:
    unanswered_sync = SyncAsked(1, 7.25)
    late = [Frame(1, 7.4, "message.updated", ROOM, 3, "m2", content="m2 edited a")]
    assert check(Facts(changed(same, unanswered_sync, *late))) == []
    assert {v.check for v in check(Facts(changed(same, *late)))} == {"connections_keep_the_order_of_numbers"}


def test_a_page_tells_of_changes_too() -> None:
    bob_missed = (
        without(Frame, type="message.updated", connection=3),
        without(Frame, type="reaction.updated", connection=3),
    )
    for missed, told in zip(bob_missed, (("m2", "m2 edited a", ""), ("m7", None, "👍 bob")), strict=True):
        page = Call("page", "bob", ROOM, 7.6, 7.7, "ok", 200, after=0, through=0, seqs=[], told=[told])
        assert {v.check for v in check(Facts(changed(missed)))} != set()
        assert check(Facts(changed(missed, page))) == []


def test_the_time_of_faults_does_not_count_as_waiting() -> None:
    early = with_(Call, {"message_id": "m1", "op": "send"}, begin=-70.0, end=-65.0)
    assert check(Facts(changed(early, FaultDone("pause kafka", -60.0, -30.0, -20.0)))) == []
    slow = Call("page", "ana", ROOM, -60.0, -50.0, "ok", 200, after=0, through=0, seqs=[])
    assert check(Facts(changed(early, slow))) == []


def test_violations_are_counted_with_the_fault_before_them() -> None:
    facts = Facts(changed(final_without("m4")))
    violations = check(facts)
    (row,) = [row for row in rows(facts, violations) if row.fault == "kill -9 router"]
    assert row.lost > 0
    assert row.recovery_p50 == pytest.approx(0.75)  # m3, begun at 4.0 and reported at 4.25, after 3.5
    whole = totals(facts, violations)
    assert "| kill -9 router | 1 |" in markdown(rows(facts, violations), whole)
    assert document([row], whole)["totals"]["violations"] == len(violations)


def test_a_record_is_read_as_it_was_written_and_a_cut_line_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    recorder = Recorder(file)
    for entry in story():
        recorder.add(entry)
    recorder.close()
    assert load(file) == story()
    with file.open("ab") as out:
        out.write(b'{"kind":"Quiet","at')
    assert load(file) == story()


def test_a_line_that_is_no_entry_is_named(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    file.write_text('{"kind":"Quiet","at":1.0}\n{"kind":"Silence"}\n')
    with pytest.raises(ValueError, match=r"history.jsonl:2 is no entry"):
        load(file)
