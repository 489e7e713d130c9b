"""The one runner of every channel's table of payloads: tests/fixtures/<channel>/updates.json, [{name, payload, expected}].

`expected` is a list, as `items` gives it, of {<class of inbound.py>: {field: value, …}} without fields that have their default.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

from chat4all.channels.inbound import Inbound, Item
from chat4all.domain.message import checked_content

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
Case = Mapping[str, Any]


def cases_of(channel: str) -> list[Case]:
    """The table of a channel."""
    return list(json.loads((FIXTURES / channel / "updates.json").read_text()))


def run_case(case: Case, items: Callable[[Any], Sequence[Item]]) -> None:
    """Parse the payload; what is a message must also be one that can be sent."""
    found = items(case["payload"])
    assert [{type(item.happening).__name__: shown(item.happening)} for item in found] == case["expected"]
    for item in found:
        if isinstance(item.happening, Inbound) and item.happening.type != "file":
            said = item.happening
            assert checked_content(said.type, said.content) == said.content


def shown(value: Any) -> Any:
    """As JSON, without the fields that have their default."""
    if is_dataclass(value):
        return {
            field.name: shown(getattr(value, field.name))
            for field in fields(value)
            if field.default is MISSING or getattr(value, field.name) != field.default
        }
    return list(value) if isinstance(value, tuple) else value
