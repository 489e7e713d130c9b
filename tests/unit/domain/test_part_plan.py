"""Into which parts a file is cut."""

import pytest

from chat4all.domain.part_plan import MIB, PART_MAX, PART_MIN, PARTS_MAX, PartPlan, planned, suitable_part_size

GIB, TIB = 1024 * MIB, 1024 * 1024 * MIB


@pytest.mark.parametrize(
    ("size", "part_size", "count"),
    [
        (1, 16 * MIB, 1),
        (16 * MIB, 16 * MIB, 1),
        (16 * MIB + 1, 16 * MIB, 2),
        (2 * GIB, 16 * MIB, 128),
        (160_000 * MIB, 16 * MIB, 10_000),
        (160_000 * MIB + 1, 17 * MIB, 9_412),
        (TIB, 105 * MIB, 9_987),
        (5 * TIB, 525 * MIB, 9_987),
    ],
)
def test_a_plan_that_suits(size: int, part_size: int, count: int) -> None:
    plan = planned(size, None)
    assert isinstance(plan, PartPlan)
    assert (plan.part_size, plan.count) == (part_size, count)
    assert PART_MIN <= suitable_part_size(size) <= PART_MAX
    assert plan.count <= PARTS_MAX
    assert 1 <= plan.size_of(plan.count) <= plan.part_size
    assert (plan.count - 1) * plan.part_size + plan.size_of(plan.count) == size


@pytest.mark.parametrize("part_size", [PART_MIN, 7 * MIB + 1, PART_MAX])
def test_parts_as_they_are_asked_for(part_size: int) -> None:
    assert planned(6 * GIB, part_size) == PartPlan(6 * GIB, part_size)


@pytest.mark.parametrize(
    ("size", "part_size", "wrong"),
    [
        (1, PART_MIN - 1, "between"),
        (1, PART_MAX + 1, "between"),
        (1, -1, "between"),
        (TIB, PART_MIN, "209716 parts; at most 10000: at least 110100480 bytes each"),
    ],
)
def test_parts_that_s3_would_not_take(size: int, part_size: int, wrong: str) -> None:
    said = planned(size, part_size)
    assert isinstance(said, str)
    assert wrong in said


def test_a_part_is_there_when_all_its_bytes_are() -> None:
    plan = PartPlan(25, 10)
    assert [plan.size_of(number) for number in (1, 2, 3)] == [10, 10, 5]
    assert plan.missing({}) == [1, 2, 3]
    assert plan.missing({1: 10, 2: 9, 3: 5, 4: 10}) == [2]
