"""The figures of docs/decisions/0003 are those that the designs' calls consume on the real engine."""

import re
from pathlib import Path

import pytest

from tests.benchmarks.write_path import DESIGNS, alone, busy
from tests.contract.conftest import DynamoDb

RECORD = (Path(__file__).resolve().parents[2] / "docs/decisions/0003-write-path.md").read_text()


def row(design: str) -> list[str]:
    """Cells of the design's row in the table of the designs: write units, read units, round trips of the sender…"""
    found = re.search(rf"^\| {re.escape(design)} \|(.*)\|$", RECORD, re.MULTILINE)
    assert found, f"0003 has no row {design}"
    return [cell.strip() for cell in found[1].split("|")]


@pytest.mark.parametrize("design", DESIGNS)
def test_units_and_round_trips_are_as_the_record_says(dynamodb: DynamoDb, design: str) -> None:
    writes, reads, trips = alone(DESIGNS[design], dynamodb.client, dynamodb.table_prefix).each()
    assert row(design)[:3] == [f"{writes:g}", f"{reads:g}", f"{trips:g}"]


def test_a_transaction_costs_more_the_more_send_at_once(dynamodb: DynamoDb) -> None:
    costs = {
        name: busy(DESIGNS[name], dynamodb.client, dynamodb.table_prefix).each() for name in ("this", "transaction")
    }
    assert costs["this"][0] == 6
    assert costs["transaction"][0] > alone(DESIGNS["transaction"], dynamodb.client, dynamodb.table_prefix).each()[0]
