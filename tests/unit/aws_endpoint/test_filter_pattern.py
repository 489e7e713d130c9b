import json

import pytest

from local.aws_endpoint.filter_pattern import InvalidPattern, compile_pattern

_EVENT = json.dumps({"level": "ERROR", "n": 5, "ok": True, "none": None, "a": {"b": [1, "two"]}, "x-y": "z"})


@pytest.mark.parametrize(
    ("pattern", "message", "expected"),
    [
        ("", "anything", True),
        ("ERROR", "an ERROR here", True),
        ("ERROR", "an error here", False),
        ("ERROR ARGUMENTS", "ERROR and ARGUMENTS", True),
        ("ERROR ARGUMENTS", "ERROR alone", False),
        ('"INTERNAL SERVER"', "an INTERNAL SERVER", True),
        ('"INTERNAL SERVER"', "SERVER INTERNAL", False),
        ('"say \\"hi\\""', 'say "hi"', True),
        ("ERROR -EXIT", "ERROR", True),
        ("ERROR -EXIT", "ERROR EXIT", False),
        ("?ERROR ?WARN", "a WARN", True),
        ("?ERROR ?WARN", "an INFO", False),
        ("%ERR.R%", "ERROR", True),
        ('{ $.level = "ERROR" }', _EVENT, True),
        ("{ $.level = ERROR }", _EVENT, True),
        ('{ $.level = "E*R" }', _EVENT, True),
        ('{ $.level != "INFO" }', _EVENT, True),
        ('{ $.missing != "INFO" }', _EVENT, False),
        ("{ $.n >= 5 && $.n < 6 }", _EVENT, True),
        ("{ $.n = 5.0 }", _EVENT, True),
        ("{ $.ok IS TRUE }", _EVENT, True),
        ("{ $.none IS NULL }", _EVENT, True),
        ("{ $.missing IS NULL }", _EVENT, False),
        ("{ $.missing NOT EXISTS }", _EVENT, True),
        ('{ $.a.b[1] = "two" }', _EVENT, True),
        ("{ $['x-y'] = %^z$% }", _EVENT, True),
        ("{ ($.n = 1 || $.n = 5) && $.ok IS TRUE }", _EVENT, True),
        ("{ $.n = 1 || $.n = 5 && $.ok IS FALSE }", _EVENT, False),
        ("{ $.n = 5 }", "no JSON", False),
        ("{ $.n = 5 }", "[5]", False),
    ],
)
def test_matches(pattern: str, message: str, expected: bool) -> None:
    assert compile_pattern(pattern)(message) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "[a, b]",
        "{ $.a }",
        "{ a = 1 }",
        '{ $.a = "x" ',
        "{ $.a < x }",
        "{ $.a IS BIG }",
        "{ $. = 1 }",
        "%(%",
        "{ $.a = 1 } b",
    ],
)
def test_patterns_that_are_refused(pattern: str) -> None:
    with pytest.raises(InvalidPattern):
        compile_pattern(pattern)
