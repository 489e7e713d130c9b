"""docs/benchmark-report.md follows from what was measured."""

from pathlib import Path

from tests.benchmarks.report import DOCUMENT, IMAGES, document, pictures, read


def test_the_report_is_the_one_that_the_measurements_make() -> None:
    assert document(*read()) == DOCUMENT.read_text(), "run scripts/bench report"


def test_a_budget_that_is_not_met_is_said_to_be() -> None:
    budgets, *rest = read()
    worse = [one | {"value": 2 * one["limit"]} for one in budgets["judged"]]
    assert "**not met**" in document({**budgets, "judged": worse}, *rest)


def test_its_pictures_are_drawn(tmp_path: Path) -> None:
    pictures(*read(), tmp_path)
    drawn = {file.name for file in tmp_path.iterdir()}
    assert drawn == {file.name for file in IMAGES.glob("benchmark-*.svg")}
    assert all(f"images/{name}" in DOCUMENT.read_text() for name in drawn)
