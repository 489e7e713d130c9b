"""Filter patterns of CloudWatch Logs: terms, phrases and regular expressions in a text, or selectors in a JSON event.

docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html. Patterns of space-delimited events (`[…]`)
are refused.
"""

import json
import re
from collections.abc import Callable
from typing import Any

Matches = Callable[[str], bool]
JsonTest = Callable[[Any], bool]

_TERM = re.compile(r'\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|(\S+))')
_TOKEN = re.compile(
    r'\s*(?:(?P<op>&&|\|\||<=|>=|!=|[=<>(){}])|(?P<quoted>"(?:[^"\\]|\\.)*")|%(?P<regex>[^%]+)%'
    r"|(?P<word>[^\s=<>!(){}&|\"]+))"
)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(?:(\d+)|\"([^\"]+)\"|'([^']+)')\]")
_MISSING = object()


class InvalidPattern(Exception):
    """A pattern that cannot be read, or is of a kind that is not evaluated here."""


def compile_pattern(pattern: str) -> Matches:
    """Return a test of a message. Raises InvalidPattern."""
    text = pattern.strip()
    if not text:
        return lambda _message: True
    if text.startswith("["):
        raise InvalidPattern("patterns of space-delimited events ([…]) are not evaluated here")
    if text.startswith("{"):
        return _json_matches(_JsonParser(text).parse())
    return _text_matches(text)


def _text_matches(text: str) -> Matches:
    every: list[Matches] = []
    some: list[Matches] = []
    for mark, quoted, regex, word in _TERM.findall(text):
        test = _contains(re.sub(r"\\(.)", r"\1", quoted) or word, regex)
        if mark == "?":
            some.append(test)
        elif mark == "-":
            every.append(lambda message, test=test: not test(message))  # type: ignore[misc]
        else:
            every.append(test)
    # "?a b" on AWS: the ? terms are ignored beside terms without one.
    wanted = every or [lambda message: any(test(message) for test in some)]
    return lambda message: all(test(message) for test in wanted)


def _contains(term: str, regex: str) -> Matches:
    if regex:
        return _regular(regex)
    return lambda message: term in message


def _regular(text: str) -> Matches:
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise InvalidPattern(f"%{text}% is no regular expression: {error}") from error
    return lambda message: compiled.search(message) is not None


def _json_matches(test: JsonTest) -> Matches:
    def matches(message: str) -> bool:
        try:
            event = json.loads(message)
        except (ValueError, RecursionError):
            return False
        return isinstance(event, dict) and test(event)

    return matches


class _JsonParser:
    """`{ $.a = "x" && ($.b > 1 || $.c IS NULL) }`; && binds closer than ||."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0

    def parse(self) -> JsonTest:
        self._expect("{")
        test = self._either()
        self._expect("}")
        if self._next != len(self._tokens):
            raise InvalidPattern("there is something after the closing brace")
        return test

    def _either(self) -> JsonTest:
        tests = [self._both()]
        while self._accept("||"):
            tests.append(self._both())
        return lambda event: any(test(event) for test in tests)

    def _both(self) -> JsonTest:
        tests = [self._one()]
        while self._accept("&&"):
            tests.append(self._one())
        return lambda event: all(test(event) for test in tests)

    def _one(self) -> JsonTest:
        if self._accept("("):
            test = self._either()
            self._expect(")")
            return test
        kind, selector = self._take()
        if kind != "word" or not selector.startswith("$"):
            raise InvalidPattern(f"a selector such as $.level is needed, not {selector}")
        steps = _steps(selector)
        kind, operator = self._take()
        if kind == "word" and operator.upper() in ("IS", "NOT"):
            return _state_test(steps, operator.upper(), self._take()[1].upper())
        kind, value = self._take()
        return _comparison(steps, operator, kind, value)

    def _take(self) -> tuple[str, str]:
        if self._next >= len(self._tokens):
            raise InvalidPattern("the pattern ends too early")
        self._next += 1
        return self._tokens[self._next - 1]

    def _accept(self, token: str) -> bool:
        if self._next < len(self._tokens) and self._tokens[self._next] == ("op", token):
            self._next += 1
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._accept(token):
            found = self._tokens[self._next][1] if self._next < len(self._tokens) else "its end"
            raise InvalidPattern(f"{token} is needed before {found}")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise InvalidPattern(f"cannot be read at {text[position : position + 20]!r}")
        found.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


def _steps(selector: str) -> list[str | int]:
    found: list[str | int] = []
    position = 1
    while position < len(selector):
        match = _STEP.match(selector, position)
        if match is None:
            raise InvalidPattern(f"the selector {selector} cannot be read")
        found.append(int(match[2]) if match[2] else match[1] or match[3] or match[4])
        position = match.end()
    return found


def _select(event: Any, steps: list[str | int]) -> Any:
    for step in steps:
        if isinstance(step, int):
            event = event[step] if isinstance(event, list) and step < len(event) else _MISSING
        else:
            event = event.get(step, _MISSING) if isinstance(event, dict) else _MISSING
    return event


def _state_test(steps: list[str | int], operator: str, what: str) -> JsonTest:
    wanted = {("IS", "NULL"): None, ("IS", "TRUE"): True, ("IS", "FALSE"): False, ("NOT", "EXISTS"): _MISSING}
    if (operator, what) not in wanted:
        raise InvalidPattern(f"{operator} {what} is none of IS NULL, IS TRUE, IS FALSE and NOT EXISTS")
    return lambda event: _select(event, steps) is wanted[operator, what]


def _comparison(steps: list[str | int], operator: str, kind: str, value: str) -> JsonTest:
    if operator not in ("=", "!=", "<", ">", "<=", ">="):
        raise InvalidPattern(f"{operator} is no comparison")
    if operator in ("=", "!="):
        test = _equals(kind, value)
        wanted = operator == "="
        return lambda event: (found := _select(event, steps)) is not _MISSING and test(found) is wanted
    number = _number(value)
    if number is None:
        raise InvalidPattern(f"{operator} compares with a number, not with {value}")
    return lambda event: _ordered(_select(event, steps), operator, number)


def _equals(kind: str, value: str) -> Callable[[Any], bool]:
    if kind == "regex":
        test = _regular(value)
        return lambda found: isinstance(found, str) and test(found)
    number = _number(value) if kind == "word" else None
    if number is not None:
        return lambda found: _is_number(found) and found == number
    text = re.sub(r"\\(.)", r"\1", value[1:-1]) if kind == "quoted" else value
    glob = re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
    return lambda found: isinstance(found, str) and glob.fullmatch(found) is not None


def _ordered(found: Any, operator: str, number: float) -> bool:
    if not _is_number(found):
        return False
    return bool({"<": found < number, ">": found > number, "<=": found <= number, ">=": found >= number}[operator])


def _is_number(found: Any) -> bool:
    return isinstance(found, (int, float)) and not isinstance(found, bool)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
