"""pytest plugin of `scripts/conformance`: writes the table after a run of all the tests of this folder."""

import pytest

from tests.conformance.statements import marked_tests, read_statements
from tests.conformance.table import FILE, render

_not_passed: set[str] = set()
_ran: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test passed when all its phases and all its parameters did; one that was skipped has shown nothing."""
    test = report.nodeid.partition("[")[0]
    path, _, name = test.partition("::")
    test = f"{path}::{name.rpartition('::')[2]}"
    _ran.add(test)
    if not report.passed:
        _not_passed.add(test)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return  # one of the processes of pytest-xdist; the reports of all come together in the first
    tests = marked_tests()
    did_not_run = {test for marked in tests.values() for test in marked} - _ran
    FILE.write_text(render(read_statements(), tests, frozenset(_not_passed | did_not_run)), "utf-8")
    print(f"\nwrote {FILE.relative_to(session.config.rootpath)}")
