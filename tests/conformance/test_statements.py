"""The table is whole, and is the one in the documentation."""

from tests.conformance.statements import marked_tests, read_statements
from tests.conformance.table import FILE, render


def test_every_statement_has_a_test_or_a_reason() -> None:
    tests = marked_tests()
    without = [one.id for one in read_statements() if not one.untested and one.id not in tests]
    both = [one.id for one in read_statements() if one.untested and one.id in tests]
    assert (without, both) == ([], [])


def test_every_mark_names_a_statement() -> None:
    known = {one.id for one in read_statements()}
    assert sorted(marked_tests().keys() - known) == []


def test_the_documentation_has_the_table_of_these_tests() -> None:
    """Their passing is what the rest of the run decides."""
    assert FILE.read_text("utf-8") == render(read_statements(), marked_tests()), "run scripts/conformance"
