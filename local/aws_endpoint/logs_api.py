"""CloudWatch Logs, reading: the log groups `/aws/lambda/<function>` with what the functions have printed.

docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
"""

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from local.application import Application
from local.aws_endpoint.errors import AwsError
from local.aws_endpoint.filter_pattern import InvalidPattern, compile_pattern
from local.aws_endpoint.json_protocol import Answer, Input, JsonService
from local.endpoints import Endpoints
from local.function_logs import LogEvent, StreamSummary, began_ms, events, streams

_PREFIX = "/aws/lambda/"
_INVALID = "InvalidParameterException"
_PAGE_EVENTS = 10_000
_PAGE_BYTES = 1_048_576
_LATEST_MS = 1 << 62
_NO_ID = "0" * 56
_NO_GROUP = "The specified log group does not exist."
_NO_STREAM = "The specified log stream does not exist."


class LogsApi:
    """Reads the files in `folder`, one log for each function."""

    def __init__(self, application: Application, endpoints: Endpoints, folder: Path) -> None:
        self._application = application
        self._arn = f"arn:aws:logs:{endpoints.region}:{endpoints.account_id}:log-group:"
        self._folder = folder

    def service(self) -> JsonService:
        operations = {
            "DescribeLogGroups": self.describe_log_groups,
            "DescribeLogStreams": self.describe_log_streams,
            "GetLogEvents": self.get_log_events,
            "FilterLogEvents": self.filter_log_events,
        }
        return JsonService("logs", operations, _INVALID, in_thread=True)

    def describe_log_groups(self, given: Input) -> Answer:
        """A function has a group once it has run, as on AWS."""
        prefix, part = given.text("logGroupNamePrefix", ""), given.text("logGroupNamePattern", "")
        if prefix and part:
            raise given.error("LogGroupNamePrefix and LogGroupNamePattern are mutually exclusive parameters.")
        groups = []
        for name in sorted(self._application.functions):
            group = _PREFIX + name
            began = began_ms(self._file(name)) if group.startswith(prefix) and part.lower() in group.lower() else None
            if began is not None:
                groups.append(self._group(group, began, self._file(name).stat().st_size))
        return _page(given, groups, "logGroups", lambda one: str(one["logGroupName"]))

    def describe_log_streams(self, given: Input) -> Answer:
        log = self._log(given)
        prefix = given.text("logStreamNamePrefix", "")
        order = given.choice("orderBy", ("LogStreamName", "LastEventTime"), "LogStreamName")
        if prefix and order == "LastEventTime":
            raise given.error("Cannot order by LastEventTime with a logStreamNamePrefix.")
        found = [each for each in streams(log) if each.name.startswith(prefix)]
        found.sort(
            key=lambda each: (each.last_ms if order == "LastEventTime" else 0, each.name),
            reverse=given.boolean("descending"),
        )
        group = _PREFIX + log.stem
        described = [self._stream(group, each) for each in found]
        return _page(given, described, "logStreams", lambda one: str(one["logStreamName"]))

    def get_log_events(self, given: Input) -> Answer:
        """The last events of a stream; from the first on with `startFromHead`, or from where a token says."""
        log, stream = self._log(given), given.text("logStreamName")
        if all(each.name != stream for each in streams(log)):
            raise AwsError(400, "ResourceNotFoundException", _NO_STREAM)
        limit = given.integer("limit", _PAGE_EVENTS, 1, _PAGE_EVENTS)
        start, end = given.integer("startTime", 0, 0, _LATEST_MS), given.integer("endTime", _LATEST_MS, 0, _LATEST_MS)
        direction, token = _direction(given)
        found = [
            each
            for each in events(log, start, token if direction == "f" else "")
            if each.stream == stream and start <= each.time_ms < end and (direction != "b" or each.id < token)
        ]
        from_head = direction == "f" or (not direction and given.boolean("startFromHead"))
        found = _fitting(found[:limit]) if from_head else _fitting(found[-limit:][::-1])[::-1]
        first, last = (found[0].id, found[-1].id) if found else (token or _NO_ID, token or _NO_ID)
        return {
            "events": [_event(each) for each in found],
            "nextForwardToken": f"f/{last}",
            "nextBackwardToken": f"b/{first}",
        }

    def filter_log_events(self, given: Input) -> Answer:
        log = self._log(given)
        limit = given.integer("limit", _PAGE_EVENTS, 1, _PAGE_EVENTS)
        start, end = given.integer("startTime", 0, 0, _LATEST_MS), given.integer("endTime", _LATEST_MS, 0, _LATEST_MS)
        names, prefix = given.texts("logStreamNames"), given.text("logStreamNamePrefix", "")
        if names and prefix:
            raise given.error("LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.")
        try:
            matches = compile_pattern(given.text("filterPattern", ""))
        except InvalidPattern as error:
            raise given.error(f"Invalid filter pattern: {error}") from error
        wanted = (
            each
            for each in events(log, start, _after(given))
            if each.time_ms <= end
            and (each.stream in names if names else each.stream.startswith(prefix))
            and matches(each.message)
        )
        found = list(islice(wanted, limit + 1))
        shown = _fitting(found[:limit])
        answer: dict[str, Any] = {"events": [_event(each, named=True) for each in shown], "searchedLogStreams": []}
        if len(shown) < len(found):
            answer["nextToken"] = shown[-1].id
        return answer

    def _log(self, given: Input) -> Path:
        """The log of the group that is named, or meant by its ARN."""
        name, identifier = given.optional_text("logGroupName"), given.optional_text("logGroupIdentifier")
        if (name is None) == (identifier is None):
            raise given.error("Exactly one of logGroupName and logGroupIdentifier is required.")
        group = name or str(identifier).removeprefix(self._arn).removesuffix(":*")
        if not re.fullmatch(r"[.\-_/#A-Za-z0-9]{1,512}", group):
            text = (
                f"1 validation error detected: Value '{group}' at 'logGroupName' failed to satisfy constraint: "
                r"Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+"
            )
            raise given.error(text)
        function = group.removeprefix(_PREFIX)
        known = group.startswith(_PREFIX) and function in self._application.functions
        if not known or began_ms(self._file(function)) is None:
            raise AwsError(400, "ResourceNotFoundException", _NO_GROUP)
        return self._file(function)

    def _file(self, function: str) -> Path:
        return self._folder / f"{function}.log"

    def _group(self, name: str, began: int, size: int) -> dict[str, Any]:
        return {
            "logGroupName": name,
            "creationTime": began,
            "metricFilterCount": 0,
            "arn": f"{self._arn}{name}:*",
            "logGroupArn": f"{self._arn}{name}",
            "storedBytes": size,
            "logGroupClass": "STANDARD",
        }

    def _stream(self, group: str, stream: StreamSummary) -> dict[str, Any]:
        return {
            "logStreamName": stream.name,
            "creationTime": stream.first_ms,
            "firstEventTimestamp": stream.first_ms,
            "lastEventTimestamp": stream.last_ms,
            "lastIngestionTime": stream.last_ms,
            "arn": f"{self._arn}{group}:log-stream:{stream.name}",
            "storedBytes": 0,  # of a stream always 0 since 2019, says the API reference
        }


