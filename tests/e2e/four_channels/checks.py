"""What must hold in the end. Each check answers what does not, in words."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.e2e.four_channels.ledger import Said
from tests.e2e.four_channels.natives import bare
from tests.e2e.four_channels.phone_checks import Screen
from tests.e2e.four_channels.records import Record, reactions_of
from tests.e2e.four_channels.scene import Member, Scene


def problems_of(scene: Scene, records: Sequence[Record], screens: Sequence[Screen]) -> list[str]:
    """Everything that does not hold."""
    by_token = {record.said.token: record for record in records}
    reactions = reactions_of(scene.ledger, list(records), {n.channel: n.user_id for n in scene.natives})
    found = [problem for record in records for problem in _message(record, reactions.get(record.id, {}))]
    found += _replies(by_token, screens)
    for member in scene.members:
        found += _socket(member, scene.conversation, records)
    for screen in screens:
        found += screen.problems(records, reactions)
    return found


def _message(record: Record, reactions: dict[str, str]) -> Iterator[str]:
    """What history says of one message."""
    said, message = record.said, record.message
    where = f"{said.token} (seq {message['seq']}) of {said.sender}"
    if bool(message.get("deleted_at")) != said.is_deleted:
        yield f"{where}: unsent {said.is_deleted}, in history {message.get('deleted_at')}"
    if said.is_deleted:
        return
    content = message["content"]
    if content != said.versions[-1] and not (said.filename and content == ""):  # where files have no captions
        yield f"{where}: says {content!r}, not {said.versions[-1]!r}"
    if said.filename:
        file = message.get("file") or {}
        if (file.get("status"), file.get("size")) != ("completed", said.size):
            yield f"{where}: the file is {file}, not {said.size} bytes"
    shown = {user: bare(emoji) for emoji, users in message.get("reactions", {}).items() for user in users}
    wanted = {user: bare(emoji) for user, emoji in reactions.items()}
    if shown != wanted:
        yield f"{where}: reactions are {shown}, not {wanted}"
    for recipient in record.status["recipients"]:
        if recipient["status"] == "failed" or not recipient["deliveries"]:
            yield f"{where}: failed for {recipient}"


def _replies(by_token: dict[str, Record], screens: Sequence[Screen]) -> Iterator[str]:
    """What natives answered on their phones is answered in the conversation too."""
    ours = {
        screen.native.channel + shown_id: message_id for screen in screens for shown_id, message_id in screen.ours()
    }
    known = {record.id for record in by_token.values()}
    for record in by_token.values():
        asked, told = record.said.reply_to, record.message.get("reply_to")
        wanted = None if asked is None else asked if asked in known else ours.get(asked)
        if wanted is not None and told != wanted:
            yield f"{record.said.token}: answers {told}, not {wanted}"


def _socket(member: Member, conversation: str, records: Sequence[Record]) -> Iterator[str]:
    """Each message was told once, in the order of seq, and what became of it."""
    told = [frame for frame, _ in member.told("message.created", conversation)]
    first = list(dict.fromkeys(frame["seq"] for frame in told))
    wanted = [int(record.message["seq"]) for record in records]
    if first != wanted:
        missing, more = set(wanted) - set(first), set(first) - set(wanted)
        yield f"{member.name}: out of order, missing {sorted(missing)} or too many {sorted(more)}"
    updated = {f["data"]["message_id"]: f["data"] for f, _ in member.told("message.updated", conversation)}
    created = {frame["data"]["message_id"]: frame["data"] for frame in told}
    deleted = {frame["data"]["message_id"] for frame, _ in member.told("message.deleted", conversation)}
    for record in records:
        seen = updated.get(record.id) or created.get(record.id) or {}
        if record.said.is_deleted:
            if record.id not in deleted and seen.get("content") is not None:
                yield f"{member.name} was not told that {record.said.token} was unsent"
        elif seen.get("content") != record.message["content"]:
            yield f"{member.name} sees {seen.get('content')!r} of {record.said.token}"


def all_read(records: Sequence[Record], natives: dict[str, str]) -> list[str]:
    """Statuses once everybody has read: what each channel can tell."""
    found = []
    for record in records:
        if record.said.is_deleted:
            continue
        for recipient in record.status["recipients"]:
            wanted = "sent" if natives.get(recipient["user_id"]) == "telegram" else "read"
            parts = {d["status"] for d in recipient["deliveries"]}
            if recipient["status"] != wanted or parts != {wanted}:
                found.append(f"{record.said.token}: {recipient} is not {wanted}")
        if record.status["status"] != "read":
            found.append(f"{record.said.token}: is {record.status['status']}, not read")
    return found


def senders(said: Sequence[Said]) -> Counter[str]:
    """How many messages each has said."""
    return Counter(one.sender for one in said)
