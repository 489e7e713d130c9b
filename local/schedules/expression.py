"""When a schedule is due: `rate(…)`, `cron(…)` and `at(…)` ("Schedule types in EventBridge Scheduler"), in UTC."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aws_croniter import AwsCroniter

NextTime = Callable[[datetime], datetime | None]
"""The first time after the one given, both in UTC; None when there is none any more."""

_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


class InvalidExpression(ValueError):
    """EventBridge does not take the expression; says why."""


def parse(expression: str, start: datetime) -> NextTime:
    """The times of an expression; those of a rate count from `start`. Raises InvalidExpression."""
    found = re.fullmatch(r"(rate|cron|at)\((.*)\)", expression.strip())
    if found is None:
        raise InvalidExpression(f"{expression!r} is not rate(…), cron(…) or at(…)")
    kind, content = found.groups()
    try:
        return {"rate": _rate, "cron": _cron, "at": _at}[kind](content, start)
    except InvalidExpression as error:
        raise InvalidExpression(f"{expression!r}: {error}") from error


def _rate(content: str, start: datetime) -> NextTime:
    found = re.fullmatch(r"([1-9]\d*) (minute|hour|day)(s?)", content)
    if found is None:
        raise InvalidExpression("expected a positive number and minute(s), hour(s) or day(s)")
    number, unit, plural = int(found[1]), found[2], found[3]
    if (number > 1) is not bool(plural):
        raise InvalidExpression(f"{number} goes with {unit if number == 1 else unit + 's'}")
    period = number * _UNITS[unit]
    return lambda after: start + ((after - start) // period + 1) * period


def _cron(content: str, _start: datetime) -> NextTime:
    try:
        cron = AwsCroniter(content)
    except Exception as error:  # one class for each field, and plain ValueError
        raise InvalidExpression(str(error)) from error

    def next_time(after: datetime) -> datetime | None:
        (found,) = cron.get_next(after)
        return found if found is None or isinstance(found, datetime) else None

    return next_time


def _at(content: str, _start: datetime) -> NextTime:
    try:
        moment = datetime.strptime(content, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidExpression("expected yyyy-mm-ddThh:mm:ss") from error
    return lambda after: moment if after < moment else None
