"""What differs between a table and the one that was brought back. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]
_SETS = {"SS", "NS", "BS"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Counts, of one table."""

    restored: int
    """Items of the table that was brought back."""
    same: int
    missing: tuple[str, ...]
    """Keys that the restored table has and the used one has not: deleted since, by whomever."""
    changed: int
    """Items of both that differ: written since."""
    newer: int
    """Items of the used table alone: written since."""

    @property
    def is_same(self) -> bool:
        return not self.missing and not self.changed and not self.newer


def compare(used: Iterable[Item], restored: Iterable[Item], keys: Sequence[str]) -> Comparison:
    """Compare two tables of the same primary key. Holds a digest for each item of the restored one."""
    kept = {key_of(item, keys): _digest(item) for item in restored}
    count, same, changed, newer = len(kept), 0, 0, 0
    for item in used:
        digest = kept.pop(key_of(item, keys), None)
        if digest is None:
            newer += 1
        elif digest == _digest(item):
            same += 1
        else:
            changed += 1
    return Comparison(count, same, tuple(sorted(kept)), changed, newer)


def key_of(item: Item, keys: Sequence[str]) -> str:
    """The primary key as text."""
    return json.dumps([item[key] for key in keys], sort_keys=True, default=repr)


def _digest(item: Item) -> bytes:
    return hashlib.sha256(json.dumps(_ordered(item), sort_keys=True, default=repr).encode()).digest()


def _ordered(value: Any) -> Any:
    """With the members of sets in order, which DynamoDB gives in any."""
    if isinstance(value, Mapping):
        return {
            name: sorted(each) if name in _SETS and isinstance(each, list) else _ordered(each)
            for name, each in value.items()
        }
    return [_ordered(each) for each in value] if isinstance(value, list) else value
