"""The conformance table: `docs/conformance.md`."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from tests.conformance.statements import ROOT, Statement

FILE = ROOT / "docs" / "conformance.md"

_HEAD = """# Conformance of the local stack

What AWS does, statement by statement, and the test that shows that the local stack does it too, from outside and with real
clients (boto3, the aws CLI, `websockets`, kafka-python, sockets). `scripts/conformance` runs the tests and writes it; the test
run fails when it is not up to date, when a statement has neither a test nor a reason, or when a test fails.

**{tested} statements, {passed} pass; {untested} named without a test, with the reason.**
"""


def render(
    statements: Sequence[Statement], tests: Mapping[str, Sequence[str]], failed: frozenset[str] = frozenset()
) -> str:
    """The page. `failed` holds the tests, as in `tests`, that did not pass."""
    tested = [one for one in statements if not one.untested]
    passed = [one for one in tested if tests.get(one.id) and failed.isdisjoint(tests[one.id])]
    text = _HEAD.format(tested=len(tested), passed=len(passed), untested=len(statements) - len(tested))
    for section, found in groupby(statements, attrgetter("section")):
        rows = [_row(one, tests.get(one.id, ()), one in passed) for one in found]
        text += f"\n## {section.replace('_', ' ')}\n\n| statement | test | |\n|---|---|---|\n" + "".join(rows)
    return text


def _row(statement: Statement, tests: Sequence[str], passed: bool) -> str:
    said = statement.text if not statement.source else f"{statement.text} *({statement.source})*"
    if statement.untested:
        return f"| {_cell(said)} | {_cell(statement.untested)} | not tested |\n"
    links = "<br>".join(f"[{test.partition('::')[2]}](../{test.partition('::')[0]})" for test in tests)
    return f"| {_cell(said)} | {links} | {'pass' if passed else 'FAIL'} |\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
