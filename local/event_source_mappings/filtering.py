"""FilterCriteria of a Kafka event source mapping ("Using event filtering with Amazon MSK"): of the record's `value` only."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from local.event_source_mappings.event_pattern import ABSENT, InvalidPattern, Predicate, compile_leaf, compile_pattern

MAXIMUM_FILTERS = 5

Filter = Callable[[bytes | None], bool]
"""Whether a record with this value reaches the function."""


def compile_filters(patterns: Sequence[str]) -> Filter | None:
    """The filter of a mapping: any of the patterns (JSON texts) lets a record in; None without patterns.

    The value and the pattern have to be of one kind, JSON or plain text; otherwise, and where the value is not UTF-8, the
    record is dropped. Raises InvalidPattern.
    """
    if not patterns:
        return None
    if len(patterns) > MAXIMUM_FILTERS:
        raise InvalidPattern(f"{len(patterns)} filters: at most {MAXIMUM_FILTERS} are allowed")
    filters = [_filter(pattern, f"filter {number}") for number, pattern in enumerate(patterns, start=1)]
    return lambda value: _matches(filters, value)


def _matches(filters: Sequence[tuple[bool, Predicate]], value: bytes | None) -> bool:
    if value is None:
        return any(predicate(ABSENT) for _, predicate in filters)
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return False
    is_json, content = _content(text)
    return any(predicate(content) for wants_json, predicate in filters if wants_json is is_json)


def _content(text: str) -> tuple[bool, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False, text
    return (True, document) if isinstance(document, dict | list) else (False, text)


def _filter(pattern: str, where: str) -> tuple[bool, Predicate]:
    """Whether the filter is of JSON values, and its predicate of the value."""
    try:
        document = json.loads(pattern)
    except ValueError as error:
        raise InvalidPattern(f"{where} is not JSON: {error}") from error
    if not isinstance(document, dict) or set(document) != {"value"}:
        raise InvalidPattern(
            f'{where}: of a Kafka record only `value` can be filtered, so expected {{"value": …}}: {pattern}'
        )
    value = document["value"]
    if isinstance(value, list):
        return False, compile_leaf(value, f"{where}: $.value")
    predicate = compile_pattern(value, f"{where}: $.value")
    return True, lambda content: any(map(predicate, content)) if isinstance(content, list) else predicate(content)
