"""Mappings that CreateEventSourceMapping does not take stop the start, with the name and the line."""

from pathlib import Path

import pytest

from tests.local.stack_process import StackProcess

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: .
      Events:
        Orders:
          Type: MSK
          Properties:
            Stream: "arn:aws:kafka:us-east-1:000000000000:cluster/c/1"
            Topics: [orders]
            StartingPosition: TRIM_HORIZON
            {line}
"""
LINE = 17


def filters(*patterns: str) -> str:
    return "FilterCriteria: {Filters: [" + ", ".join(f"{{Pattern: '{pattern}'}}" for pattern in patterns) + "]}"


def refused(folder: Path, template: str) -> str:
    file = folder / "template.yaml"
    file.write_text(template)
    (folder / "app.py").write_text("def handler(event, context): pass\n")
    stack = StackProcess(file, folder / "data", "--no-simulators")
    try:
        stack.start()
        assert stack.until_ended() != 0
        return stack.said()
    finally:
        stack.close()


WRONG = {
    "MaximumBatchingWindowInSeconds: 301": "must be 0 to 300",
    "MaximumRetryAttempts: 10001": "must be -1 to 10000",
    "MaximumRecordAgeInSeconds: 59": "must be -1, or 60 to 604800",
    filters(*['{"value": ["a"]}'] * 6): "at most 5 filters",
    filters('{"key": ["a"]}'): "only `value` can be filtered",
    filters('{"value": {"a": [{"regex": "b"}]}}'): "unknown operator",
    filters('{"value": {"a": "b"}}'): "expected an object",
    "DestinationConfig: {OnFailure: {Destination: 'kafka://orders'}}": "is the source topic orders",
}
WRONG_SIZES = {f"BatchSize: {size}": f"BatchSize: must be 1 to 10000, not {size}" for size in (0, 10_001, 11_000)}


@pytest.fixture(scope="module")
def said_of(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a start says of each wrong line: a template has a mapping for each, and all that is wrong is told at once."""
    before, event = TEMPLATE.partition("        Orders:\n")[::2]
    mappings = [f"        Orders{n}:\n{event.replace('{line}', line)}" for n, line in enumerate(WRONG | WRONG_SIZES)]
    said = refused(tmp_path_factory.mktemp("refused"), before + "".join(mappings))
    assert "Traceback" not in said
    length = event.count("\n") + 1
    places = [f"template.yaml:{LINE + n * length}: WorkerOrders{n}." for n in range(len(mappings))]
    return {
        line: next((found for found in said.splitlines() if place in found), f"no {place} in {said}")
        for line, place in zip(WRONG | WRONG_SIZES, places, strict=True)
    }


@pytest.mark.statement("kafka.batch-size-maximum")
@pytest.mark.parametrize("line", WRONG_SIZES)
def test_a_batch_size_out_of_range_stops_the_start(said_of: dict[str, str], line: str) -> None:
    assert WRONG_SIZES[line] in said_of[line]


@pytest.mark.parametrize("line", WRONG, ids=lambda line: line[:40])
@pytest.mark.statement("kafka.refused")
def test_a_value_out_of_range_stops_the_start(said_of: dict[str, str], line: str) -> None:
    assert WRONG[line] in said_of[line]


@pytest.mark.statement("kafka.one-topic")
def test_a_mapping_of_two_topics_stops_the_start(tmp_path: Path) -> None:
    said = refused(tmp_path, TEMPLATE.replace("[orders]", "[orders, returns]").replace("{line}", "BatchSize: 1"))
    assert "exactly one topic" in said
    assert "WorkerOrders.Topics" in said


@pytest.mark.statement("kafka.starting-position-required")
def test_a_mapping_without_a_starting_position_stops_the_start(tmp_path: Path) -> None:
    lines = [line for line in TEMPLATE.splitlines() if "StartingPosition" not in line]
    said = refused(tmp_path, "\n".join(lines).replace("{line}", "BatchSize: 1"))
    assert "StartingPosition" in said
    assert "Orders" in said
    assert "Traceback" not in said


@pytest.mark.statement("kafka.starting-position-required")
def test_at_timestamp_needs_one(tmp_path: Path) -> None:
    said = refused(tmp_path, TEMPLATE.replace("TRIM_HORIZON", "AT_TIMESTAMP").replace("{line}", "BatchSize: 1"))
    assert "StartingPositionTimestamp" in said
