"""The event that a scheduled function gets."""

import json
from datetime import datetime
from uuid import uuid4

from local.application import Schedule


def payload(schedule: Schedule, due: datetime) -> bytes:
    """Its `Input`, or the "Scheduled Event" of a rule ("AWS Lambda and EventBridge") or of a schedule (AWS::Scheduler).

    Account and region are those of its ARN.
    """
    if schedule.input is not None:
        return schedule.input.encode()
    service, region, account = (schedule.arn.split(":") + [""] * 5)[2:5]
    by_scheduler = service == "scheduler"
    event = {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler" if by_scheduler else "aws.events",
        "account": account,
        "time": due.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [schedule.arn],
        "detail": "{}" if by_scheduler else {},
    }
    return json.dumps(event, separators=(",", ":")).encode()
