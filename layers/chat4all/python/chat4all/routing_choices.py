"""The router's choice for each recipient, written down where it could come out otherwise when the record comes again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pynamodb.exceptions import PutError

from chat4all.clock import ms_of
from chat4all.connections import Connections, Online
from chat4all.domain.message import MIRRORED
from chat4all.domain.routes import Recipient
from chat4all.domain.routing_rules import Rule
from chat4all.domain.rule_choice import Choice, choose, default, mirrors
from chat4all.domain.rule_conditions import Said
from chat4all.rules_in_force import RulesInForce
from chat4all.stores.members import Member
from chat4all.stores.routing_rules import RoutingChoice
from chat4all.stores.table import condition_failed


@dataclass(frozen=True, slots=True)
class Chosen:
    """For one message."""

    choices: Sequence[tuple[Recipient, Choice]] = ()
    """Of each recipient who has an address."""
    mirrors: Mapping[str, str] = field(default_factory=dict)
    """Rule by the conversation that it mirrors to."""


class RoutingChoices:
    """Of one environment."""

    def __init__(self, connections: Connections, rules: RulesInForce) -> None:
        self._connections = connections
        self._rules = rules

    def choose(self, data: Mapping[str, Any], others: Sequence[Recipient], owner_id: str | None) -> Chosen:
        """For a message (as chat4all.messages carries it) and everybody who gets it but its sender.

        Nothing is read for those on the app while the rules are known. For those with addresses: their presence where it
        matters, and a write unit (for up to 1 KB) where a rule or presence decides.
        """
        rules = self._rules.of(owner_id)
        external = [r for r in others if r.addresses]
        mirroring = any(rule.action.mirror_to is not None for rule in rules)
        if not external and not mirroring:
            return Chosen()
        said = said_of(data)
        online = self._online(rules, said, external, others)
        hidden = online.ids - online.shown
        choices = [
            choose(rules, said, r, is_online=r.user_id in online.ids, is_hidden=r.user_id in hidden) for r in external
        ]
        if said.asked is None and external:
            choices = self._as_recorded(data, external, choices, is_ruled=len(rules) > 0)
        found = mirrors(rules, said, others, online.shown) if mirroring else {}
        return Chosen(tuple(zip(external, choices, strict=True)), found)

    def _online(
        self, rules: Sequence[Rule], said: Said, external: Sequence[Recipient], others: Sequence[Recipient]
    ) -> Online:
        looked_at = others if any(rule.conditions.presence is not None for rule in rules) else external
        if said.asked is not None and looked_at is external:
            return Online()
        return self._connections.online([r.user_id for r in looked_at if r.in_app])

    def _as_recorded(
        self, data: Mapping[str, Any], external: Sequence[Recipient], choices: list[Choice], *, is_ruled: bool
    ) -> list[Choice]:
        """What was chosen first stands. A guest's default needs no record: they are never online."""
        if not is_ruled and not any(r.in_app for r in external):
            return choices
        kept = {c.recipient_id: c.document() for c, r in zip(choices, external, strict=True) if r.in_app or c.rule_id}
        item = RoutingChoice(data["conversation_id"], int(data["seq"]), recipients=kept)
        try:
            item.save(RoutingChoice.conversation_id.does_not_exist())
        except PutError as error:
            if not condition_failed(error):
                raise
            first = RoutingChoice.get(data["conversation_id"], int(data["seq"]), consistent_read=True).recipients
            return [_restored(first, r) for r in external]
        return choices


def said_of(data: Mapping[str, Any]) -> Said:
    """A message, as chat4all.messages carries it, as rules look at it."""
    asked = tuple(data["channels"]) if data.get("channels") else None
    said = Said.of(
        data["conversation_id"],
        data["sender_id"],
        data["channel"],
        data["type"],
        data["content"],
        ms_of(data["created_at"]),
    )
    return replace(said, asked=asked, is_mirrored=MIRRORED in (data.get("metadata") or {}))


def recipient_of(member: Member) -> Recipient:
    """The member as routing sees them."""
    return Recipient(
        user_id=member.user_id,
        in_app=bool(member.in_app),
        addresses=_ways(member.addresses),
        joined_seq=int(member.joined_seq),
        reached_since=tuple((_way(a), int(a["since_seq"])) for a in member.addresses or () if "since_seq" in a),
        in_place_of=tuple(_former(guest) for guest in member.in_place_of or ()),
        speaks_in=member.speaks_in,
    )


def _former(guest: dict[str, Any]) -> Recipient:
    ways = _ways(guest["addresses"])
    return Recipient(guest["user_id"], False, ways, int(guest["joined_seq"]), int(guest["left_seq"]))


def _ways(addresses: Any) -> tuple[tuple[str, str, str], ...]:
    return tuple(_way(address) for address in addresses or ())


def _way(address: dict[str, Any]) -> tuple[str, str, str]:
    return (address["channel"], address["account_id"], address["address"])


def _restored(recorded: Mapping[str, Any], recipient: Recipient) -> Choice:
    document = recorded.get(recipient.user_id)
    return Choice.read(recipient.user_id, document) if document else default(recipient, is_online=False)
