"""The scan hook: somebody else's judgement of a file's bytes, asked for before the file is shown to anybody. Off by default."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Protocol

from chat4all.retries.trouble import TryLater

ANSWERS_WITHIN_S = 40
"""Longest time of a scan; who asks for one keeps so much of its invocation."""


class ScanFailed(TryLater):
    """Nothing is known of the file: it is not let through, and the scan is tried again."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What is to be judged: an object in S3 that the scanner reads itself."""

    bucket: str
    key: str
    file_id: str
    size: int
    content_type: str
    sha256: str


class Scanner(Protocol):
    """Judges files."""

    def threat_in(self, subject: Scanned) -> str | None:
        """Name of the threat; None where there is none. The same file may be asked about several times.

        Raises:
            ScanFailed: it cannot be said now.
        """


class LambdaScanner:
    """Invokes a function with a `Scanned` as JSON, which answers `{"clean": true}` or `{"clean": false, "threat": "name"}`."""

    def __init__(self, function: str) -> None:
        self._function = function

    def threat_in(self, subject: Scanned) -> str | None:
        """See Scanner."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer = self._lambda.invoke(FunctionName=self._function, Payload=json.dumps(asdict(subject)))
            payload = answer["Payload"].read()
        except (BotoCoreError, ClientError, OSError) as error:
            raise ScanFailed(f"scan_failed: {self._function}: {type(error).__name__}: {error}") from error
        if "FunctionError" in answer:
            raise ScanFailed(f"scan_failed: {self._function}: {payload[:300].decode(errors='replace')}")
        return _judgement(self._function, payload)

    @cached_property
    def _lambda(self) -> Any:
        import boto3
        from botocore.config import Config

        config = Config(connect_timeout=2, read_timeout=ANSWERS_WITHIN_S, retries={"total_max_attempts": 1})
        return boto3.client("lambda", config=config)


def _judgement(function: str, payload: bytes) -> str | None:
    try:
        answer = json.loads(payload)
    except ValueError:
        answer = None
    if not isinstance(answer, Mapping) or not isinstance(answer.get("clean"), bool):
        shown = payload[:300].decode(errors="replace")
        raise ScanFailed(f"scan_failed: {function} answered {shown}, which is not {{clean, threat?}}")
    return None if answer["clean"] else str(answer.get("threat") or "unknown")
