"""The API of topics: partitions, records, groups, and a record produced by hand."""

import asyncio
import base64
import binascii
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from aiohttp import web

from local.console.answers import ApiError, Handler, number_of, read_body, text_of
from local.console.kafka_reader import Ends, KafkaReader, KafkaUnavailable, Record, Span
from local.console.record_view import bytes_view
from local.console.topic_state import lag_of

T = TypeVar("T")
_RECORDS = 200


class Topics:
    """`reader` is None where the application has no Kafka."""

    def __init__(self, reader: KafkaReader | None) -> None:
        self._reader = reader
        self._thread = ThreadPoolExecutor(1, "console-kafka")

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", "/api/topics/{topic}", self.describe),
            ("GET", "/api/topics/{topic}/records", self.records),
            ("POST", "/api/topics/{topic}/records", self.produce),
        ]

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
        if self._reader is not None:
            self._reader.close()

    async def describe(self, request: web.Request) -> Any:
        """{name, partitions: [{partition, begin, end}], groups: [{group, partitions: [{partition, committed, lag}], lag}]}."""
        topic = request.match_info["topic"]
        spans = await self._spans(topic)
        committed = await self._ask(lambda reader: reader.committed())
        groups = [
            _group(name, topic, spans, offsets)
            for name, offsets in sorted(committed.items())
            if any(of == topic for of, _ in offsets)
        ]
        partitions = [{"partition": number, "begin": begin, "end": end} for number, (begin, end) in spans.items()]
        return {"name": topic, "partitions": partitions, "groups": groups}

    async def records(self, request: web.Request) -> Any:
        """{records, next}: the newest first; `?before=<next>` is the next page, `?partition=` only one, `?limit=` up to 200.

        A record is {partition, offset, timestamp, key, value, headers: [{name, value}]}; key and values as `bytes_view`.
        """
        topic, limit = request.match_info["topic"], max(1, number_of(request, "limit", 50, highest=_RECORDS))
        spans = await self._spans(topic)
        if "partition" in request.query:
            only = number_of(request, "partition", 0, highest=2**31 - 1)
            spans = {number: span for number, span in spans.items() if number == only}
        ranges = page_ranges(spans, parse_cursor(request.query.get("before", "")), limit)
        found = await self._ask(lambda reader: reader.read(topic, ranges))
        shown = sorted(found, key=lambda one: (one.timestamp_ms, one.partition, one.offset), reverse=True)[:limit]
        return {"records": [_view(one) for one in shown], "next": next_cursor(spans, ranges, found, shown)}

    async def produce(self, request: web.Request) -> Any:
        """{partition?, key?, value?, headers?: [{name, value}], encoding?: "text" | "base64"} -> {partition, offset}.

        `encoding` is that of key and value; without a key there is none, without a value it is a tombstone.
        """
        topic, body = request.match_info["topic"], await read_body(request)
        spans = await self._spans(topic)
        partition = body.get("partition")
        if partition is not None and (isinstance(partition, bool) or partition not in spans):
            raise ApiError(400, f"partition must be one of {', '.join(map(str, spans))}, or left out")
        encoding = text_of(body, "encoding", "text")
        if encoding not in ("text", "base64"):
            raise ApiError(400, "encoding must be text or base64")
        key, value = (_bytes(body, name, encoding) for name in ("key", "value"))
        headers = _headers(body.get("headers", []))
        placed = await self._ask(lambda reader: reader.produce(topic, partition, key, value, headers))
        return {"partition": placed[0], "offset": placed[1]}

    async def _spans(self, topic: str) -> Mapping[int, Span]:
        ends: Ends = await self._ask(lambda reader: reader.ends())
        if topic not in ends:
            raise ApiError(404, f"there is no topic {topic[:250]}")
        return ends[topic]

    async def _ask(self, what: Callable[[KafkaReader], T]) -> T:
        reader = self._reader
        if reader is None:
            raise ApiError(404, "this application has no Kafka")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, what, reader)
        except KafkaUnavailable as error:
            raise ApiError(502, f"Kafka: {error}") from error


def parse_cursor(text: str) -> dict[int, int]:
    """Offsets by partition of `0:15,1:7`. Raises ApiError."""
    try:
        pairs = [one.split(":") for one in text.split(",") if one]
        return {int(partition): int(offset) for partition, offset in pairs}
    except ValueError as error:
        raise ApiError(400, "before must look like 0:15,1:7 (offset by partition)") from error


def page_ranges(spans: Mapping[int, Span], before: Mapping[int, int], limit: int) -> dict[int, Span]:
    """Where the next `limit` records of each partition may lie."""
    ranges = {}
    for number, (begin, end) in spans.items():
        stop = max(begin, min(end, before.get(number, end)))
        ranges[number] = (max(begin, stop - limit), stop)
    return ranges


def next_cursor(
    spans: Mapping[int, Span], ranges: Mapping[int, Span], found: list[Record], shown: list[Record]
) -> str | None:
    """Where the page after `shown` begins; None at the beginning of the topic.

    Of a partition of which records were read and not shown, the page ends above the newest of those; otherwise the whole
    range is done with, even if it holds none (compaction, transactions).
    """
    places = {(one.partition, one.offset) for one in shown}
    stops = {}
    for number, (start, _) in ranges.items():
        held_back = [one.offset for one in found if one.partition == number and (number, one.offset) not in places]
        stops[number] = max(held_back) + 1 if held_back else start
    if all(stop <= spans[number][0] for number, stop in stops.items()):
        return None
    return ",".join(f"{number}:{stop}" for number, stop in stops.items())


def _group(name: str, topic: str, spans: Mapping[int, Span], offsets: Mapping[tuple[str, int], int]) -> dict[str, Any]:
    partitions = [
        {
            "partition": number,
            "committed": offsets.get((topic, number)),
            "lag": lag_of(span, offsets.get((topic, number))),
        }
        for number, span in spans.items()
    ]
    return {"group": name, "partitions": partitions, "lag": sum(one["lag"] or 0 for one in partitions)}


def _view(record: Record) -> dict[str, Any]:
    return {
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp_ms,
        "key": bytes_view(record.key),
        "value": bytes_view(record.value),
        "headers": [{"name": name, "value": bytes_view(value)} for name, value in record.headers],
    }


def _bytes(body: dict[str, Any], name: str, encoding: str) -> bytes | None:
    if body.get(name) is None:
        return None
    text = text_of(body, name)
    if encoding == "text":
        return text.encode(errors="surrogatepass")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ApiError(400, f"{name} is no base64: {error}") from error


def _headers(given: Any) -> list[tuple[str, bytes]]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ApiError(400, "headers must be a list of {name, value}")
    return [(text_of(one, "name"), text_of(one, "value").encode(errors="surrogatepass")) for one in given]
