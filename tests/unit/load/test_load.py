"""What scripts/load makes of a plan and of what came back."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.load.__main__ import NOT_RUN, main, undelivered
from tests.load.plan import PROFILES, Plan, stages_of
from tests.load.verification import Acknowledged, Verdict, read_lines, verdict


def said(number: int, user: str = "ana") -> Acknowledged:
    return Acknowledged(user, number, f"{user}-{number}")


def message(seq: int, number: int, user: str = "ana") -> dict[str, Any]:
    return {"seq": seq, "sender_id": user, "message_id": f"{user}-{number}"}


def test_what_was_acknowledged_is_there_once_and_in_order() -> None:
    sent = [said(0), said(1), said(0, "ben")]
    good = {"c": [message(1, 0), message(2, 0, "ben"), message(3, 1)]}
    assert verdict(sent, good, incomplete=0) == Verdict(3, 0, 0, 0, 0)
    assert verdict(sent, good, incomplete=0).is_good


@pytest.mark.parametrize(
    ("messages", "wrong"),
    [
        ([message(1, 0)], Verdict(2, lost=1, doubled=0, reordered=0, incomplete=0)),
        ([message(1, 0), message(2, 1), message(3, 1)], Verdict(2, lost=0, doubled=1, reordered=0, incomplete=0)),
        ([message(1, 1), message(2, 0)], Verdict(2, lost=0, doubled=0, reordered=1, incomplete=0)),
        ([message(2, 0), message(2, 1)], Verdict(2, lost=0, doubled=0, reordered=1, incomplete=0)),
    ],
    ids=["lost", "doubled", "out of order", "a number twice"],
)
def test_what_is_wrong_is_counted(messages: list[dict[str, Any]], wrong: Verdict) -> None:
    found = verdict([said(0), said(1)], {"c": messages}, incomplete=0)
    assert found == wrong
    assert not found.is_good


def test_nothing_acknowledged_is_no_success() -> None:
    assert not verdict([], {}, incomplete=0).is_good
    assert not verdict([said(0)], {"c": [message(1, 0)]}, incomplete=1).is_good


def test_lines_of_the_tools_are_read_and_what_else_they_print_is_not(tmp_path: Path) -> None:
    lines = [
        {"kind": "acknowledged", "user_id": "ana", "number": 0, "message_id": "ana-0"},
        {"kind": "pushed", "user_id": "ben", "message_id": "ana-0"},
    ]
    file = tmp_path / "lines"
    file.write_text("some warning\n" + "\n".join(map(json.dumps, lines)) + "\n")
    assert read_lines(file) == ([said(0)], {"ben": Counter({"ana-0": 1})})
    assert read_lines(tmp_path / "nothing") == ([], {})


def test_a_push_that_did_not_come_to_one_of_both_is_counted() -> None:
    people = [{"user_id": "ana", "conversation_id": "c"}, {"user_id": "ben", "conversation_id": "c"}]
    plan = Plan("websocket", "websocket", "", "", 1, 1, [], people)
    assert undelivered(plan, [said(0)], {"ana": Counter({"ana-0": 1}), "ben": Counter({"ana-0": 2})}) == 0
    assert undelivered(plan, [said(0)], {"ana": Counter({"ana-0": 1})}) == 1
    assert undelivered(Plan("users", "messages", "", "", 1, 1, [], people), [said(0)], {}) == 0, "nobody was connected"


def test_stages_are_seconds_from_the_one_before() -> None:
    assert stages_of(PROFILES["ramp"], 50, 100) == [(0, 0), (50, 50), pytest.approx((30, 50)), pytest.approx((20, 0))]
    assert stages_of(PROFILES["users"], 10, 60) == [(0, 10), (60, 10)]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["k6", "everything"], "invalid choice: 'everything'"),
        (["ab", "users"], "invalid choice: 'ab'"),
        (["k6", "users", "--users", "0"], "0 is not above 0"),
        (["k6", "users", "--minutes", "long"], "invalid"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_named(
    arguments: list[str], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert error in capsys.readouterr().err


def test_without_a_stack_it_says_how_to_start_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["k6", "users", "--data", str(tmp_path)]) == NOT_RUN
    assert "no stack runs here: scripts/run starts one" in capsys.readouterr().err


def test_every_profile_has_its_script_and_its_class() -> None:
    folder = Path(__file__).resolve().parents[2] / "load"
    locustfile = (folder / "locustfile.py").read_text()
    for profile in PROFILES.values():
        assert (folder / "k6" / f"{profile.script}.js").exists()
        assert f"class {profile.script.capitalize()}(" in locustfile
