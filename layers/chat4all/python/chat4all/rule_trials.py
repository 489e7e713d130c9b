"""Trying rules: what they would choose for a message, and why. Nothing is written and nothing is sent."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from chat4all.clock import ms_of, now_ms
from chat4all.connections import Connections
from chat4all.domain.message import ChannelName, Id, checked_content
from chat4all.domain.roles import Role, may_manage
from chat4all.domain.routes import Recipient, routes_over
from chat4all.domain.routing_rules import OwnChannel, Rule
from chat4all.domain.rule_choice import explain, mirrors
from chat4all.domain.rule_conditions import Said
from chat4all.errors import FieldError, Forbidden, Invalid, NotFound
from chat4all.memberships import member_of, membership_of
from chat4all.routing_choices import recipient_of
from chat4all.rules_in_force import first_owner, rules_of
from chat4all.stores.routing_rules import rule_list
from chat4all.validation import Input

_BY_HAND = "00000000-0000-0000-0000-000000000000"
"""Conversation of facts by hand: none."""


def _time(text: str) -> str:
    ms_of(text)
    return text


class Draft(Input):
    """The message."""

    type: Literal["text", "file", "location", "contact"] = "text"
    content: Any = None
    sender_id: Id | None = None
    """None: the caller."""
    channel: OwnChannel = "in_app"
    """From which it comes."""
    channels: Annotated[list[ChannelName], Field(min_length=1, max_length=5)] | None = None
    """That the sender asks for."""
    at: Annotated[str, AfterValidator(_time)] | None = None
    """When it is accepted (RFC 3339). None: now."""


class GivenRecipient(Input):
    """Somebody by hand."""

    recipient_id: Id
    channels: Annotated[list[OwnChannel], Field(min_length=1, max_length=5)]
    """On which they are reached."""
    online: bool = False


class Trial(Input):
    """Body of POST /v1/routing-rules/test: with a conversation's members as they are, or with recipients by hand."""

    message: Draft
    conversation_id: Id | None = None
    recipients: Annotated[list[GivenRecipient], Field(min_length=1, max_length=100)] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.conversation_id is None) == (self.recipients is None):
            raise ValueError("needs exactly one of conversation_id and recipients")
        if len({each.recipient_id for each in self.recipients or ()}) < len(self.recipients or ()):
            raise ValueError("names a recipient twice")
        return self


class RuleTrials:
    """Of a user's own rules."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def try_out(self, user_id: str, trial: Trial) -> dict[str, Any]:
        """The choice for each recipient, explained, and where the message would be mirrored.

        Raises:
            NotFound: not a member. Forbidden: the conversation has another first owner, whose rules hold there.
            Invalid: content that cannot be sent; a sender who is no member.
        """
        said = _said(user_id, trial)
        if trial.conversation_id is not None:
            recipients = _members(user_id, trial.conversation_id, said.sender_id)
            online = self._connections.online([r.user_id for r in recipients if r.in_app]).shown
        else:
            recipients = [_recipient(given) for given in trial.recipients or ()]
            online = frozenset(given.recipient_id for given in trial.recipients or () if given.online)
        rules = rules_of(rule_list(user_id))
        return {
            "recipients": [_explained(rules, said, r, is_online=r.user_id in online) for r in recipients],
            "mirrors": [
                {"conversation_id": target, "rule_id": rule_id, "allowed": _manages(user_id, target)}
                for target, rule_id in mirrors(rules, said, recipients, online).items()
            ],
        }


def _said(user_id: str, trial: Trial) -> Said:
    draft = trial.message
    try:
        content = checked_content(draft.type, draft.content)
    except Invalid as error:
        found = tuple(FieldError(f"/message{each.pointer}", each.detail) for each in error.errors)
        raise Invalid(f"/message{error.detail}", code=error.code, errors=found) from error
    at_ms = ms_of(draft.at) if draft.at is not None else now_ms()
    place, sender = trial.conversation_id or _BY_HAND, draft.sender_id or user_id
    said = Said.of(place, sender, draft.channel, draft.type, content, at_ms)
    return replace(said, asked=tuple(draft.channels)) if draft.channels else said


def _members(user_id: str, conversation_id: str, sender_id: str) -> Sequence[Recipient]:
    """Everybody but the sender."""
    standing = membership_of(conversation_id)
    standing.member(user_id)
    if first_owner(standing.members.values()) != user_id:
        raise Forbidden("The rules of the conversation's first owner hold there, and only they try them")
    if sender_id not in standing.members:
        raise Invalid.at("/message/sender_id", "is no member of the conversation")
    return [recipient_of(member) for member in standing.members.values() if member.user_id != sender_id]


def _recipient(given: GivenRecipient) -> Recipient:
    external = tuple((channel, "by hand", "by hand") for channel in given.channels if channel != "in_app")
    return Recipient(given.recipient_id, in_app="in_app" in given.channels, addresses=external)


def _explained(rules: Sequence[Rule], said: Said, recipient: Recipient, *, is_online: bool) -> dict[str, Any]:
    explained = explain(rules, said, recipient, is_online=is_online)
    routes = routes_over(recipient, explained["choice"]["channels"])
    ways = [{"channel": route.channel, "account_id": route.account_id} for route in routes]
    return explained | {"online": is_online, "routes": ([{"channel": "in_app"}] if recipient.in_app else []) + ways}


def _manages(user_id: str, conversation_id: str) -> bool:
    try:
        return may_manage(Role(member_of(conversation_id, user_id).role))
    except NotFound:
        return False
