"""The gateway's posts in our words."""

from collections.abc import Sequence
from typing import Any

from chat4all.channels.inbound import Contact, Echo, Happening, Inbound, Item, StatusReport, Unknown

_STATES = {"accepted": "sent", "delivered": "delivered", "rejected": "failed"}
_READ = {
    "messages": lambda entry: Inbound(
        str(entry["id"]), Contact(str(entry["from"]), str(entry["from"])), "text", entry["text"]
    ),
    "reports": lambda entry: _report(entry),
    "sent": lambda entry: Echo(str(entry["id"]), str(entry["to"])),
}


def items(document: Any) -> Sequence[Item]:
    """Every entry of every list; what is no list of entries is unknown by its name."""
    if not isinstance(document, dict):
        return ()
    return [item for name, entries in document.items() for item in _items(str(name), entries)]


def _items(name: str, entries: Any) -> list[Item]:
    if not isinstance(entries, list):
        return [Item(Unknown(name), {name: entries}, name)]
    return [_item(name, number, entry) for number, entry in enumerate(entries)]


def _item(name: str, number: int, entry: Any) -> Item:
    try:
        happening: Happening = _READ[name](entry) if name in _READ else Unknown(name)
        own = str(entry["id"])
        return Item(happening, entry, f"{name}-{own}", str(entry["from" if name == "reports" else "to"]))
    except (KeyError, TypeError, ValueError):
        return Item(Unknown("unreadable"), entry, f"{name}-{number}")


def _report(entry: Any) -> StatusReport:
    status = _STATES[entry["state"]]
    reason = f"refused: {entry.get('error', 'no reason given')}" if status == "failed" else None
    return StatusReport(str(entry["to"]), status, int(entry["at"]), str(entry["id"]), entry.get("through"), reason)
