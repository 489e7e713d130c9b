"""What the product says of the conversation: its messages, and the status of each, read through the API."""

from dataclasses import dataclass, field

from tests.e2e.four_channels.ledger import Ledger, Said
from tests.e2e.four_channels.scene import Scene
from tests.e2e.people import Frame

FINAL = {"telegram": ("sent",), "instagram": ("sent", "read")}
"""Of recipients whom it has reached; elsewhere `REPORTED`."""
REPORTED = ("delivered", "read")


@dataclass
class Record:
    """One message."""

    message: Frame
    said: Said
    status: Frame = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.message["message_id"])

    def deliveries(self, user_id: str) -> list[Frame]:
        """To that recipient over their channel, in the order of the parts."""
        recipients = self.status.get("recipients", ())
        found = [d for r in recipients if r["user_id"] == user_id for d in r["deliveries"] if "part" in d]
        return sorted(found, key=lambda delivery: int(delivery["part"]))

    def is_settled(self) -> bool:
        """Every recipient has all of it, as far as their channel tells by itself: also parts that were not begun yet count."""
        if not self.status or self.message.get("deleted_at"):
            return bool(self.status)
        outside = [r for r in self.status["recipients"] if r["channel"] != "in_app"]
        return all(r["deliveries"] and r["status"] in FINAL.get(r["channel"], REPORTED) for r in outside)


async def history(scene: Scene) -> tuple[list[Frame], int]:
    """All messages, oldest first, and how far it is complete."""
    person, after = scene.members[0].person, 0
    messages: list[Frame] = []
    while True:
        page = await person.history(scene.conversation, after_seq=after, limit=100)
        messages += page["items"]
        if page["next_cursor"] is None:
            return messages, int(page["complete_through"])
        after = page["complete_through"]


def matched(scene: Scene, messages: list[Frame]) -> tuple[list[Record], list[str]]:
    """Messages with what was said; and what has no match, in words."""
    ledger, names = scene.ledger, scene.names
    told = {f["data"]["message_id"]: f["data"] for f, _ in scene.members[0].told("message.created", scene.conversation)}
    records, missing, gone = [], dict(ledger.said), []
    problems = []
    for message in messages:
        seen = told.get(message["message_id"], message)
        found = next((said for said in missing.values() if _is_of(seen, said) or _is_of(message, said)), None)
        if found is None:
            gone.append(message)
        else:
            records.append(Record(message, missing.pop(found.token)))
    for message in gone:  # taken back before anybody was told what it says
        sender = names.get(message["sender_id"])
        deleted = (said for said in missing.values() if said.is_deleted and said.sender == sender)
        found = next(deleted, None) if message.get("deleted_at") else None
        if found is None:
            problems.append(f"seq {message['seq']} is nobody's, or came twice: {str(message)[:200]}")
        else:
            records.append(Record(message, missing.pop(found.token)))
    problems += [f"{said.token} of {said.sender} is missing" for said in missing.values()]
    return sorted(records, key=lambda record: int(record.message["seq"])), problems


def _is_of(message: Frame, said: Said) -> bool:
    if said.own_id == message["message_id"]:
        return True
    if said.token in str(message.get("content") or "").split():
        return True
    return said.size is not None and (message.get("file") or {}).get("size") == said.size


async def with_statuses(scene: Scene, records: list[Record], known: dict[str, Frame]) -> None:
    """Ask for the status of each; of those in `known` it is settled already."""
    for record in records:
        if record.id not in known:
            record.status = await scene.members[0].person.status(record.id)
            if record.is_settled() and not record.said.is_deleted:  # what became of an unsend is written later
                known[record.id] = record.status
        else:
            record.status = known[record.id]


def reactions_of(ledger: Ledger, records: list[Record], natives: dict[str, str]) -> dict[str, dict[str, str]]:
    """Emoji by user, by id of ours: what natives did to a message on their phone is put to ours where it has that id.

    Args:
        natives: user ids by channel.
    """
    ours = {
        channel + str(delivery.get("external_id")): record.id
        for record in records
        for channel, user_id in natives.items()
        for delivery in record.deliveries(user_id)
    }
    found: dict[str, dict[str, str]] = {}
    known = {record.id for record in records}
    for key, emojis in ledger.reactions.items():
        message_id = key if key in known else ours.get(key)
        if message_id is not None:  # else it was done to a copy that a lost answer has left
            found.setdefault(message_id, {}).update(emojis)
    return found
