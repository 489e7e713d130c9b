"""Nothing acknowledged is lost: in the history, at every member, on every phone; and nothing is there by half."""

from collections.abc import Iterator

from tests.chaos.checks.facts import FOREVER, Facts
from tests.chaos.checks.violation import Violation
from tests.chaos.device import EDITED

_NEAR_S = 5.0


def acknowledged_messages_stand(facts: Facts) -> Iterator[Violation]:
    """Answered 202: it is in the history of its conversation, where the answer said."""
    for message in facts.messages.values():
        for call in message.tries:
            if call.outcome != "ok":
                continue
            conversation, item = facts.standing.get(message.id, (None, None))
            if item is None or conversation != message.conversation:
                yield Violation("lost", "acknowledged_messages_stand", call.end, f"{message.id} is not in the history")
                break
            if call.seq != item.seq:
                what = f"{message.id} was answered number {call.seq} and stands at {item.seq}"
                yield Violation("lost", "acknowledged_messages_stand", call.end, what)
                break


def refused_messages_do_not_stand(facts: Facts) -> Iterator[Violation]:
    """Answered 4xx at each try: it is not there."""
    for message in facts.messages.values():
        if message.refused and message.id in facts.standing:
            what = f"{message.id} was refused ({message.tries[-1].code}) and is in the history"
            yield Violation("other", "refused_messages_do_not_stand", message.begin, what)


def what_is_seen_stands(facts: Facts) -> Iterator[Violation]:
    """Whatever a client or a phone got is in the history, with the same content."""
    for frames in facts.frames.values():
        for frame in frames:
            if frame.type not in ("message.created", "sync.message") or frame.conversation not in facts.final:
                continue
            conversation, item = facts.standing.get(frame.message_id or "", (None, None))
            if item is None or conversation != frame.conversation:
                what = f"{frame.message_id} was pushed as number {frame.seq} and is not in the history"
                yield Violation("lost", "what_is_seen_stands", frame.at, what)
            elif frame.content is not None and EDITED not in frame.content and item.message_id in facts.messages:
                what = f"{frame.message_id} was pushed with the content {frame.content!r}"
                yield Violation("other", "what_is_seen_stands", frame.at, what)
    for phone in facts.phones:
        for _, text, side in phone.messages:
            if side == "bot" and text.split(" ")[0] not in facts.standing:
                what = f"{phone.phone} shows {text[:60]!r}, which is not in the history"
                yield Violation("lost", "what_is_seen_stands", facts.settled, what)


def inbound_messages_stand(facts: Facts) -> Iterator[Violation]:
    """What the provider took from a phone is in the history."""
    for call, item in facts.said.values():
        if call.outcome == "ok" and item is None:
            yield Violation("lost", "inbound_messages_stand", call.end, f"{call.by} said {call.content!r}")


def files_are_fetched(facts: Facts) -> Iterator[Violation]:
    """What a phone sent with a file has it at the end."""
    for _, item, begin in facts.standing_messages:
        if item.file not in (None, "completed"):
            yield Violation("lost", "files_are_fetched", begin, f"the file of {item.message_id} is {item.file}")


def every_member_has_every_message(facts: Facts) -> Iterator[Violation]:
    """Who was a member all the time has it, at the latest after a sync; also what nobody had an answer for, once it stands."""
    for conversation, item, begin in facts.standing_messages:
        had = facts.arrivals.get(item.message_id, {})
        for user in facts.recipients(conversation, begin):
            if user not in had:
                what = f"{item.message_id} (number {item.seq}) never reached {user}"
                yield Violation("lost", "every_member_has_every_message", begin, what)


def open_connections_are_pushed_to(facts: Facts) -> Iterator[Violation]:
    """A connection that was open from before the send to the end got it without asking: it was pushed, not only synced.

    While the clock jumps, connections may look older than API Gateway lets any become (2 h), and are not looked for.
    """
    jumps = [(fault.begin - _NEAR_S, fault.ready + _NEAR_S) for fault in facts.faults if fault.jumps_clock]
    open_to_the_end = [c for c in facts.opened if facts.closed.get(c, FOREVER) >= facts.settled]
    got = {
        c: {f.message_id for f in facts.frames.get(c, ()) if f.at <= facts.settled and f.type != "reaction.updated"}
        for c in open_to_the_end
    }
    connections: dict[str, list[int]] = {}
    for connection in open_to_the_end:
        connections.setdefault(facts.user_of[connection], []).append(connection)
    for conversation, item, begin in facts.standing_messages:
        if any(first <= begin <= last for first, last in jumps):
            continue
        for user in facts.recipients(conversation, begin):
            for connection in connections.get(user, ()):
                if facts.opened[connection] < begin and item.message_id not in got[connection]:
                    what = f"{item.message_id} (number {item.seq}) was not pushed on connection {connection} of {user}"
                    yield Violation("lost", "open_connections_are_pushed_to", begin, what)


def phones_have_every_message(facts: Facts) -> Iterator[Violation]:
    """Every message for a guest is on their phone, unless it is reported as failed."""
    for phone in facts.phones:
        shown = {text.split(" ")[0] for _, text, side in phone.messages if side == "bot"}
        for item in facts.final.get(phone.conversation, ()):
            message = facts.messages.get(item.message_id)
            if message is not None and item.message_id not in shown and item.status != "failed":
                what = f"{item.message_id} (number {item.seq}, {item.status}) never reached {phone.phone}"
                yield Violation("lost", "phones_have_every_message", message.begin, what)


def all_is_routed(facts: Facts) -> Iterator[Violation]:
    """At the end nothing is still merely accepted."""
    for _, item, begin in facts.standing_messages:
        if item.status == "accepted":
            yield Violation("lost", "all_is_routed", begin, f"{item.message_id} (number {item.seq}) is still accepted")
