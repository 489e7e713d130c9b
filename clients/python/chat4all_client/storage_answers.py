"""What S3 says to a part or a range, and what to do about it (Amazon S3 API reference, "Error responses")."""

import re
from enum import Enum

from chat4all_client.connections import Answer

_CODE = re.compile(rb"<Code>([A-Za-z0-9_.]+)</Code>")
_OTHER_BYTES = frozenset({"BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch", "InvalidDigest"})
_CUT_SHORT = frozenset({"RequestTimeout", "IncompleteBody", "SlowDown", "OperationAborted"})


class Fate(Enum):
    """Of one try."""

    ARRIVED = "arrived"
    AGAIN = "again"
    NEW_URL = "new_url"
    """The URL is good no more: expired, or signed with credentials that are."""
    OTHER_BYTES = "other_bytes"
    """The bytes that came are not those that were announced."""
    GONE = "gone"
    """There is no such upload any more, or no such file."""
    REFUSED = "refused"


def code_of(answer: Answer) -> str:
    """The code in the XML of an error; the status where there is none."""
    found = _CODE.search(answer.body)
    return found[1].decode() if found else f"http_{answer.status}"


def fate_of(answer: Answer) -> Fate:
    """What becomes of the part, or of the range."""
    code = code_of(answer)
    if answer.status in (200, 206):
        return Fate.ARRIVED
    if code in _OTHER_BYTES:
        return Fate.OTHER_BYTES
    if code in _CUT_SHORT or answer.status in (408, 429) or answer.status >= 500:
        return Fate.AGAIN
    if answer.status == 403:
        return Fate.NEW_URL
    return Fate.GONE if answer.status in (404, 410) else Fate.REFUSED
