"""What a client holds, each call one transaction: it outlives the process at any point."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from chat4all_client.live.applying import Applied, Applying
from chat4all_client.live.conversation import Conversation, adopted, described
from chat4all_client.live.database import Database, StoreError
from chat4all_client.live.frames import Change
from chat4all_client.live.held import Held
from chat4all_client.live.marks import Due, due, read_up_to
from chat4all_client.live.outbox import Outbox, Unsent
from chat4all_client.live.reports import Reports
from chat4all_client.live.standing import ACCEPTED, SENDING

Json = dict[str, Any]
_WHOLE_UP_TO = 100
"""A conversation that is new to a store in use is synced from its beginning where it has no more entries than this."""


class Store:
    """One user's. Its calls are made by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it; raises StoreInUse, StoreError, OSError."""
        self._database = Database(path)
        self.held = Held(self._database.connection)
        self.outbox = Outbox(self._database.connection)
        self.reports = Reports(self._database.connection)
        self.user_id = self.held.fact("user_id") or ""

    def close(self) -> None:
        """Close the file, and let others have it."""
        self._database.close()

    def belongs_to(self, user_id: str) -> None:
        """Say whose it is, the first time; raises StoreError where it is somebody else's."""
        if self.user_id and self.user_id != user_id:
            raise StoreError(f"{self._database.path} is the store of user {self.user_id}, not of {user_id}")
        if not self.user_id:
            with self._database.transaction():
                self.held.put_fact("user_id", user_id)
            self.user_id = user_id

    def apply(self, changes: Sequence[Change]) -> Applied:
        """Take what frames say, all of it or nothing."""
        with self._database.transaction():
            return Applying(self.held, self.outbox, self.reports, self.user_id).take(changes)

    def positions(self) -> dict[str, int]:
        """{conversation id: through}: what a sync asks with."""
        return self.held.positions()

    def with_holes(self) -> list[str]:
        """Conversations of which something is known to be missing."""
        return self.held.with_holes()

    def stale(self) -> list[str]:
        """Conversations whose document has to be read anew, newest activity first."""
        return [held.id for held in self.newest_first() if held.is_stale]

    def newest_first(self) -> list[Conversation]:
        """Conversations, newest activity first."""
        return sorted(self.held.conversations(), key=lambda held: (self.last_activity_at(held), held.id), reverse=True)

    def last_activity_at(self, held: Conversation) -> str:
        """When something was said last, as far as is known."""
        newest = self.held.messages(held.id, held.loaded_from, None, 1)
        said = str(newest[0]["created_at"]) if newest else ""
        return max(said, str(held.document.get("last_activity_at", "")))

    def put_list(self, documents: Iterable[Json]) -> list[str]:
        """Take a list of conversations, without members; the ids of those that are new."""
        with self._database.transaction():
            is_in_use = self.held.fact("listed") is not None
            return [str(document["id"]) for document in documents if self._put(document, is_in_use=is_in_use)]

    def listed(self) -> None:
        """The whole list was read once."""
        with self._database.transaction():
            self.held.put_fact("listed", "once")

    def put_document(self, document: Json) -> bool:
        """Take a read of one conversation, with its members; whether it is new."""
        with self._database.transaction():
            return self._put(document, is_in_use=True)

    def mark_stale(self) -> None:
        """All: what was told while there was no connection is not known. Numbers are synced, members are not."""
        with self._database.transaction():
            for held in self.held.conversations():
                self.held.put(replace(held, is_stale=True))

    def remove(self, conversation_id: str) -> None:
        """Forget a conversation that is the user's no more."""
        with self._database.transaction():
            self.held.remove(conversation_id)
            for unsent in self.outbox.of(conversation_id):
                if unsent.state == ACCEPTED:
                    self.outbox.remove(unsent.message_id)

    def put_page(self, conversation_id: str, before: int, items: Sequence[Json], *, begins: bool) -> Applied:
        """Take a page of messages from before `loaded_from`, which was `before` when it was asked for."""
        with self._database.transaction():
            held = self.held.conversation(conversation_id)
            applying = Applying(self.held, self.outbox, self.reports, self.user_id)
            if held is None or held.loaded_from != before:
                return applying.applied  # it was loaded meanwhile, or is gone
            for message in items:
                applying.message(message)
            oldest = min((int(message["seq"]) for message in items), default=before)
            self.held.put(replace(held, loaded_from=1 if begins else oldest))
            applying.applied.conversations[conversation_id] = None
            return applying.applied

    def completed(self, conversation_id: str, message_id: str, message: Json | None) -> Applied:
        """A message that had come in part was read; None: it is there no more."""
        with self._database.transaction():
            applying = Applying(self.held, self.outbox, self.reports, self.user_id)
            self.held.drop_partial(conversation_id, message_id)
            if message is not None and self.held.conversation(conversation_id) is not None:
                applying.message(message)
            return applying.applied

    def answered(self, answer: Json) -> Applied:
        """Take the answer to a change: a message as it is now, or the reactions to one."""
        with self._database.transaction():
            applying = Applying(self.held, self.outbox, self.reports, self.user_id)
            if self.held.conversation(answer["conversation_id"]) is not None:
                if "seq" in answer:
                    applying.message(answer)
                else:
                    applying.reactions(answer["conversation_id"], answer)
            return applying.applied

    def write(self, unsent: Unsent) -> None:
        """Keep what is to be sent; raises ValueError where its id is taken."""
        with self._database.transaction():
            self.outbox.put(unsent)

    def accepted(self, message_id: str, seq: int, created_at: str) -> None:
        """It was answered; it stays until its message comes, unless that is here."""
        with self._database.transaction():
            unsent = self.outbox.get(message_id)
            held = self.held.conversation(unsent.conversation_id) if unsent is not None else None
            if held is None or seq <= held.numbers.through or self.held.at(held.id, seq) is not None:
                self.outbox.remove(message_id)
            else:
                self.outbox.accepted(message_id, seq, created_at)

    def failed(self, message_id: str, why: Json) -> None:
        """It was refused for good."""
        with self._database.transaction():
            self.outbox.failed(message_id, why)

    def again(self, message_id: str) -> Unsent | None:
        """Send one that failed again, behind what is waiting; None: there is none."""
        with self._database.transaction():
            unsent = self.outbox.get(message_id)
            if unsent is None or unsent.state == ACCEPTED:
                return None
            self.outbox.remove(message_id)
            self.outbox.put(replace(unsent, state=SENDING, why=None))
            return unsent

    def discard(self, message_id: str) -> Unsent | None:
        """Give one up that was not answered; None: there is none."""
        with self._database.transaction():
            unsent = self.outbox.get(message_id)
            if unsent is None or unsent.state == ACCEPTED:
                return None
            self.outbox.remove(message_id)
            return unsent

    def read(self, conversation_id: str, seq: int) -> bool:
        """Raise the user's watermark, no further than what is held; whether it rose."""
        with self._database.transaction():
            held = self.held.conversation(conversation_id)
            risen = read_up_to(held, seq) if held is not None else None
            if risen is None:
                return False
            self.held.put(risen)
            return True

    def due_marks(self, conversation_ids: Iterable[str]) -> list[Due]:
        """Watermarks of these conversations that the server does not know yet."""
        found = []
        for conversation_id in conversation_ids:
            held = self.held.conversation(conversation_id)
            if held is None:
                continue
            received = self.held.last_of_others(held.id, self.user_id, held.loaded_from, held.numbers.through)
            mark = due(held, received)
            found += [mark] if mark is not None else []
        return found

    def told_marks(self, conversation_id: str, marks: Mapping[str, Any]) -> None:
        """What the server answered: how far it knows."""
        with self._database.transaction():
            held = self.held.conversation(conversation_id)
            if held is not None:
                read, delivered = int(marks["read_seq"]), int(marks["delivered_seq"])
                told = max(held.read_told, read), max(held.delivered_told, delivered)
                self.held.put(
                    replace(held, read_seq=max(held.read_seq, read), read_told=told[0], delivered_told=told[1])
                )

    def put_users(self, users: Iterable[Json]) -> None:
        """Keep users."""
        with self._database.transaction():
            self.held.put_users(users)

    def _put(self, document: Json, *, is_in_use: bool) -> bool:
        """Take a document; whether it is of a conversation that is new."""
        held = self.held.conversation(str(document["id"]))
        if held is None:
            self.held.put(adopted(document, _WHOLE_UP_TO if is_in_use else 0))
            return True
        self.held.put(described(held, document))
        return False
