"""Every mutation still applies to the code, and what it makes of it is Python."""

import ast
from pathlib import Path

import pytest

from tests.chaos.checks import CHECKS
from tests.chaos.mutations.catalogue import MUTATIONS, named
from tests.chaos.mutations.mutation import Change, Mutation, Outdated
from tests.e2e.running_stack import ROOT


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation_applies(mutation: Mutation) -> None:
    for change in (*mutation.given, *mutation.changes):
        changed = change.changed(ROOT)
        if change.file.endswith(".py"):
            ast.parse(changed)


def test_a_mutation_of_what_is_not_there_fails_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "local" / "x.py"
    file.parent.mkdir()
    file.write_text("a = 1\na = 1\n")
    for old, found in (("a = 1", 2), ("a = 2", 0)):
        with pytest.raises(Outdated, match=f"has {found} times, and not once"):
            Change("local/x.py", old, "").make(tmp_path)


def test_names_are_names_of_one() -> None:
    assert [named(mutation.name) for mutation in MUTATIONS] == list(MUTATIONS)
    with pytest.raises(KeyError, match="There are: put, claim"):
        named("nobody")


def test_checks_that_catch_are_checks() -> None:
    checks = {check.__name__ for check in CHECKS}
    assert {check for mutation in MUTATIONS for check in mutation.caught_by} <= checks
