"""`--setting lambda.init_timeout_s=2`: values over the defaults of the settings of a part of the stack."""

from collections.abc import Mapping
from dataclasses import fields, replace
from math import inf
from typing import Any, TypeVar

from local.start_error import StartError

T = TypeVar("T")


def with_values(part: str, defaults: T, given: Mapping[str, str]) -> T:
    """`defaults`, a frozen dataclass, with those of `given` whose name is `part.field`, read as the default's type.

    Numbers are 0 or more, several of them are separated by commas. Raises StartError, which names what there is.
    """
    prefix = f"{part}."
    names = {field.name for field in fields(defaults)}  # type: ignore[arg-type]
    changes: dict[str, Any] = {}
    for name, text in given.items():
        if not name.startswith(prefix):
            continue
        field = name.removeprefix(prefix)
        if field not in names:
            raise StartError(f"There is no setting {name}; of {part} there are: {', '.join(sorted(names))}.")
        changes[field] = _read(name, text, getattr(defaults, field))
    return replace(defaults, **changes)  # type: ignore[type-var]


def check_parts(given: Mapping[str, str], parts: set[str]) -> None:
    """Raise StartError for a setting of a part that has none."""
    for name in given:
        if name.partition(".")[0] not in parts:
            raise StartError(f"There is no setting {name}: it begins with {' or '.join(sorted(parts))} and a dot.")


def _read(name: str, text: str, default: object) -> Any:
    try:
        if isinstance(default, tuple):
            return tuple(_number(part) for part in text.split(",") if part)
        number = int(text) if isinstance(default, int) else _number(text)
        if number < 0:
            raise ValueError
        return number
    except ValueError:
        kind = "numbers separated by commas" if isinstance(default, tuple) else "a number"
        raise StartError(f"The setting {name} is {kind}, not {text!r}.") from None


def _number(text: str) -> float:
    number = float(text)
    if not 0 <= number < inf:
        raise ValueError
    return number
