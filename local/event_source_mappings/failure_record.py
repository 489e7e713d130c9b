"""The document that goes to a Kafka on-failure destination, one for each record.

"Using a Kafka topic as an on-failure destination", record format: metadata and the record itself, under its own key.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from local.event_source_mappings.event import Source, event
from local.event_source_mappings.record import Record

RETRIES_EXHAUSTED = "RetriesExhausted"
RECORD_AGE_EXCEEDED = "RecordAgeExceeded"
"""Of MaximumRecordAgeInSeconds (unverified: AWS shows no document of this case)."""
PAYLOAD_SIZE_EXCEEDED = "MaximumPayloadSizeExceeded"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why records are given up."""

    condition: str
    request_id: str
    function_arn: str
    invoke_count: int
    function_error: str | None
    """None where no invocation failed with a function error: the response context then is null or has none."""


def failure_record(source: Source, record: Record, cause: Cause, now: datetime, with_value: bool = True) -> bytes:
    """The document as JSON. Without the value where it would be too large for the topic; the offset still names it."""
    payload = json.loads(event(source, (record,)))
    if not with_value:
        payload["records"][record.topic_partition][0].pop("value", None)
    document = {
        "requestContext": {
            "requestId": cause.request_id,
            "functionArn": cause.function_arn,
            "condition": cause.condition,
            "approximateInvokeCount": cause.invoke_count,
        },
        "responseContext": _response(cause),
        "version": "1.0",
        "timestamp": _time(now),
        "KafkaBatchInfo": {
            "batchSize": 1,
            **({} if source.event_source_arn is None else {"eventSourceArn": source.event_source_arn}),
            "bootstrapServers": source.bootstrap_servers,
            "payloadSize": len(record.json),
            "recordInfo": {
                "offset": str(record.offset),
                "timestamp": _time(datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)),
            },
        },
        "payload": payload,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _response(cause: Cause) -> dict[str, object] | None:
    if cause.invoke_count == 0:
        return None
    error = {} if cause.function_error is None else {"functionError": cause.function_error}
    return {"statusCode": 200, "executedVersion": "$LATEST", **error}


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
