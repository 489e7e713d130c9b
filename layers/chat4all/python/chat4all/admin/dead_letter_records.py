"""What records on a dead letter topic mean: letters of consumers, documents of mappings, and marks of replays."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chat4all.kafka.dead_letters import (
    CAUSE,
    CONSUMER,
    ORIGIN,
    REPLAYED,
    STAMP,
    SUFFIX,
    TIME,
    TRIES,
    DeadLetter,
    origin_of,
    parse_origin,
)
from chat4all.tracing.trace_context import of_headers


def replayed_origin(record: Any) -> str | None:
    """The origin whose letter was replayed, where the record is a mark."""
    return _headers(record).get(REPLAYED)


def letters_in(record: Any) -> list[DeadLetter]:
    """Letters in a record of kafka-python; a record that is neither kind is one letter that says so."""
    headers = _headers(record)
    if ORIGIN in headers:
        return [_own(record, headers)]
    try:
        document = json.loads(record.value or b"null")
        if isinstance(document, dict) and "KafkaBatchInfo" in document:
            return _of_mapping(document)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    topic = record.topic.removesuffix(SUFFIX)
    at = origin_of(record.topic, record.partition, record.offset)
    cause = f"neither a letter nor a mapping's document, at {at}"
    # Where it came from is not known; its place among the letters keeps it apart from others.
    return [
        DeadLetter(
            topic, -1 - record.partition, record.offset, record.key, record.value, cause, time_ms=record.timestamp
        )
    ]


def _own(record: Any, headers: Mapping[str, str]) -> DeadLetter:
    topic, partition, offset = parse_origin(headers[ORIGIN])
    return DeadLetter(
        topic,
        partition,
        offset,
        record.key,
        record.value,
        headers.get(CAUSE, ""),
        headers.get(CONSUMER, ""),
        int(headers.get(TRIES) or 1),
        int(headers.get(TIME) or record.timestamp),
        int(headers.get(STAMP) or 0),
        of_headers(headers),
    )


def _of_mapping(document: Mapping[str, Any]) -> list[DeadLetter]:
    """Lambda developer guide, "Using a Kafka topic as an on-failure destination": metadata and the records themselves."""
    context = document["requestContext"]
    error = (document.get("responseContext") or {}).get("functionError")
    cause = f"the mapping gave up: {context['condition']}" + (f", function error {error}" if error else "")
    function = str(context["functionArn"]).split(":function:")[-1].split(":")[0]
    time_ms = int(datetime.fromisoformat(document["timestamp"]).timestamp() * 1000)
    tries = int(context.get("approximateInvokeCount") or 0)
    return [
        DeadLetter.of(raw, cause, function, tries, time_ms)
        for raws in document["payload"]["records"].values()
        for raw in raws
    ]


def shown(letter: DeadLetter, *, replayed_at: int | None, whole: bool) -> dict[str, Any]:
    """A letter as JSON; `whole` with what it holds: as JSON, else as text, else in base64."""
    document = {
        "id": letter.origin,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "conversation": None if letter.key is None else letter.key.decode(errors="backslashreplace"),
        "cause": letter.cause,
        "consumer": letter.consumer,
        "tries": letter.tries,
        "time_ms": letter.time_ms,
        "record_time_ms": letter.timestamp_ms,
        "bytes": len(letter.value or b""),
        "replayed_at_ms": replayed_at,
    }
    return document | (content(letter.value) if whole else {})


def content(value: bytes | None) -> dict[str, Any]:
    """What a record holds: {"value": JSON}, else {"text"}, else {"base64"}."""
    if value is None:
        return {"value": None}
    try:
        return {"value": json.loads(value)}
    except (ValueError, RecursionError):
        pass
    try:
        return {"text": value.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def _headers(record: Any) -> dict[str, str]:
    return {name: (value or b"").decode(errors="backslashreplace") for name, value in record.headers or ()}
