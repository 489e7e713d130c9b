"""What a program is shown of a store."""

from typing import Any

from chat4all_client.live.conversation import UNREAD_MAX, Conversation, unread_count
from chat4all_client.live.standing import FAILED, SENDING, status_of
from chat4all_client.live.store import Store

Json = dict[str, Any]
PREVIEW_CHARACTERS = 100


def conversations(store: Store) -> list[Json]:
    """All of them, newest activity first."""
    return [conversation(store, held) for held in store.newest_first()]


def conversation(store: Store, held: Conversation) -> Json:
    """The API's document, and {members: {user id: …}, delivered_seq, read_seq, unread, last_message, loaded_from, through}."""
    counted = max(held.unread.last_seq, held.read_seq)
    behind = [
        store.held.others_behind(held.id, store.user_id, max(seq, held.loaded_from - 1), UNREAD_MAX)
        for seq in (held.read_seq, counted)
    ]
    return held.document | {
        "last_activity_at": store.last_activity_at(held),
        "members": {user_id: dict(member) for user_id, member in held.members.items()},
        "delivered_seq": held.delivered_told,
        "read_seq": held.read_seq,
        "unread": unread_count(held, *behind),
        "last_message": _last_message(store, held),
        "loaded_from": held.loaded_from,
        "through": held.numbers.through,
    }


def messages(store: Store, conversation_id: str, limit: int = 10_000) -> list[Json]:
    """The newest `limit` of what is held, oldest first, and behind them own ones that are unsent, with `local` and `why`."""
    held = store.held.conversation(conversation_id)
    found = store.held.messages(conversation_id, held.loaded_from, None, limit) if held is not None else []
    unsent = [one.document(store.user_id) for one in store.outbox.of(conversation_id)]
    numbered = [one for one in unsent if "seq" in one]
    return sorted(found + numbered, key=lambda message: int(message["seq"])) + [
        one for one in unsent if "seq" not in one
    ]


def message(store: Store, message_id: str, conversation_id: str | None = None) -> Json | None:
    """One that is held, or on its way."""
    unsent = store.outbox.get(message_id)
    if unsent is not None:
        return unsent.document(store.user_id)
    ids = [conversation_id] if conversation_id is not None else list(store.positions())
    return next((found for one in ids if (found := store.held.found(one, message_id)) is not None), None)


def status(store: Store, shown: Json) -> str:
    """Where an own message stands: from itself, `message.status` and the others' watermarks."""
    held = store.held.conversation(shown["conversation_id"])
    reports = store.reports.of(shown["conversation_id"], shown["message_id"])
    return status_of(shown, held.members if held is not None else {}, reports)


def search(store: Store, conversation_id: str, words: str) -> list[Json]:
    """Messages that are held in which each of the words stands, in any case, newest first."""
    wanted = words.casefold().split()
    found = [one for one in messages(store, conversation_id) if wanted and all(word in _said(one) for word in wanted)]
    return found[::-1]


def _said(shown: Json) -> str:
    names = [file.get("filename", "") for file in shown.get("files") or [shown.get("file") or {}]]
    content = shown.get("content", "")
    values = content.values() if isinstance(content, dict) else [content]
    return " ".join(str(value) for value in (*values, *names)).casefold()


def _last_message(store: Store, held: Conversation) -> Json | None:
    said: Json | None = held.document.get("last_message")
    newest = store.held.messages(held.id, held.loaded_from, None, 1)
    if newest and (said is None or int(newest[0]["seq"]) >= int(said["seq"])):
        said = _preview(newest[0])
    waiting = [one for one in store.outbox.of(held.id) if one.state in (SENDING, FAILED)]
    return _preview(waiting[-1].document(store.user_id)) if waiting else said


def _preview(shown: Json) -> Json:
    content = shown.get("content")
    text = content if isinstance(content, str) else ""
    if not text:
        text = ", ".join(str(file.get("filename", "")) for file in shown.get("files") or [shown.get("file") or {}])
    names = ("message_id", "seq", "sender_id", "type", "created_at", "edited_at", "deleted_at", "local")
    return {name: shown[name] for name in names if name in shown} | {"preview": text[:PREVIEW_CHARACTERS]}
