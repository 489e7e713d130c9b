import json
from typing import Any

import pytest

from local.event_source_mappings.event_pattern import InvalidPattern
from local.event_source_mappings.filtering import compile_filters


def lets_in(rule: Any, value: Any) -> bool:
    """Whether `{"value": rule}` lets the value in, given as an object or as bytes."""
    allows = compile_filters([json.dumps({"value": rule})])
    assert allows is not None
    return allows(value if isinstance(value, bytes) or value is None else json.dumps(value).encode())


@pytest.mark.parametrize(
    ("rule", "matching", "other"),
    [
        ({"a": ["x"]}, {"a": "x", "b": 1}, {"a": "X"}),
        ({"a": ["x", "y"]}, {"a": "y"}, {"a": "z"}),
        ({"a": [1]}, {"a": 1}, {"a": True}),
        ({"a": [True]}, {"a": True}, {"a": 1}),
        ({"a": [None]}, {"a": None}, {}),
        ({"a": [""]}, {"a": ""}, {"a": None}),
        ({"a": ["x"], "b": ["y"]}, {"a": "x", "b": "y"}, {"a": "x"}),
        ({"a": {"b": {"c": ["x"]}}}, {"a": {"b": {"c": "x"}}}, {"a": {"b": "x"}}),
        ({"a": ["x"]}, {"a": ["w", "x"]}, {"a": ["w"]}),
        ({"a": {"b": ["x"]}}, {"a": [{"b": "w"}, {"b": "x"}]}, {"a": [{"b": "w"}]}),
        ({"a": [{"prefix": "ab"}]}, {"a": "abc"}, {"a": "cab"}),
        ({"a": [{"prefix": {"equals-ignore-case": "AB"}}]}, {"a": "abc"}, {"a": "cab"}),
        ({"a": [{"suffix": ".png"}]}, {"a": "x.png"}, {"a": "x.PNG"}),
        ({"a": [{"suffix": {"equals-ignore-case": ".png"}}]}, {"a": "x.PNG"}, {"a": "x.jpg"}),
        ({"a": [{"equals-ignore-case": "alice"}]}, {"a": "ALICE"}, {"a": "alic"}),
        ({"a": [{"anything-but": "x"}]}, {"a": "y"}, {"a": "x"}),
        ({"a": [{"anything-but": "x"}]}, {"a": None}, {}),
        ({"a": [{"anything-but": ["x", 5]}]}, {"a": 6}, {"a": 5}),
        ({"a": [{"anything-but": {"prefix": "x"}}]}, {"a": "yx"}, {"a": "xy"}),
        ({"a": [{"anything-but": {"suffix": ["x", "z"]}}]}, {"a": "xy"}, {"a": "yz"}),
        ({"a": [{"anything-but": {"wildcard": "*/lib/*"}}]}, {"a": "/bin/x"}, {"a": "/lib/x"}),
        ({"a": [{"anything-but": {"equals-ignore-case": ["x"]}}]}, {"a": "y"}, {"a": "X"}),
        ({"a": [{"numeric": ["=", 5]}]}, {"a": 5}, {"a": "5"}),
        ({"a": [{"numeric": [">", 0, "<=", 5]}]}, {"a": 5}, {"a": 5.1}),
        ({"a": [{"exists": True}]}, {"a": None}, {"b": 1}),
        ({"a": [{"exists": False}]}, {"b": 1}, {"a": 0}),
        ({"a": {"b": [{"exists": False}]}}, {}, {"a": {"b": 1}}),
        ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "10.0.0.255"}, {"a": "10.0.1.0"}),
        ({"a": [{"cidr": "2001:db8::/32"}]}, {"a": "2001:db8::1"}, {"a": "no address"}),
        ({"a": [{"wildcard": "/x/*/z*"}]}, {"a": "/x/y/z.txt"}, {"a": "/x/y"}),
        ({"a": [{"wildcard": r"a\*b\\"}]}, {"a": "a*b\\"}, {"a": "axb\\"}),
        ({"$or": [{"a": ["x"]}, {"b": [{"numeric": [">", 1]}]}]}, {"b": 2}, {"a": "y", "b": 1}),
        ({"c": ["z"], "$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"c": "z", "b": "y"}, {"b": "y"}),
    ],
)
def test_operators(rule: Any, matching: Any, other: Any) -> None:
    assert lets_in(rule, matching)
    assert not lets_in(rule, other)


def test_a_json_pattern_drops_what_is_not_json() -> None:
    rule = {"a": [{"exists": False}]}

    assert lets_in(rule, {})
    assert not lets_in(rule, b"plain")
    assert not lets_in(rule, b"\xff\xfe")


def test_a_text_pattern_is_for_plain_text() -> None:
    assert lets_in([{"prefix": "ERROR"}], b"ERROR 7")
    assert not lets_in([{"prefix": "ERROR"}], b"INFO")
    assert not lets_in([{"anything-but": "x"}], {"a": 1})


def test_a_tombstone_passes_only_what_asks_for_no_value() -> None:
    assert lets_in([{"exists": False}], None)
    assert not lets_in({"a": ["x"]}, None)


def test_any_of_the_patterns_lets_a_record_in() -> None:
    allows = compile_filters(['{"value": {"a": ["x"]}}', '{"value": {"b": ["y"]}}'])

    assert allows is not None
    assert allows(b'{"b": "y"}')
    assert not allows(b'{"c": "z"}')
    assert compile_filters([]) is None


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("nonsense", "filter 1 is not JSON"),
        ("[]", "only `value` can be filtered"),
        ('{"key": ["x"]}', "only `value` can be filtered"),
        ('{"value": {"a": "x"}}', r"\$\.value\.a: expected an object, found str"),
        ('{"value": {"a": []}}', "empty list"),
        ('{"value": {}}', "empty object"),
        ('{"value": {"a": [["x"]]}}', "list inside a list"),
        ('{"value": {"a": [{"like": "x"}]}}', "unknown operator 'like'"),
        ('{"value": {"a": [{"prefix": "x", "suffix": "y"}]}}', "one operator"),
        ('{"value": {"a": [{"prefix": 1}]}}', "expected text, found int"),
        ('{"value": {"a": [{"numeric": [">"]}]}}', "expected \\[operator, number\\]"),
        ('{"value": {"a": [{"numeric": ["~", 1]}]}}', "expected one of"),
        ('{"value": {"a": [{"exists": 1}]}}', "true or false"),
        ('{"value": {"a": [{"cidr": "10.0.0.0/99"}]}}', "cidr"),
        ('{"value": {"a": [{"wildcard": "a**b"}]}}', "consecutive wildcards"),
        ('{"value": {"a": [{"wildcard": "a\\\\b"}]}}', "backslash"),
        ('{"value": {"$or": [{"a": ["x"]}]}}', "two or more"),
        ('{"value": {"a": [{"anything-but": {"cidr": "x"}}]}}', "takes prefix"),
    ],
)
def test_a_pattern_that_aws_refuses_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(InvalidPattern, match=message):
        compile_filters([pattern])


def test_at_most_five_filters() -> None:
    with pytest.raises(InvalidPattern, match="at most 5"):
        compile_filters(['{"value": {"a": ["x"]}}'] * 6)


def test_a_value_that_is_nested_too_deeply_is_no_json() -> None:
    assert not lets_in({"a": ["x"]}, b'{"a":' * 100_000)
