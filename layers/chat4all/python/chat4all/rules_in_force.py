"""The rules that hold for a conversation: those of its first owner, known in this environment for a few seconds."""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from chat4all.domain.routing_rules import Conditions, Rule, RuleAction
from chat4all.logs import logger
from chat4all.stores.members import Member
from chat4all.stores.routing_rules import RuleList, rule_list

_KEPT_S = 8.0
_KNOWN = 10_000


class RulesInForce:
    """Of one environment. A change is known everywhere within 10 seconds; until then a look costs nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rules: dict[str, tuple[float, tuple[Rule, ...]]] = {}

    def of(self, owner_id: str | None) -> tuple[Rule, ...]:
        """Rules of a user, in order. A read unit where they are not known (for up to 4 KB of rules)."""
        if owner_id is None:
            return ()
        known = self._rules.pop(owner_id, None)
        if known is None or self._clock() - known[0] > _KEPT_S:
            began = self._clock()  # before the reading: what changes during it is known in time
            known = began, rules_of(rule_list(owner_id))
        self._rules[owner_id] = known
        if len(self._rules) > _KNOWN:
            self._rules.pop(next(iter(self._rules)))
        return known[1]


def first_owner(members: Iterable[Member]) -> str | None:
    """Whose rules hold: the owner who has been in the conversation for longest."""
    owners = [(int(m.joined_at), str(m.user_id)) for m in members if m.role == "owner"]
    return min(owners)[1] if owners else None


def rules_of(kept: RuleList) -> tuple[Rule, ...]:
    """In order. One that cannot be read any more is left out and logged: it must not stop messages."""
    found: list[Rule] = []
    for document in kept.rules or ():
        try:
            found.append(_rule(document))
        except ValidationError as error:
            logger.error(
                "routing rule cannot be read", owner_id=kept.owner_id, rule_id=document["id"], cause=str(error)
            )
    return tuple(found)


def seed_of(owner_id: str) -> str:
    """The secret of a user's mirrored messages; made at the first need."""
    kept = rule_list(owner_id)
    if kept.seed is None:
        kept.update([RuleList.seed.set(RuleList.seed | secrets.token_urlsafe(16))])
    return str(kept.seed)


def _rule(document: Mapping[str, Any]) -> Rule:
    return Rule(
        document["id"],
        Conditions.model_validate(document["conditions"]),
        RuleAction.model_validate(document["action"]),
        document.get("name"),
        bool(document["enabled"]),
    )
