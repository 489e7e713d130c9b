"""Routing rules: where a business wants messages to go, beyond the default. What they mean is in `domain.rule_choice`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chat4all.domain.message import TEXT_MAX, ChannelName, Id
from chat4all.domain.words import words_of
from chat4all.validation import Input

RULES_MAX = 100
"""Of a user."""
MIRRORS_MAX = 10
"""Of a user's rules: so often one message may be said again."""
RULE_MAX_BYTES = 2_048
"""Of one rule as JSON: all of a user's are one DynamoDB item, of at most 400 KB (developer guide, "Quotas")."""
WAIT_MIN_S, WAIT_MAX_S = 5, 86_400
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

OwnChannel = Literal["in_app", "telegram", "whatsapp", "messenger", "instagram"]
Few = Field(min_length=1, max_length=20)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("is no time zone of the IANA database, such as Europe/Lisbon") from None
    return name


def _has_letters(text: str) -> str:
    if not words_of(text).strip():
        raise ValueError("has no letter or digit")
    return text


def _distinct(chain: list[str]) -> list[str]:
    if len(set(chain)) < len(chain):
        raise ValueError("names a channel twice")
    return chain


ClockTime = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
TimeZone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]{1,64}$"), AfterValidator(_known_zone)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_has_letters)]


class Hours(Input):
    """A time of the week by the clocks of a place. An end at or before the start is on the next day, and belongs to the first."""

    time_zone: TimeZone
    days: Annotated[list[Day], Field(min_length=1, max_length=7)] = Field(default_factory=lambda: list(_DAYS))
    start: ClockTime = "00:00"
    end: ClockTime = "24:00"
    """Not part of it."""

    @model_validator(mode="after")
    def _is_some_time(self) -> Self:
        if self.start in (self.end, "24:00"):
            raise ValueError("start and end leave no time between them")
        return self

    def include(self, at_ms: int) -> bool:
        """Whether it was that time at `at_ms`, milliseconds since 1970."""
        local = self.local(at_ms)
        minute, today = local.hour * 60 + local.minute, local.weekday()
        start, end = _minute(self.start), _minute(self.end)
        if start < end:
            return _DAYS[today] in self.days and start <= minute < end
        return (_DAYS[today] in self.days and minute >= start) or (_DAYS[today - 1] in self.days and minute < end)

    def local(self, at_ms: int) -> datetime:
        """The clock there."""
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(self.time_zone))


class TextSize(Input):
    """Of a text or caption, in characters (Unicode code points); what has no text has 0."""

    at_least: Annotated[int, Field(ge=0, le=TEXT_MAX)] = 0
    at_most: Annotated[int, Field(ge=0, le=TEXT_MAX)] = TEXT_MAX

    @model_validator(mode="after")
    def _is_some_size(self) -> Self:
        if self.at_least > self.at_most:
            raise ValueError("at_least is above at_most")
        return self


class Conditions(Input):
    """All that are given must hold; of a list, one of it."""

    senders: Annotated[list[Id], Few] | None = None
    recipients: Annotated[list[Id], Few] | None = None
    origins: Annotated[list[OwnChannel], Field(min_length=1, max_length=5)] | None = None
    """Channels that the message came from."""
    types: Annotated[list[Literal["text", "file", "location", "contact"]], Field(min_length=1, max_length=4)] | None = (
        None
    )
    size: TextSize | None = None
    words: Annotated[list[Word], Few] | None = None
    """Whole words or phrases of the text, in any case."""
    hours: Hours | None = None
    """When the message was accepted."""
    presence: Literal["online", "offline"] | None = None
    """Whether the recipient has the app open."""


class Fallback(Input):
    """One channel after the other, until one has reached the recipient."""

    chain: Annotated[list[OwnChannel], Field(min_length=2, max_length=5), AfterValidator(_distinct)]
    wait_s: Annotated[int, Field(ge=WAIT_MIN_S, le=WAIT_MAX_S)]


class RuleAction(Input):
    """Exactly one of these."""

    channels: Annotated[list[ChannelName], Field(min_length=1, max_length=5), AfterValidator(_distinct)] | None = None
    """These and no others, whether the recipient is online or not."""
    fallback: Fallback | None = None
    drop: Literal[True] | None = None
    """Nothing leaves the app for this recipient. History and the app have the message all the same."""
    mirror_to: Id | None = None
    """A conversation in which the message is said once more."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self.model_fields_set - {n for n in self.model_fields_set if getattr(self, n) is None}) != 1:
            raise ValueError("must have exactly one of channels, fallback, drop and mirror_to")
        return self


RuleName = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Position = Annotated[int, Field(ge=1, le=RULES_MAX)]


class NewRule(Input):
    """Body of POST /v1/routing-rules."""

    name: RuleName | None = None
    enabled: bool = True
    position: Position | None = None
    """Where it is put in, from 1; those from there on move down. None: at the end."""
    conditions: Conditions = Conditions()
    action: RuleAction


class RuleChanges(Input):
    """Body of PATCH /v1/routing-rules/{id}: what is given replaces what was there; `position` moves the rule."""

    name: RuleName | None = None
    enabled: bool | None = None
    position: Position | None = None
    conditions: Conditions | None = None
    action: RuleAction | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of an ordered list."""

    id: str
    conditions: Conditions
    action: RuleAction
    name: str | None = None
    is_enabled: bool = True


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
