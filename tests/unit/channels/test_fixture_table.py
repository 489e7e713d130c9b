"""Every fixture of every provider is read, and docs/fixtures.md says as what."""

from collections import Counter

from chat4all.channels.inbound import Unknown
from tests.unit.channels.fixture_table import FIXTURES, TABLE, cases, items_of, table


def test_the_page_is_up_to_date() -> None:
    assert TABLE.read_text() == table(), "run scripts/write-fixtures"


def test_every_file_has_cases_and_every_case_tells_something() -> None:
    files = {str(path.relative_to(FIXTURES)) for path in FIXTURES.rglob("*.json")}
    assert {case.file for case in cases()} == files
    assert [case for case in cases() if not items_of(case)] == []


def test_nothing_is_unreadable() -> None:
    kinds = Counter(
        item.happening.kind for case in cases() for item in items_of(case) if isinstance(item.happening, Unknown)
    )
    assert [kind for kind in kinds if "unreadable" in kind or kind == "other"] == []
