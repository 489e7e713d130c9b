"""The event that a scheduled function gets."""

import json
from datetime import datetime
from uuid import uuid4

from local.application import Schedule


def is_of_scheduler(schedule: Schedule) -> bool:
    """Whether EventBridge Scheduler (AWS::Scheduler::Schedule) made it, and no rule of an event bus."""
    return schedule.arn.split(":")[2:3] == ["scheduler"]


def payload(schedule: Schedule, due: datetime) -> bytes:
    """Its `Input`, or the "Scheduled Event" of a rule ("AWS Lambda and EventBridge") or of a schedule (AWS::Scheduler).

    Account and region are those of its ARN.
    """
    if schedule.input is not None:
        text = _with_context(schedule, due) if is_of_scheduler(schedule) else schedule.input
        return text.encode()
    region, account = (schedule.arn.split(":") + [""] * 5)[3:5]
    by_scheduler = is_of_scheduler(schedule)
    event = {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler" if by_scheduler else "aws.events",
        "account": account,
        "time": _time(due),
        "region": region,
        "resources": [schedule.arn],
        "detail": "{}" if by_scheduler else {},
    }
    return json.dumps(event, separators=(",", ":")).encode()


def _with_context(schedule: Schedule, due: datetime) -> str:
    """The input with the keywords of "Adding context attributes in EventBridge Scheduler" filled in."""
    text = schedule.input or ""
    for name, value in (
        ("schedule-arn", schedule.arn),
        ("scheduled-time", _time(due)),
        ("execution-id", uuid4().hex[:16]),
        ("attempt-number", "1"),
    ):
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _time(due: datetime) -> str:
    return due.strftime("%Y-%m-%dT%H:%M:%SZ")
