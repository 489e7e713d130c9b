"""Lambda's REPORT line: what an invocation took (Lambda developer guide, "Viewing CloudWatch logs for Python functions")."""

import re
from dataclasses import dataclass

_NUMBERS = re.compile(rb"\t(Duration|Init Duration|Max Memory Used): ([0-9.]+)")
_MARK = b"REPORT RequestId: "


@dataclass(frozen=True, slots=True)
class Report:
    """Milliseconds and megabytes; None for what the line does not have."""

    duration_ms: float | None = None
    init_ms: float | None = None
    max_memory_mb: int | None = None


def report_of(log: bytes) -> Report:
    """Of the last REPORT line in a log; an empty one where there is none."""
    begin = log.rfind(_MARK)
    if begin < 0:
        return Report()
    found = dict(_NUMBERS.findall(log, begin))
    return Report(_number(found.get(b"Duration")), _number(found.get(b"Init Duration")), _whole(found))


def _number(text: bytes | None) -> float | None:
    return None if text is None else float(text)


def _whole(found: dict[bytes, bytes]) -> int | None:
    text = found.get(b"Max Memory Used")
    return None if text is None else int(float(text))
