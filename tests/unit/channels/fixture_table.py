"""Every case of every fixture of tests/fixtures/providers through its channel's parse: the table docs/fixtures.md."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from chat4all.channels.channel import Channel
from chat4all.channels.inbound import (
    AddressChanged,
    Contact,
    Echo,
    Happening,
    Inbound,
    InboundEdit,
    InboundReactions,
    InboundUnsend,
    Item,
    StatusReport,
    Unknown,
)

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "tests" / "fixtures" / "providers"
TABLE = ROOT / "docs" / "fixtures.md"
_HEAD = """\
# What providers' payloads become

Every case of every fixture in `tests/fixtures/providers` (their README says whence they come), read by its channel's `parse`,
and where it lands if it is the first that we hear: a change of a message that we do not have is kept until that comes.

`scripts/write-fixtures` writes this page, and a test fails where it is not up to date. Another posts each case to the webhook's
function, signed, on the real engines, and looks for it where the last column says (tests/contract/test_provider_fixtures.py).
"""
_SHOWN_MAX = 110


@dataclass(frozen=True)
class Case:
    """One payload; `name` is its path of keys in the file."""

    channel: str
    file: str
    name: str
    payload: Mapping[str, Any]


def cases() -> list[Case]:
    """All of them, in the order of the files."""
    whatsapp = [("whatsapp", path) for path in sorted((FIXTURES / "whatsapp").glob("*.json"))]
    mixed = [(path.stem, path) for path in sorted((FIXTURES / "mixed").glob("*.json"))]
    return [
        Case(channel, str(path.relative_to(FIXTURES)), name, payload)
        for channel, path in [*whatsapp, *mixed]
        for name, payload in _payloads(json.loads(path.read_text()))
    ]


def items_of(case: Case) -> list[Item]:
    """What the channel's parse makes of it."""
    return list(Channel(case.channel).parse.items(case.payload))


def table() -> str:
    """The whole page."""
    lines = [_HEAD]
    for channel in ("telegram", "whatsapp", "messenger", "instagram"):
        lines += [f"## {channel.title()}\n", "| fixture | case | becomes | lands |", "|---|---|---|---|"]
        for case in (case for case in cases() if case.channel == channel):
            told = "<br>".join(_told(item) for item in items_of(case)) or "nothing"
            lands = "<br>".join(_lands(item.happening) for item in items_of(case))
            lines.append(f"| {case.file} | {case.name} | {told} | {lands} |")
        lines.append("")
    return "\n".join(lines)


def kind_kept(happening: Happening) -> str | None:
    """As what it is kept in S3 and counted, by who has heard of nothing before; None: it is not."""
    if getattr(happening, "chat", None) is not None:
        return f"group_{type(happening).__name__.lower()}"
    match happening:
        case Unknown(kind):
            return kind
        case Echo():
            return "echo"
        case InboundEdit() | InboundUnsend() | InboundReactions():
            return f"early_{type(happening).__name__.lower()}"
    return None


def _lands(happening: Happening) -> str:
    kind = kind_kept(happening)
    match happening:
        case Inbound(chat=None):
            return "message"
        case InboundEdit(chat=None) | InboundUnsend(chat=None) | InboundReactions(chat=None):
            return f"change that waits, and kept: `{kind}`"
        case StatusReport(external_id=str()):
            return "status that waits"
        case StatusReport():
            return "watermark"
        case AddressChanged():
            return "address"
    return f"kept: `{kind}`"


def _payloads(document: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A payload is known by its `object` (Meta) or `update_id` (Telegram)."""
    for name, value in document.items():
        if not isinstance(value, Mapping):
            continue
        if "object" in value or "update_id" in value:
            yield path + name, value
        yield from _payloads(value, f"{path}{name}/")


def _told(item: Item) -> str:
    """One line: the happening and its fields that say something."""
    happening = item.happening
    shown = [
        f"{field.name} {_value(getattr(happening, field.name))}"
        for field in fields(happening)
        if getattr(happening, field.name) not in (None, (), "", field.default)
    ]
    return f"**{type(happening).__name__}** {'; '.join(shown)}".replace("|", "\\|").replace("<", "&lt;")


def _value(value: Any) -> str:
    if isinstance(value, Contact):
        return f"{value.name} ({', '.join((value.address, *value.aliases))})"
    if hasattr(value, "__dataclass_fields__"):
        held = {field.name: getattr(value, field.name) for field in fields(value)}
        value = {name: part for name, part in held.items() if part is not None}
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=dict)
    text = text.replace("\n", " ⏎ ")
    return f"`{text if len(text) <= _SHOWN_MAX else text[: _SHOWN_MAX - 1] + '…'}`"
