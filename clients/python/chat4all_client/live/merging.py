"""Which of two states of a message is shown: each part of it by its own version (docs/clients.md, "Numbers"). Pure."""

from typing import Any

from chat4all_client.live.standing import higher

Json = dict[str, Any]


def merged(held: Json | None, told: Json) -> Json:
    """The newer of two states; `held` itself where nothing of `told` is news.

    The text goes by `revision` and the reactions by `reactions_version` (none: 0), whichever came first: a change may come before
    the message, and a message that was read earlier after its change. What has no status keeps the one that is known.
    """
    if held is None:
        return _without_reactions(told) if "deleted_at" in told else told
    body = told if revision_of(told) > revision_of(held) else held
    reactions = told if version_of(told) > version_of(held) else held
    status = higher(held.get("status"), told.get("status"))
    if body is held and reactions is held and status == held.get("status"):
        return held
    message = body | _reactions(reactions)
    if status is not None:
        message["status"] = status
    return _without_reactions(message) if "deleted_at" in message else message


def with_reactions(held: Json, told: Json) -> Json:
    """`held` with the reactions of a `reaction.updated`, where they are newer; an unsent message has none."""
    if version_of(told) <= version_of(held):
        return held
    message = held | _reactions(told)
    return _without_reactions(message) if "deleted_at" in message else message


def newer_reactions(one: Json | None, other: Json) -> Json:
    """Of two states of a message's reactions the newer one."""
    return other if one is None or version_of(other) > version_of(one) else one


def revision_of(message: Json) -> int:
    """0: as it was sent."""
    return int(message.get("revision") or 0)


def version_of(message: Json) -> int:
    """Of its reactions; 0: there never were any."""
    return int(message.get("reactions_version") or 0)


def _reactions(message: Json) -> Json:
    return {name: message[name] for name in ("reactions", "reactions_version") if name in message}


def _without_reactions(message: Json) -> Json:
    return message | {"reactions": {}}
