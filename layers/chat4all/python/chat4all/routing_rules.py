"""A user's routing rules: an ordered list, changed whole or not at all."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pynamodb.expressions.update import Action

from chat4all.clock import now_ms, rfc3339
from chat4all.domain.roles import Role, may_manage
from chat4all.domain.routing_rules import MIRRORS_MAX, RULE_MAX_BYTES, RULES_MAX, NewRule, RuleAction, RuleChanges
from chat4all.errors import Conflict, Invalid, NotFound, Unavailable
from chat4all.ids import is_id, new_id
from chat4all.memberships import member_of
from chat4all.pages import decode_cursor, encode_cursor, page
from chat4all.stores.routing_rules import RuleList, rule_list
from chat4all.stores.table import update_if

_ATTEMPTS = 10

Documents = list[dict[str, Any]]


class RoutingRules:
    """Rules as their user sees them; to others they do not exist."""

    def create(self, owner_id: str, body: NewRule) -> dict[str, Any]:
        """Put a rule in at its position, or at the end.

        Raises:
            Invalid: a position behind the end; a conversation to mirror to that the user does not manage; too large.
            Conflict: `too_many_rules`, `too_many_mirrors`. Unavailable: others are changing the list.
        """
        now = now_ms()
        document = _document(new_id(), body.name, body.enabled, body.conditions, body.action, now)
        _check(owner_id, document, body.action)

        def put_in(rules: Documents) -> int:
            if len(rules) >= RULES_MAX:
                raise Conflict(f"There are {RULES_MAX} rules already", code="too_many_rules")
            at = _index(body.position, len(rules) + 1)
            rules.insert(at, document)
            return at

        return _changed(owner_id, put_in)

    def list(self, owner_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page, in order."""
        scope = f"routing-rules:{owner_id}"
        start = decode_cursor(cursor, (int,), scope)[0] if cursor is not None else 0
        rules = rule_list(owner_id).rules or []
        items = [_view(rules, at) for at in range(start, min(start + limit, len(rules)))]
        return page(items, encode_cursor([start + limit], scope) if start + limit < len(rules) else None)

    def get(self, owner_id: str, rule_id: str) -> dict[str, Any]:
        """One rule; raises NotFound."""
        rules = rule_list(owner_id).rules or []
        return _view(rules, _place(rules, rule_id))

    def update(self, owner_id: str, rule_id: str, changes: RuleChanges) -> dict[str, Any]:
        """Change what is named, and move it where `position` is.

        Raises:
            NotFound; as `create`.
        """
        given = changes.model_dump(mode="json", exclude_none=True)
        position: int | None = given.pop("position", None)

        def change(rules: Documents) -> int:
            at = _place(rules, rule_id)
            document = rules.pop(at) | given | {"updated_at": now_ms()}
            if "name" in changes.model_fields_set and changes.name is None:
                document.pop("name", None)
            _check(owner_id, document, changes.action)
            to = at if position is None else _index(position, len(rules) + 1)
            rules.insert(to, document)
            return to

        return _changed(owner_id, change)

    def delete(self, owner_id: str, rule_id: str) -> None:
        """Take it away; those behind it move up. Raises NotFound, Unavailable."""

        def remove(rules: Documents) -> int:
            rules.pop(_place(rules, rule_id))
            return -1

        _changed(owner_id, remove)


def all_rules(owner_id: str) -> Documents:
    """Every rule of a user, in order, as the user sees it."""
    rules = rule_list(owner_id).rules or []
    return [_view(rules, at) for at in range(len(rules))]


def check_manages(user_id: str, conversation_id: str, at: str) -> None:
    """Whether messages may be mirrored there; raises Invalid with the pointer `at`."""
    try:
        is_allowed = is_id(conversation_id) and may_manage(Role(member_of(conversation_id, user_id).role))
    except NotFound:
        is_allowed = False
    if not is_allowed:
        raise Invalid.at(at, "must be the id of a conversation of which you are owner or admin")


def _changed(owner_id: str, change: Callable[[Documents], int]) -> dict[str, Any]:
    """Have `change` done to the list as it stands, which answers where the rule is now; what is there then."""
    for _ in range(_ATTEMPTS):
        kept = rule_list(owner_id)
        rules: Documents = list(kept.rules or [])
        at = change(rules)
        _check_mirrors(rules)
        if _written(kept, rules):
            return _view(rules, at) if at >= 0 else {}
    raise Unavailable("Others are changing these rules; nothing was done. Try again.")


def _written(kept: RuleList, rules: Documents) -> bool:
    version = kept.version
    is_same = RuleList.version.does_not_exist() if version is None else RuleList.version == version
    actions: list[Action] = [RuleList.rules.set(rules), RuleList.version.set(int(version or 0) + 1)]
    return update_if(RuleList(kept.owner_id), actions, is_same, "The rules could not be stored. Look, and try again.")


def _document(rule_id: str, name: str | None, enabled: bool, conditions: Any, action: Any, now: int) -> dict[str, Any]:
    return {
        "id": rule_id,
        **({"name": name} if name is not None else {}),
        "enabled": enabled,
        "conditions": conditions.model_dump(mode="json", exclude_none=True),
        "action": action.model_dump(mode="json", exclude_none=True),
        "created_at": now,
        "updated_at": now,
    }


def _check(owner_id: str, document: Mapping[str, Any], action: RuleAction | None) -> None:
    size = len(json.dumps(document, ensure_ascii=False).encode())
    if size > RULE_MAX_BYTES:
        raise Invalid.at("/conditions", f"the rule has {size} bytes of JSON; at most {RULE_MAX_BYTES}")
    if action is not None and action.mirror_to is not None:
        check_manages(owner_id, action.mirror_to, "/action/mirror_to")


def _check_mirrors(rules: Documents) -> None:
    if sum("mirror_to" in rule["action"] for rule in rules) > MIRRORS_MAX:
        raise Conflict(f"At most {MIRRORS_MAX} rules mirror", code="too_many_mirrors")


def _index(position: int | None, end: int) -> int:
    """Of a position in a list whose last one may be `end`."""
    if position is not None and position > end:
        raise Invalid.at("/position", f"the last position is {end}")
    return (position or end) - 1


def _place(rules: Documents, rule_id: str) -> int:
    for at, rule in enumerate(rules):
        if rule["id"] == rule_id:
            return at
    raise NotFound("No such routing rule")


def _view(rules: Documents, at: int) -> dict[str, Any]:
    rule = rules[at]
    times = {name: rfc3339(int(rule[name])) for name in ("created_at", "updated_at")}
    return (
        {"id": rule["id"], "name": rule.get("name"), "position": at + 1}
        | {name: rule[name] for name in ("enabled", "conditions", "action")}
        | times
    )
