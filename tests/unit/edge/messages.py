"""Messages of the contract, by name."""

from typing import Any

from edge.contract import HttpRule, Method, message_class, methods


def new(name: str, **fields: Any) -> Any:
    """A message with these fields; dictionaries fill Structs and maps."""
    message: Any = message_class(name)()
    for field, value in fields.items():
        if isinstance(value, dict):
            getattr(message, field).update(value)
        elif isinstance(value, list):
            getattr(message, field).extend(value)
        else:
            setattr(message, field, value)
    return message


def method(name: str) -> Method:
    """The method of this name, in whatever service."""
    return next(one for one in methods() if one.name == name)


def rule(name: str) -> HttpRule:
    """How it goes over HTTP."""
    found = method(name).rule
    assert found is not None, name
    return found
