import json
from dataclasses import replace
from datetime import UTC, datetime

from local.application import Schedule
from local.schedules.event import payload

RULE = Schedule("Sweep", "sweep", "arn:aws:events:eu-west-1:000000000000:rule/sweep", "rate(1 minute)", "sweeper")
DUE = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def test_the_event_of_a_rule() -> None:
    event = json.loads(payload(RULE, DUE))

    assert len(event.pop("id")) == 36
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": "2026-11-21T05:00:00Z",
        "region": "eu-west-1",
        "resources": [RULE.arn],
        "detail": {},
    }


def test_the_event_of_a_schedule() -> None:
    event = json.loads(payload(replace(RULE, arn="arn:aws:scheduler:eu-west-1:000000000000:schedule/default/s"), DUE))

    assert (event["source"], event["detail"]) == ("aws.scheduler", "{}")


def test_an_input_takes_the_place_of_the_event() -> None:
    assert payload(replace(RULE, input='{"a": 1}'), DUE) == b'{"a": 1}'
