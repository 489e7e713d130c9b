"""The one runner of every channel's table of payloads: tests/fixtures/<channel>/updates.json, [{name, payload, expected}].

`expected` has the fields of Inbound, or {"unknown": kind}.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chat4all.channels.inbound import Inbound, Unknown
from chat4all.domain.message import checked_content

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
Case = Mapping[str, Any]


def cases_of(channel: str) -> list[Case]:
    """The table of a channel."""
    return list(json.loads((FIXTURES / channel / "updates.json").read_text()))


def run_case(case: Case, parse: Callable[[Any], Inbound | Unknown]) -> None:
    """Parse the payload; what is a message must also be one that can be sent."""
    parsed = parse(case["payload"])
    if isinstance(parsed, Unknown):
        assert {"unknown": parsed.kind} == case["expected"]
        return
    assert asdict(parsed) == case["expected"]
    assert checked_content(parsed.type, parsed.content) == parsed.content