def _event(event: LogEvent, named: bool = False) -> dict[str, Any]:
    answer: dict[str, Any] = {"timestamp": event.time_ms, "message": event.message, "ingestionTime": event.time_ms}
    if named:
        answer |= {"logStreamName": event.stream, "eventId": event.id}
    return answer


def _fitting(found: list[LogEvent]) -> list[LogEvent]:
    """As many events as fit in a page of 1 MB, at least one."""
    size = 0
    for count, each in enumerate(found):
        size += len(each.message.encode()) + 26
        if size > _PAGE_BYTES and count:
            return found[:count]
    return found


def _direction(given: Input) -> tuple[str, str]:
    """`f` or `b` and the id of an event, of a token; both empty without one."""
    token = given.text("nextToken", "")
    match = re.fullmatch(r"([fb])/(\d{56})", token)
    if token and match is None:
        raise given.error("The specified nextToken is invalid.")
    return (match[1], match[2]) if match else ("", "")


def _after(given: Input) -> str:
    token = given.text("nextToken", "")
    if token and not re.fullmatch(r"\d{56}", token):
        raise given.error("The specified nextToken is invalid.")
    return token


def _page(given: Input, found: list[dict[str, Any]], name: str, name_of: Callable[[dict[str, Any]], str]) -> Answer:
    """A page after the one whose name is the token."""
    limit = given.integer("limit", 50, 1, 50)
    token = given.text("nextToken", "")
    names = [name_of(each) for each in found]
    if token and token not in names:
        raise given.error("The specified nextToken is invalid.")
    begin = names.index(token) + 1 if token else 0
    answer: dict[str, Any] = {name: found[begin : begin + limit]}
    if begin + limit < len(found):
        answer["nextToken"] = names[begin + limit - 1]
    return answer
