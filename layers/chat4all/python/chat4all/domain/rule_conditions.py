"""Whether a routing rule holds for a message and a recipient, and if not, why: one description for routing and for explaining."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chat4all.domain.routes import Recipient
from chat4all.domain.routing_rules import Conditions, Rule, RuleAction
from chat4all.domain.words import words_of


@dataclass(frozen=True, slots=True)
class Said:
    """A message as rules look at it."""

    conversation_id: str
    sender_id: str
    origin: str
    """Channel that it came from."""
    type: str
    size: int
    """Characters of its text or caption."""
    words: str
    """As `domain.words` has them."""
    at_ms: int
    """When it was accepted, milliseconds since 1970."""
    asked: tuple[str, ...] | None = None
    """Channels that the sender named."""
    is_mirrored: bool = False
    """It was said here by a mirror."""

    @classmethod
    def of(cls, conversation_id: str, sender_id: str, origin: str, kind: str, content: Any, at_ms: int) -> "Said":
        """From the fields of a message."""
        text = content if isinstance(content, str) else ""
        return cls(conversation_id, sender_id, origin, kind, len(text), words_of(text), at_ms)


@dataclass(frozen=True, slots=True)
class Failure:
    """A condition that does not hold."""

    condition: str
    """Its name, or `enabled`, or `action` where what the rule asks for cannot be done."""
    detail: str


def failures(rule: Rule, said: Said, recipient: Recipient, *, is_online: bool) -> Iterator[Failure]:
    """Why `rule` does not hold; nothing where it does."""
    if not rule.is_enabled:
        yield Failure("enabled", "the rule is switched off")
    yield from _of_message(rule.conditions, said)
    yield from _of_recipient(rule.conditions, recipient, is_online=is_online)
    detail = _not_possible(rule.action, said, recipient)
    if detail:
        yield Failure("action", detail)


def holds(rule: Rule, said: Said, recipient: Recipient, *, is_online: bool) -> bool:
    """Whether it does."""
    return next(failures(rule, said, recipient, is_online=is_online), None) is None


def channels_of(recipient: Recipient) -> tuple[str, ...]:
    """External channels on which the recipient can be reached."""
    return tuple(dict.fromkeys(channel for channel, _, _ in recipient.addresses))


def chain_for(chain: list[Any], recipient: Recipient) -> tuple[str, ...]:
    """The steps of a fallback chain that there are for this recipient."""
    own = channels_of(recipient)
    return tuple(channel for channel in chain if channel in own or (channel == "in_app" and recipient.in_app))


def _of_message(conditions: Conditions, said: Said) -> Iterator[Failure]:
    if conditions.senders is not None and said.sender_id not in conditions.senders:
        yield Failure("senders", f"{said.sender_id} wrote it")
    if conditions.origins is not None and said.origin not in conditions.origins:
        yield Failure("origins", f"it came from {said.origin}, not from {_or(conditions.origins)}")
    if conditions.types is not None and said.type not in conditions.types:
        yield Failure("types", f"it is of type {said.type}, not {_or(conditions.types)}")
    size = conditions.size
    if size is not None and not size.at_least <= said.size <= size.at_most:
        yield Failure("size", f"it has {said.size} characters, not {size.at_least} to {size.at_most}")
    if conditions.words is not None and not any(words_of(word) in said.words for word in conditions.words):
        yield Failure("words", f"it has none of: {', '.join(conditions.words)}")
    hours = conditions.hours
    if hours is not None and not hours.include(said.at_ms):
        there = hours.local(said.at_ms).strftime("%a %H:%M").lower()
        yield Failure("hours", f"in {hours.time_zone} it was {there}, not {hours.start} to {hours.end} of its days")


def _of_recipient(conditions: Conditions, recipient: Recipient, *, is_online: bool) -> Iterator[Failure]:
    if conditions.recipients is not None and recipient.user_id not in conditions.recipients:
        yield Failure("recipients", f"it is for {recipient.user_id}")
    found = "online" if is_online else "offline"
    if conditions.presence not in (None, found):
        yield Failure("presence", f"the recipient is {found}")


def _not_possible(action: RuleAction, said: Said, recipient: Recipient) -> str | None:
    """A rule that would leave somebody without the message does not hold for them: only `drop` does that, and says so."""
    own = {*channels_of(recipient), *(["in_app"] if recipient.in_app else [])}
    if action.channels is not None and "all" not in action.channels and own.isdisjoint(action.channels):
        return f"the recipient is not on {_or(action.channels)}"
    if action.fallback is not None and not chain_for(list(action.fallback.chain), recipient):
        return f"the recipient is not on {_or(action.fallback.chain)}"
    if action.mirror_to is not None and said.is_mirrored:
        return "what was mirrored is not mirrored again"
    if action.mirror_to == said.conversation_id:
        return "the message is in that conversation already"
    return None


def _or(names: Any) -> str:
    return " or ".join(names)
