"""The conformance table says what the tests showed."""

from pathlib import Path

import pytest

from tests.conformance.statements import InvalidStatements, Statement, marked_tests, read_statements
from tests.conformance.table import render

_TESTED = Statement(id="http.a", text="A is | so.", section="http_api", source="secondary")
_UNTESTED = Statement(id="http.b", text="B.", section="http_api", untested="nobody can see it")
_TESTS = {
    "http.a": ["tests/conformance/http_api/test_a.py::test_one", "tests/conformance/http_api/test_a.py::test_two"]
}


def test_a_statement_passes_when_all_its_tests_did() -> None:
    page = render([_TESTED, _UNTESTED], _TESTS)
    assert "**1 statements, 1 pass; 1 named without a test" in page
    assert "| A is \\| so. *(secondary)* | [test_one](" in page
    assert "| B. | nobody can see it | not tested |" in page


def test_one_failing_test_fails_its_statement() -> None:
    page = render([_TESTED], _TESTS, frozenset({_TESTS["http.a"][1]}))
    assert "| FAIL |" in page
    assert "0 pass" in page


def test_a_statement_without_a_test_does_not_pass() -> None:
    assert "| FAIL |" in render([_TESTED], {})


def _section(folder: Path, statements: str, tests: str = "") -> Path:
    section = folder / "tests" / "conformance" / "one"
    section.mkdir(parents=True)
    (section / "statements.toml").write_text(statements, "utf-8")
    (section / "test_one.py").write_text(tests, "utf-8")
    return section.parent


def test_marks_are_read_from_the_tests_of_a_folder(tmp_path: Path) -> None:
    tests = '@pytest.mark.statement("a.b", "a.c")\n@pytest.mark.timeout(3)\ndef test_it():\n    pass\n'
    folder = _section(tmp_path, '[[statement]]\nid = "a.b"\ntext = "B."\n', tests)
    where = "tests/conformance/one/test_one.py::test_it"
    assert marked_tests(folder) == {"a.b": [where], "a.c": [where]}
    assert read_statements(folder) == (Statement(id="a.b", text="B.", section="one"),)


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param('[[statement]]\nid = "a"\n', id="no text"),
        pytest.param('[[statement]]\nid = "a"\ntext = "A."\nwhy = "?"\n', id="unknown field"),
        pytest.param('[[statement]]\nid = "a"\ntext = "A."\n[[statement]]\nid = "a"\ntext = "A."\n', id="twice"),
    ],
)
def test_bad_statements_are_named(tmp_path: Path, statements: str) -> None:
    with pytest.raises(InvalidStatements, match="one"):
        read_statements(_section(tmp_path, statements))
