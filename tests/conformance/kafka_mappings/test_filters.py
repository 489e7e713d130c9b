"""FilterCriteria: EventBridge patterns of the value."""

import json
from typing import Any

import pytest

from tests.conformance.kafka_mappings.served import Served, until

pytestmark = pytest.mark.engines

ONE, TWO = "filtered-one", "filtered-two"

CASES: list[tuple[str, str, list[Any], list[Any]]] = [
    (ONE, "exact", [{"x": "a"}, {"x": 1}, {"x": None}, {"x": True}, {"x": ["b", "a"]}], [{"x": "A"}, {"x": "1"}, {}]),
    (ONE, "prefix", [{"x": "ab"}, {"x": "abc"}], [{"x": "xab"}, {"x": "AB"}, {"x": 1}, {}]),
    (ONE, "suffix", [{"x": "yz"}, {"x": "xyz"}], [{"x": "yzx"}, {}]),
    (ONE, "anything-but", [{"x": "c"}, {"x": 1}], [{"x": "a"}, {"x": "b"}]),
    (ONE, "numeric", [{"x": 10.5}, {"x": 20}], [{"x": 10}, {"x": 21}, {"x": "15"}, {}]),
    (TWO, "exists", [{"x": 0}, {"x": None}], [{}, {"x": 1, "y": 1}]),
    (TWO, "equals-ignore-case", [{"x": "ann"}, {"x": "ANN"}], [{"x": "anne"}]),
    (TWO, "wildcard", [{"x": "az"}, {"x": "a-b-z"}], [{"x": "azb"}, {"x": "ba z"}]),
    (TWO, "cidr", [{"x": "10.0.0.7"}], [{"x": "10.0.1.7"}, {"x": "ten"}]),
    (TWO, "or", [{"x": 1}, {"y": {"z": 2}}], [{"x": 2}, {"y": {"z": 3}}, {"y": 2}]),
]


@pytest.fixture(scope="module")
def filtered(served: Served) -> Served:
    """All values are written; both functions have got theirs."""
    for _, case, wanted, dropped in CASES:
        served.produce("filtered", [_text(case, value) for value in [*wanted, *dropped]])
    served.produce("filtered", ["plain", "error", b"\xff\xfe", '{"broken', "12"])
    served.produce("filtered", [None], key=b"gone")
    served.produce("filtered", [_text("exact", {"x": "a", "last": True}), _text("or", {"x": 1, "last": True}), "last"])
    for function in (ONE, TWO, "filtered-text"):
        until(lambda function=function: any("last" in value for value in served.values(function)), function)  # type: ignore[misc]
    return served


def _text(case: str, value: dict[str, Any]) -> str:
    return json.dumps({"case": case, **value})


@pytest.mark.statement("kafka.filter-patterns")
@pytest.mark.parametrize(("function", "case", "wanted", "dropped"), CASES, ids=[case[1] for case in CASES])
def test_patterns(filtered: Served, function: str, case: str, wanted: list[Any], dropped: list[Any]) -> None:
    got = [value for value in map(json.loads, filtered.values(function)) if value["case"] == case]
    assert [value for value in got if "last" not in value] == [{"case": case, **value} for value in wanted]
    assert not any({"case": case, **value} in got for value in dropped)


@pytest.mark.statement("kafka.filter-any-of-five")
def test_any_of_five_patterns_lets_a_record_in(filtered: Served) -> None:
    for function, cases in ((ONE, CASES[:5]), (TWO, CASES[5:])):
        got = {json.loads(value)["case"] for value in filtered.values(function)}
        assert got == {case for _, case, _, _ in cases}


@pytest.mark.statement("kafka.filter-text")
def test_a_pattern_of_text_filters_what_is_no_json(filtered: Served) -> None:
    got = filtered.values("filtered-text")
    assert "plain" in got
    assert '{"broken' in got
    assert "error" not in got
    assert not any("case" in value for value in got)


@pytest.mark.statement("kafka.filter-commits")
def test_what_is_dropped_is_committed(filtered: Served) -> None:
    """The last record, a plain text, matches no pattern of JSON."""
    until(lambda: filtered.committed("filtered-one") == {0: filtered.end("filtered")}, "the commit past it")
