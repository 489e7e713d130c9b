"""Routing rules of users, and what they have chosen."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class RuleList(Table):
    """All rules of one user, in their order: one item, so that inserting and moving are one write."""

    noun: ClassVar[str] = "routing-rules"

    class Meta(Connection):
        pass

    owner_id = UnicodeAttribute(hash_key=True)
    rules: Any = JSONAttribute(null=True)
    """[{id, name?, enabled, conditions, action, created_at, updated_at}]"""
    version: Any = NumberAttribute(null=True)
    """Grows with each change; a change is written only on the version that it was made from."""
    seed = UnicodeAttribute(null=True)
    """Known to nobody: ids of mirrored messages are derived from it, so that none can be claimed first by another."""


class RoutingChoice(Table):
    """How one message was routed, where that could come out otherwise another time: rules and presence change."""

    noun: ClassVar[str] = "routing-choices"

    class Meta(Connection):
        pass

    conversation_id = UnicodeAttribute(hash_key=True)
    seq = NumberAttribute(range_key=True)
    recipients: Any = JSONAttribute()
    """{user id: domain.rule_choice.Choice.document()}"""


def rule_list(owner_id: str) -> RuleList:
    """The list of a user; an empty one where nothing was ever kept. A read unit for each 4 KB."""
    try:
        return RuleList.get(owner_id, consistent_read=True)
    except RuleList.DoesNotExist:
        return RuleList(owner_id)
