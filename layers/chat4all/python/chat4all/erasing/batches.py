"""Deleting what a query finds, some at a time, as long as there is time."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

from chat4all.stores.table import Table

AT_ONCE = 25
"""What one BatchWriteItem takes (API reference)."""

Item = TypeVar("Item", bound=Table)
HasTime = Callable[[], bool]
"""Whether there is time for another step."""


class TimeOver(Exception):
    """There is more to do: the next pass goes on."""


def in_batches(found: Iterable[Item], delete: Callable[[Sequence[Item]], None], has_time: HasTime) -> None:
    """Have `delete` remove all that is found. Raises TimeOver, where that would take longer than `has_time` says."""
    rest = iter(found)
    while some := list(islice(rest, AT_ONCE)):
        if not has_time():
            raise TimeOver
        delete(some)


def delete_all(items: Iterable[Table], kind: type[Table]) -> None:
    """Delete items of one table by their keys; of some that are not there nothing comes."""
    with kind.batch_write() as batch:
        for item in items:
            batch.delete(item)
