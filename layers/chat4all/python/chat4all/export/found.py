"""What the sections of an export are made of."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

START = "-"
"""Before every key: ids are of digits and letters."""


@dataclass(frozen=True, slots=True)
class Found:
    """One item, or how far was read where nothing was the user's."""

    kind: str
    data: dict[str, Any] | None
    key: str
    """Its place in the section: ASCII, at most 100 characters."""
    seq: int = 0
    """Its place behind the same key."""


Section = Callable[[str, str, int], Iterator[Found]]
"""What of a user (id) stands behind a key and a number, in order."""


def listed(kind: str, read: Callable[[str], Iterable[tuple[str, dict[str, Any]]]]) -> Section:
    """A section that is read whole, because nobody has many of them: `read` gives keys with what stands there."""

    def section(user_id: str, after: str, _seq: int) -> Iterator[Found]:
        for key, data in sorted(read(user_id), key=itemgetter(0)):
            if key > after:
                yield Found(kind, data, key)

    return section
