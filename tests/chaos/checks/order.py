"""Order: of acknowledged sends, on each connection, on each phone, and between a message and its answer."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tests.chaos.checks.facts import Facts
from tests.chaos.checks.violation import Violation
from tests.chaos.device import NUMBERED


def acknowledged_sends_keep_their_order(facts: Facts) -> Iterator[Violation]:
    """What began after another was acknowledged has a higher number, whoever sent them."""
    by_conversation: dict[str, list[tuple[float, float, int, str]]] = defaultdict(list)
    for message in facts.messages.values():
        found = facts.standing.get(message.id)
        if found is not None:
            acknowledged = message.acknowledged
            by_conversation[found[0]].append(
                (message.begin, float("inf") if acknowledged is None else acknowledged, found[1].seq, message.id)
            )
    for call, item in facts.said.values():
        if item is not None and (phone := facts.phone_in.get(call.by)) is not None:
            # Among themselves: the provider brings them when it can, so others may be numbered before them.
            by_conversation[f"{phone} by {call.by}"].append((call.begin, call.end, item.seq, str(call.content)))
    for tries in by_conversation.values():
        yield from _in_real_time(tries)


def connections_keep_the_order_of_numbers(facts: Facts) -> Iterator[Violation]:
    """What a client did not have yet is pushed in the order of its number."""
    had: dict[tuple[str, str], set[int]] = defaultdict(set)
    for connection in sorted(facts.frames):
        user = facts.user_of[connection]
        highest: dict[str, int] = {}
        for frame in facts.frames[connection]:
            if frame.seq is None or frame.type not in NUMBERED:
                continue
            known, before = had[user, frame.conversation], highest.get(frame.conversation, 0)
            if frame.type != "sync.message" and frame.seq not in known and not facts.in_sync(frame):
                if frame.seq < before:
                    what = f"connection {connection} of {user} got number {frame.seq} after {before}"
                    yield Violation("reordered", "connections_keep_the_order_of_numbers", frame.at, what)
                highest[frame.conversation] = max(before, frame.seq)
            known.add(frame.seq)


def syncs_give_the_oldest_first(facts: Facts) -> Iterator[Violation]:
    """Each sync, in each conversation. The same message once more is a push whose answer was lost: dropped by its number."""
    for sync in facts.syncs:
        last: dict[str, int] = {}
        for frame in facts.synced(sync):
            before = last.get(frame.conversation, 0)
            if (frame.seq or 0) < before:
                what = f"a sync of connection {sync.connection} gave number {frame.seq} after {before}"
                yield Violation("reordered", "syncs_give_the_oldest_first", frame.at, what)
            last[frame.conversation] = frame.seq or 0


def phones_keep_the_order_of_numbers(facts: Facts) -> Iterator[Violation]:
    """First copies on a phone are in the order of the conversation."""
    for phone in facts.phones:
        highest = 0
        for message_id in _first_copies(phone.messages):
            found = facts.standing.get(message_id)
            if found is None:
                continue
            if found[1].seq < highest:
                at = facts.messages[message_id].begin if message_id in facts.messages else facts.settled
                what = f"{phone.phone} shows number {found[1].seq} after {highest}"
                yield Violation("reordered", "phones_keep_the_order_of_numbers", at, what)
            highest = max(highest, found[1].seq)


def answers_follow_what_they_answer(facts: Facts) -> Iterator[Violation]:
    """In the history, and for each client and phone: no answer before what it answers."""
    answered = {
        item.message_id: item.reply_to for _, item, _ in facts.standing_messages if item.reply_to in facts.standing
    }
    for message_id, original in answered.items():
        reply, first = facts.standing[message_id][1], facts.standing[str(original)][1]
        if reply.seq <= first.seq:
            at = facts.messages[message_id].begin if message_id in facts.messages else facts.settled
            what = f"{message_id} (number {reply.seq}) answers number {first.seq}"
            yield Violation("reordered", "answers_follow_what_they_answer", at, what)
    for connection, frames in facts.frames.items():
        place: dict[str | None, int] = {}
        for index, frame in enumerate(frames):
            if frame.type == "message.created":
                place.setdefault(frame.message_id, index)
        for message_id, original in _answers(answered, place):
            if place[message_id] < place[original]:
                what = f"connection {connection} got {message_id} before {original}, which it answers"
                yield Violation("reordered", "answers_follow_what_they_answer", frames[place[message_id]].at, what)


def _answers(answered: Mapping[str, str | None], place: dict[str | None, int]) -> Iterator[tuple[str, str]]:
    for message_id in place:
        original = answered.get(message_id or "")
        if message_id is not None and original is not None and original in place:
            yield message_id, original


def _in_real_time(tries: list[tuple[float, float, int, str]]) -> Iterator[Violation]:
    """Tries are (begin, acknowledged, number, name)."""
    by_end = sorted(tries, key=lambda t: t[1])
    highest: tuple[int, str] = (0, "")
    done = 0
    for begin, _, seq, name in sorted(tries):
        while done < len(by_end) and by_end[done][1] < begin:
            highest = max(highest, (by_end[done][2], by_end[done][3]))
            done += 1
        if seq < highest[0]:
            what = f"{name} (number {seq}) began after {highest[1]} (number {highest[0]}) was acknowledged"
            yield Violation("reordered", "acknowledged_sends_keep_their_order", begin, what)


def _first_copies(messages: Sequence[Sequence[object]]) -> list[str]:
    return list(dict.fromkeys(str(text).split(" ")[0] for _, text, side in messages if side == "bot"))
