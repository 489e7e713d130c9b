"""The drill says what it cannot do, and a broken promise is seen."""

from pathlib import Path

import pytest

from tests.drills.failover.__main__ import main
from tests.drills.failover.drill import row
from tests.e2e.trial import Outcome, reordered

GOOD = Outcome(100, 2, (), 0, 0, 0, 1.26, 0.02, 0.5, 2.0, 7.0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--aws"], "--aws needs --cluster-arn, --api, --websocket."),
        (["--aws", "--cluster-arn", "x", "--api", "http://x"], "--aws needs --websocket."),
        (["--aws", "--cluster-arn", "x", "--api", "x", "--websocket", "x", "--two"], "--two is not for --aws"),
    ],
    ids=["nothing", "no websocket", "two"],
)
def test_what_is_missing_is_named(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_stack_that_does_not_run_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert f"The stack on {tmp_path} is not running" in capsys.readouterr().err


@pytest.mark.parametrize("broken", [{"lost": 1}, {"doubled": 1}, {"reordered": 1}, {"wrong": ("1 answers 500",)}])
def test_a_broken_promise_is_seen(broken: dict[str, object]) -> None:
    assert GOOD.holds
    assert not Outcome(**{**vars(GOOD), **broken}).holds


def test_a_push_behind_a_later_one_is_out_of_order() -> None:
    pushes = {"a": (1.0, 1, "x"), "b": (2.0, 3, "x"), "c": (3.0, 2, "x"), "d": (2.5, 1, "y")}
    assert reordered(pushes) == 1


def test_a_row_has_counts_and_times() -> None:
    assert row("2", "leads 4 partitions", GOOD) == (
        "| 2 | leads 4 partitions | 100 | 2 | 0 | 0 | 0 | 1.3 s | 0.5 s | 2.0 s | 7.0 s |"
    )
