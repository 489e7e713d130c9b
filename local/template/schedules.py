"""Schedules: EventBridge rules with a schedule, and EventBridge Scheduler.

Expressions: docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import json
import re

from local.application import Schedule
from local.template.context import Context, Properties
from local.template.resources import Resource

_RATE = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)")
_CRON = re.compile(r"cron\(\s*\S+(\s+\S+){5}\s*\)")
_AT = re.compile(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)")
_INFORMATIVE = {"Description": "informative", "Tags": "informative", "GroupName": "informative"}
_RULE_IGNORED = _INFORMATIVE | {"RoleArn": "permissions are not enforced here"}
_RETRY = "asynchronous invocations are retried as Lambda does"


def read_schedules(context: Context) -> tuple[Schedule, ...]:
    """Return the schedules in the order of the template; a rule with several targets gives one for each."""
    found: list[Schedule] = []
    for rule in context.of_type("AWS::Events::Rule"):
        found += _rule(context, rule)
    found += [_schedule(context, each) for each in context.of_type("AWS::Scheduler::Schedule")]
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
    known = ("Name", "ScheduleExpression", "State", "Target", "FlexibleTimeWindow", "ScheduleExpressionTimezone")
    properties = context.read(resource, known, _INFORMATIVE | {"KmsKeyArn": "data at rest are not encrypted here"})
    properties.choice("ScheduleExpressionTimezone", ("UTC",), "UTC")
    properties.part("FlexibleTimeWindow", ("Mode",)).choice("Mode", ("OFF",))
    enabled = properties.choice("State", ("ENABLED", "DISABLED"), "ENABLED") == "ENABLED"
    target = properties.part("Target", ("Arn", "RoleArn", "Input", "RetryPolicy"))
    return _made(context, resource, _expression(properties, at_allowed=True), enabled, target)


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


def _expression(properties: Properties, *, at_allowed: bool) -> str:
    expression = properties.text("ScheduleExpression")
    rate = _RATE.fullmatch(expression)
    if rate and int(rate.group(1)) > 0:
        return expression
    if _CRON.fullmatch(expression) or (at_allowed and _AT.fullmatch(expression)):
        return expression
    forms = "rate(5 minutes), cron(0 8 * * ? *)" + (" or at(2030-01-31T08:00:00)" if at_allowed else "")
    raise properties.error(f"{expression!r} is not of the form {forms}", "ScheduleExpression")
