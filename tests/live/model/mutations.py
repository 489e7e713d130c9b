"""Rules of the client that are broken on purpose: the model must find each out."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from chat4all_client.live import applying, conversation
from chat4all_client.live.held import Held
from chat4all_client.live.numbers import Numbers
from chat4all_client.live.outbox import Outbox
from chat4all_client.live.outcomes import Later
from chat4all_client.live.requests import Requests
from chat4all_client.live.store import Store
from chat4all_client.live.syncing import Syncing

Json = dict[str, Any]


def _no_hole() -> AbstractContextManager[Any]:
    return patch.object(Numbers, "counted", lambda self, seq: Numbers(max(self.through, seq)))


def _voids_not_counted() -> AbstractContextManager[Any]:
    return patch.object(Numbers, "complete", lambda self, through: self)


def _no_revision() -> AbstractContextManager[Any]:
    return patch.object(applying, "merged", lambda held, told: dict(held or {}) | told)


def _no_version() -> AbstractContextManager[Any]:
    def newest_come(held: Json, told: Json) -> Json:
        return held | {name: told[name] for name in ("reactions", "reactions_version")}

    return patch.object(applying, "with_reactions", newest_come)


def _early_reactions_dropped() -> AbstractContextManager[Any]:
    return patch.object(Held, "put_early_reactions", lambda self, conversation_id, reactions: None)


def _no_sync() -> AbstractContextManager[Any]:
    async def nothing(self: Syncing, link: Any) -> None:
        return

    return patch.object(Syncing, "everything", nothing)


def _another_id_each_try() -> AbstractContextManager[Any]:
    ask = Requests.ask

    async def changed(self: Requests, action: str, data: Json) -> Json:
        return await ask(self, action, data | ({"message_id": str(uuid4())} if action == "send" else {}))

    return patch.object(Requests, "ask", changed)


def _one_try() -> AbstractContextManager[Any]:
    ask = Requests.ask

    async def once(self: Requests, action: str, data: Json) -> Json:
        try:
            return await ask(self, action, data)
        except Later:
            if action != "send":
                raise
            return {"seq": 0, "created_at": ""}

    return patch.object(Requests, "ask", once)


def _accepted_is_forgotten_late() -> AbstractContextManager[Any]:
    return patch.object(Outbox, "remove", lambda self, message_id: False)


def _marks_fall() -> AbstractContextManager[Any]:
    return patch.object(conversation, "_risen", lambda held, member: member)


def _members_not_read_again() -> AbstractContextManager[Any]:
    @contextmanager
    def both() -> Iterator[None]:
        with (
            patch.object(Store, "mark_stale", lambda self: None),
            patch.object(applying.Applying, "_stale", lambda *_: None),
        ):
            yield

    return both()


def _whole_page_without_its_start() -> AbstractContextManager[Any]:
    put_page = Store.put_page

    def one_short(self: Store, conversation_id: str, before: int, items: Any, *, begins: bool) -> Any:
        return put_page(self, conversation_id, before, items[:-1] if len(items) > 1 else items, begins=begins)

    return patch.object(Store, "put_page", one_short)


def _partial_not_read() -> AbstractContextManager[Any]:
    return patch.object(Held, "put_partial", lambda self, conversation_id, message_id: None)


MUTATIONS: Mapping[str, Callable[[], AbstractContextManager[Any]]] = {
    "a number beyond a hole counts as all before it": _no_hole,
    "sync.done is not believed": _voids_not_counted,
    "a message is taken whatever its revision": _no_revision,
    "reactions are taken whatever their version": _no_version,
    "a reaction before its message is dropped": _early_reactions_dropped,
    "no sync after a reconnect": _no_sync,
    "another message_id for each try": _another_id_each_try,
    "a send is tried once": _one_try,
    "a message stays in the outbox when it has come": _accepted_is_forgotten_late,
    "watermarks fall": _marks_fall,
    "members are not read again": _members_not_read_again,
    "a page of older messages is taken without its oldest": _whole_page_without_its_start,
    "a message that came in part is not read": _partial_not_read,
}
"""{what is broken: how}."""
