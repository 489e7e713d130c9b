"""Schedules: EventBridge rules with a schedule, and EventBridge Scheduler.

Expressions: docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import json
from dataclasses import replace
from datetime import UTC, datetime

from local.application import Schedule
from local.schedules.expression import InvalidExpression, parse
from local.template.context import Context, Properties
from local.template.resources import Resource

_INFORMATIVE = {"Description": "informative", "Tags": "informative", "GroupName": "informative"}
_RULE_IGNORED = _INFORMATIVE | {"RoleArn": "permissions are not enforced here"}
_SCHEDULE_KNOWN = (
    "Name", "ScheduleExpression", "State", "Target", "FlexibleTimeWindow", "ScheduleExpressionTimezone", "StartDate",
    "EndDate",
)  # fmt: skip
_SCHEDULE_IGNORED = _INFORMATIVE | {"KmsKeyArn": "data at rest are not encrypted here"}
_RETRY = "asynchronous invocations are retried as Lambda does"


def read_schedules(context: Context) -> tuple[Schedule, ...]:
    """Return the schedules in the order of the template; a rule with several targets gives one for each."""
    found: list[Schedule] = []
    for rule in context.of_type("AWS::Events::Rule"):
        with context.problems.attempt():
            found += _rule(context, rule)
    for schedule in context.of_type("AWS::Scheduler::Schedule"):
        with context.problems.attempt():
            found.append(_schedule(context, schedule))
    return tuple(found)


def _rule(context: Context, resource: Resource) -> list[Schedule]:
    properties = context.read(resource, ("Name", "ScheduleExpression", "State", "Targets"), _RULE_IGNORED)
    expression = _expression(properties, at_allowed=False)
    enabled = properties.choice("State", ("ENABLED", "DISABLED"), "ENABLED") == "ENABLED"
    targets = properties.parts("Targets")
    if not targets:
        raise properties.error("the rule has no targets", "Targets")
    for target in targets:
        target.only(("Arn", "Id", "Input", "RetryPolicy", "RoleArn"))
    return [_made(context, resource, expression, enabled, target) for target in targets]


def _schedule(context: Context, resource: Resource) -> Schedule:
    properties = context.read(resource, _SCHEDULE_KNOWN, _SCHEDULE_IGNORED)
    timezone = properties.text("ScheduleExpressionTimezone", "UTC")
    _window(context, resource, properties)
    enabled = properties.choice("State", ("ENABLED", "DISABLED"), "ENABLED") == "ENABLED"
    target = properties.part("Target", ("Arn", "RoleArn", "Input", "RetryPolicy"))
    made = _made(context, resource, _expression(properties, at_allowed=True, timezone=timezone), enabled, target)
    return replace(made, timezone=timezone, starts=_date(properties, "StartDate"), ends=_date(properties, "EndDate"))


def _window(context: Context, resource: Resource, properties: Properties) -> None:
    window = properties.part("FlexibleTimeWindow", ("Mode", "MaximumWindowInMinutes"))
    if window.choice("Mode", ("OFF", "FLEXIBLE")) == "FLEXIBLE":
        window.text("MaximumWindowInMinutes")
        window.integer("MaximumWindowInMinutes", 1, 1, 1440)
        context.ignore(f"{resource.logical_id}.FlexibleTimeWindow", "invoked at the beginning of its window")


def _date(properties: Properties, name: str) -> datetime | None:
    text = properties.optional_text(name)
    if text is None:
        return None
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise properties.error(f"{text!r} is no date such as 2030-01-31T08:00:00Z", name) from None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _made(context: Context, resource: Resource, expression: str, enabled: bool, target: Properties) -> Schedule:
    if "RetryPolicy" in target:
        context.ignore(f"{resource.logical_id}.RetryPolicy", _RETRY)
    given = target.optional_text("Input")
    if given is not None:
        try:
            json.loads(given)
        except ValueError as error:
            raise target.error(f"is not JSON: {error}", "Input") from error
    return Schedule(
        logical_id=resource.logical_id,
        name=context.identities.name(resource),
        arn=context.identities.arn(resource),
        expression=expression,
        function=context.function_name(target.text("Arn"), (*target.where, "Arn")),
        input=given,
        enabled=enabled,
    )


def _expression(properties: Properties, *, at_allowed: bool, timezone: str = "UTC") -> str:
    expression = properties.text("ScheduleExpression")
    forms = "rate(5 minutes), cron(0 8 * * ? *)" + (" or at(2030-01-31T08:00:00)" if at_allowed else "")
    if expression.startswith("at(") and not at_allowed:
        raise properties.error(f"{expression!r} is not of the form {forms}", "ScheduleExpression")
    try:
        parse(expression, datetime.now(UTC), timezone)
    except InvalidExpression as error:
        raise properties.error(f"{error}; it is not of the form {forms}", "ScheduleExpression") from error
    return expression
