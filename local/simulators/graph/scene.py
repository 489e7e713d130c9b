"""Who talks to whom, for those who put it into words; and an event of a webhook."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from local.simulators.sqlite_file import Row


class Event(NamedTuple):
    """`field` is what a webhook subscribes to; `document` a change's value (WhatsApp) or an item of messaging[] (the others)."""

    field: str
    document: Row


@dataclass(frozen=True, slots=True)
class Scene:
    """An account and a person; `link` makes a URL of media for webhooks, `message` finds a message by its id."""

    account: Row
    person: Row
    link: Callable[[Row], str]
    message: Callable[[str], Row | None]
