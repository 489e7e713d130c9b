"""EventBridge event patterns ("Comparison operators for use in event patterns"), compiled to predicates.

A pattern is an object like the event; its leaves are lists of alternatives. Fields are joined by and; an array of the event
matches where one of its elements does.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from ipaddress import ip_address, ip_network
from itertools import pairwise
from typing import Any, Final

ABSENT: Final = object()
"""Stands for a field that the event does not have."""

Predicate = Callable[[Any], bool]
"""Of one value of the event, or ABSENT."""


class InvalidPattern(ValueError):
    """The pattern is not one that EventBridge takes; says where."""


def compile_pattern(pattern: Any, where: str = "$") -> Predicate:
    """The predicate of a pattern object. Raises InvalidPattern."""
    if not isinstance(pattern, Mapping):
        raise InvalidPattern(f"{where}: expected an object, found {_kind(pattern)}")
    if not pattern:
        raise InvalidPattern(f"{where}: an empty object matches nothing")
    parts = [_field(name, part, f"{where}.{name}") for name, part in pattern.items()]
    return lambda value: all(part(value) for part in parts)


def _field(name: str, part: Any, where: str) -> Predicate:
    if name == "$or":
        if not isinstance(part, list) or len(part) < 2:
            raise InvalidPattern(f"{where}: needs a list of two or more patterns")
        alternatives = [compile_pattern(item, f"{where}[{index}]") for index, item in enumerate(part)]
        return lambda value: any(alternative(value) for alternative in alternatives)
    matches = compile_leaf(part, where) if isinstance(part, list) else _nested(compile_pattern(part, where))
    return lambda value: matches(value.get(name, ABSENT) if isinstance(value, dict) else ABSENT)


def _nested(predicate: Predicate) -> Predicate:
    def matches(value: Any) -> bool:
        if isinstance(value, list):
            return any(predicate(element) for element in value)
        return predicate(value)

    return matches


def compile_leaf(alternatives: list[Any], where: str) -> Predicate:
    """The predicate of a leaf: a list of exact values and of `{operator: operand}`. Raises InvalidPattern."""
    if not alternatives:
        raise InvalidPattern(f"{where}: an empty list matches nothing")
    rules = [_rule(rule, f"{where}[{index}]") for index, rule in enumerate(alternatives)]

    def matches(value: Any) -> bool:
        if isinstance(value, list):
            return any(rule(element) for rule in rules for element in value or (ABSENT,))
        return any(rule(value) for rule in rules)

    return matches


def _rule(rule: Any, where: str) -> Predicate:
    if isinstance(rule, list):
        raise InvalidPattern(f"{where}: a list inside a list")
    if not isinstance(rule, dict):
        return partial(same, rule)
    if len(rule) != 1:
        raise InvalidPattern(f"{where}: one operator is expected, found {sorted(rule)}")
    operator, operand = next(iter(rule.items()))
    build = _OPERATORS.get(operator)
    if build is None:
        raise InvalidPattern(f"{where}: unknown operator {operator!r}; known are {', '.join(sorted(_OPERATORS))}")
    return build(operand, f"{where}.{operator}")


def same(expected: Any, value: Any) -> bool:
    """Exact match. 300 and 300.0 differ and true is not 1, as EventBridge compares the way a value is written."""
    return type(value) is type(expected) and bool(value == expected)


def _prefix(operand: Any, where: str) -> Predicate:
    text, fold = _affix(operand, where)
    return lambda value: isinstance(value, str) and fold(value).startswith(text)


def _suffix(operand: Any, where: str) -> Predicate:
    text, fold = _affix(operand, where)
    return lambda value: isinstance(value, str) and fold(value).endswith(text)


def _affix(operand: Any, where: str) -> tuple[str, Callable[[str], str]]:
    if isinstance(operand, dict) and set(operand) == {"equals-ignore-case"}:
        return _text(operand["equals-ignore-case"], where).casefold(), str.casefold
    return _text(operand, where), str


def _equals_ignore_case(operand: Any, where: str) -> Predicate:
    text = _text(operand, where).casefold()
    return lambda value: isinstance(value, str) and value.casefold() == text


def _wildcard(operand: Any, where: str) -> Predicate:
    pattern = re.compile(_wildcard_regex(_text(operand, where), where), re.DOTALL)
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _wildcard_regex(text: str, where: str) -> str:
    """`*` is any run of characters, `\\*` and `\\\\` stand for themselves."""
    pieces = re.findall(r"\\.|\\|\*|[^\\*]+", text, re.DOTALL)
    if any(piece.startswith("\\") and piece not in ("\\*", "\\\\") for piece in pieces):
        raise InvalidPattern(f"{where}: a backslash stands only before * or another backslash")
    if any(first == second == "*" for first, second in pairwise(pieces)):
        raise InvalidPattern(f"{where}: consecutive wildcards")
    return "".join(".*" if piece == "*" else re.escape(piece[-1] if piece[0] == "\\" else piece) for piece in pieces)


def _exists(operand: Any, where: str) -> Predicate:
    if not isinstance(operand, bool):
        raise InvalidPattern(f"{where}: expected true or false")
    return lambda value: (value is not ABSENT and not isinstance(value, dict)) is operand


def _cidr(operand: Any, where: str) -> Predicate:
    try:
        network = ip_network(_text(operand, where), strict=False)
    except ValueError as error:
        raise InvalidPattern(f"{where}: {error}") from error

    def matches(value: Any) -> bool:
        try:
            return isinstance(value, str) and ip_address(value) in network
        except ValueError:
            return False

    return matches


_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "=": lambda value, operand: value == operand,
    "<": lambda value, operand: value < operand,
    "<=": lambda value, operand: value <= operand,
    ">": lambda value, operand: value > operand,
    ">=": lambda value, operand: value >= operand,
}


def _numeric(operand: Any, where: str) -> Predicate:
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        raise InvalidPattern(f"{where}: expected [operator, number] or [operator, number, operator, number]")
    tests: list[tuple[Callable[[float, float], bool], float]] = []
    for symbol, number in zip(operand[::2], operand[1::2], strict=True):
        if symbol not in _COMPARISONS or not _is_number(number):
            raise InvalidPattern(
                f"{where}: expected one of {' '.join(_COMPARISONS)} and a number, found {symbol} {number}"
            )
        tests.append((_COMPARISONS[symbol], number))
    return lambda value: _is_number(value) and all(test(value, number) for test, number in tests)


def _anything_but(operand: Any, where: str) -> Predicate:
    if isinstance(operand, dict):
        if len(operand) != 1 or next(iter(operand)) not in ("prefix", "suffix", "equals-ignore-case", "wildcard"):
            raise InvalidPattern(
                f"{where}: takes prefix, suffix, equals-ignore-case or wildcard, found {sorted(operand)}"
            )
        operator, values = next(iter(operand.items()))
        excluded = [_OPERATORS[operator](item, where) for item in (values if isinstance(values, list) else [values])]
    else:
        values = operand if isinstance(operand, list) else [operand]
        if not values or not all(isinstance(item, str) or _is_number(item) for item in values):
            raise InvalidPattern(f"{where}: expected texts or numbers")
        excluded = [partial(same, item) for item in values]
    return lambda value: value is not ABSENT and not isinstance(value, dict) and not any(no(value) for no in excluded)


def _text(operand: Any, where: str) -> str:
    if not isinstance(operand, str):
        raise InvalidPattern(f"{where}: expected text, found {_kind(operand)}")
    return operand


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__


_OPERATORS: Final[Mapping[str, Callable[[Any, str], Predicate]]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _equals_ignore_case,
    "wildcard": _wildcard,
    "exists": _exists,
    "cidr": _cidr,
    "numeric": _numeric,
    "anything-but": _anything_but,
}
