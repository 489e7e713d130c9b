"""Who administers the deployment: one item, so that the last one is known to be the last."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table

ALL = "all"


class AdministratorList(Table):
    """All administrators; the table has this one item."""

    noun: ClassVar[str] = "administrators"

    class Meta(Connection):
        pass

    part = UnicodeAttribute(hash_key=True)
    """`all`."""
    entries: Any = JSONAttribute(default=dict)
    """{user id: {granted_by, granted_at}}: a user id or `operator:<ARN>`, and milliseconds since 1970."""
    version: Any = NumberAttribute(null=True)
    """Grows with each change; a change is written only on the version that it was made from."""


def administrator_list() -> AdministratorList:
    """As it stands; an empty one where nobody was ever made one. A read unit (strongly consistent, up to 4 KB)."""
    try:
        return AdministratorList.get(ALL, consistent_read=True)
    except AdministratorList.DoesNotExist:
        return AdministratorList(ALL, entries={})
