"""When a schedule is due: `rate(…)`, `cron(…)` and `at(…)` ("Schedule types in EventBridge Scheduler")."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aws_croniter import AwsCroniter

NextTime = Callable[[datetime], datetime | None]
"""The first time after the one given, both in UTC; None when there is none any more."""

_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


class InvalidExpression(ValueError):
    """EventBridge does not take the expression or its time zone; says why."""


def parse(expression: str, start: datetime, timezone: str = "UTC", *, at_once: bool = False) -> NextTime:
    """The times of an expression. Raises InvalidExpression.

    Those of a rate count from `start`, which is one of them where `at_once` says so; cron and at mean the wall clock of
    `timezone`. A time that daylight saving skips is left out, and one that comes twice counts once.
    """
    found = re.fullmatch(r"(rate|cron|at)\((.*)\)", expression.strip())
    if found is None:
        raise InvalidExpression(f"{expression!r} is not rate(…), cron(…) or at(…)")
    kind, content = found.groups()
    zone = _zone(timezone)
    try:
        if kind == "rate":
            return _rate(content, start, at_once)
        return _on_wall_clock(_cron(content) if kind == "cron" else _at(content), zone)
    except InvalidExpression as error:
        raise InvalidExpression(f"{expression!r}: {error}") from error


def between(times: NextTime, first: datetime | None, last: datetime | None) -> NextTime:
    """Those of `times` from `first` (StartDate) to `last` (EndDate)."""

    def next_time(after: datetime) -> datetime | None:
        found = times(after if first is None else max(after, first - timedelta(microseconds=1)))
        return None if found is not None and last is not None and found > last else found

    return next_time


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidExpression(f"{name!r} is no time zone of the IANA database") from error


def _rate(content: str, start: datetime, at_once: bool) -> NextTime:
    found = re.fullmatch(r"([1-9]\d*) (minute|hour|day)(s?)", content)
    if found is None:
        raise InvalidExpression("expected a positive number and minute(s), hour(s) or day(s)")
    number, unit, plural = int(found[1]), found[2], found[3]
    if (number > 1) is not bool(plural):
        raise InvalidExpression(f"{number} goes with {unit if number == 1 else unit + 's'}")
    period = number * _UNITS[unit]
    first = 0 if at_once else 1
    return lambda after: start + max((after - start) // period + 1, first) * period


def _cron(content: str) -> NextTime:
    try:
        cron = AwsCroniter(content)
    except Exception as error:  # one class for each field, and plain ValueError
        raise InvalidExpression(str(error)) from error

    def next_time(after: datetime) -> datetime | None:
        (found,) = cron.get_next(after)
        return found if found is None or isinstance(found, datetime) else None

    return next_time


def _at(content: str) -> NextTime:
    try:
        moment = datetime.strptime(content, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidExpression("expected yyyy-mm-ddThh:mm:ss") from error
    return lambda after: moment if after < moment else None


def _on_wall_clock(times: NextTime, zone: ZoneInfo) -> NextTime:
    """`times` speak of a wall clock, whose readings they carry as if they were UTC."""

    def next_time(after: datetime) -> datetime | None:
        reading: datetime | None = after.astimezone(zone).replace(tzinfo=UTC, fold=0)
        while reading is not None and (reading := times(reading)) is not None:
            due = reading.replace(tzinfo=zone).astimezone(UTC)
            exists = due.astimezone(zone).replace(tzinfo=UTC, fold=0) == reading
            if exists and due > after:
                return due
        return None

    return next_time
