"""Functions invoked by the clock: rules of EventBridge and schedules of EventBridge Scheduler."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conformance.schedules.conftest import Served
from tests.local.stack_process import StackProcess

TIME = "%Y-%m-%dT%H:%M:%SZ"


def seconds(text: str) -> float:
    return datetime.strptime(text, TIME).replace(tzinfo=UTC).timestamp()


@pytest.mark.statement("schedules.scheduler-event", "schedules.rate-at-once")
def test_a_rate_of_the_scheduler_begins_at_once_with_its_own_event(served: Served) -> None:
    event = served.first("at-once")["event"]
    assert len(event.pop("id")) == 36
    assert abs(seconds(event.pop("time")) - time.time()) < 300
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": "000000000000",
        "region": "us-east-1",
        "resources": ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/daily"],
        "detail": "{}",
    }


@pytest.mark.statement("schedules.context-attributes", "schedules.flexible-window")
def test_the_input_of_a_schedule_may_name_its_context(served: Served) -> None:
    event = served.first("input")["event"]
    assert event.pop("id")
    assert seconds(event.pop("due"))
    arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/with-input"
    assert event == {"schedule": arn, "attempt": "1"}


@pytest.mark.statement("schedules.at", "schedules.time-zone", "schedules.start-date")
@pytest.mark.parametrize("function", ["once", "tokyo", "starting"])
def test_a_time_is_the_wall_clock_of_its_zone(served: Served, function: str) -> None:
    call = served.first(function)
    assert call["event"]["time"] == served.soon.strftime(TIME)
    assert call["at"] >= served.soon.timestamp()
    assert len(served.calls(function)) == 1


@pytest.mark.statement("schedules.rule-event", "schedules.cron")
def test_cron_invokes_at_the_minute_with_the_event_of_a_rule(served: Served) -> None:
    call = served.first("minutely")
    event = call["event"]
    assert len(event.pop("id")) == 36
    due = event.pop("time")
    assert due.endswith(":00Z")
    assert call["at"] >= seconds(due)
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:000000000000:rule/every-minute"],
        "detail": {},
    }


@pytest.mark.statement("schedules.rate", "schedules.input")
def test_a_rate_of_a_rule_begins_after_its_period(served: Served) -> None:
    begun = served.first("at-once")["at"]
    call = served.first("rate")
    assert call["event"] == {"from": "the rule"}
    assert call["at"] - begun > 50


@pytest.mark.statement("schedules.disabled", "schedules.end-date")
def test_what_is_disabled_or_over_invokes_nothing(served: Served) -> None:
    served.first("minutely")
    served.first("rate")
    assert served.calls("disabled") == []


REFUSED = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
  Clock:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 minute)
      Targets:
        - Arn: !GetAtt Worker.Arn
          Id: worker
          {line}
  Watch:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: "{expression}"
      FlexibleTimeWindow: {Mode: "OFF"}
      Target: {Arn: !GetAtt Worker.Arn, RoleArn: "arn:aws:iam::000000000000:role/r"}
      {other}
"""


@pytest.mark.statement("schedules.refused")
@pytest.mark.parametrize(
    ("line", "expression", "other", "said"),
    [
        ("InputTransformer: {InputTemplate: '{}'}", "rate(1 day)", "", ":14: Clock.Targets.0.InputTransformer"),
        ("InputPath: $.detail", "rate(1 day)", "", ":14: Clock.Targets.0.InputPath"),
        ("Input: '{'", "rate(1 day)", "", ":14: Clock.Targets.0.Input: is not JSON"),
        ("", "rate(1 minutes)", "", ":18: Watch.ScheduleExpression: 'rate(1 minutes)': 1 goes with minute"),
        ("", "cron(0 12 * * * *)", "", ":18: Watch.ScheduleExpression: 'cron(0 12 * * * *)'"),
        ("", "rate(1 day)", "ScheduleExpressionTimezone: Europe/Atlantis", "no time zone of the IANA database"),
    ],
    ids=["transformer", "path", "input", "rate", "cron", "zone"],
)
def test_what_would_not_run_stops_the_start(tmp_path: Path, line: str, expression: str, other: str, said: str) -> None:
    text = REFUSED.replace("{line}", line).replace("{expression}", expression).replace("{other}", other)
    (tmp_path / "template.yaml").write_text(text)
    (tmp_path / "app.py").write_text("def handler(event, context): pass\n")
    stack = StackProcess(tmp_path / "template.yaml", tmp_path / "data", "--no-simulators")
    try:
        stack.start()
        assert stack.until_ended() != 0
        assert said in stack.said()
        assert "Traceback" not in stack.said()
    finally:
        stack.close()
