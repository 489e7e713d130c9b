"""Cursors: where a stream stands in each partition of the topic, as a text that a client hands back.

It is no secret and grants nothing: whose events are read is said by the token of the call. Its checksum tells a cursor of this
user from one of another, and from one that was cut off or changed.
"""

import base64
import binascii
import zlib
from collections.abc import Iterable, Mapping

from chat4all.errors import Invalid

Positions = Mapping[int, int]
"""Number of the next record by partition."""
_VERSION = 1
_LONGEST = 8_192
_CHECK_BYTES = 4


def encode(positions: Positions, user_id: str) -> str:
    """The cursor of `user_id` behind everything before `positions`. A partition that is not named stands at its beginning."""
    last = max(positions, default=-1)
    body = bytes([_VERSION]) + b"".join(_varint(positions.get(number, 0)) for number in range(last + 1))
    return base64.urlsafe_b64encode(body + _check(body, user_id)).decode().rstrip("=")


def decode(cursor: str, user_id: str) -> dict[int, int]:
    """The positions in `cursor`; raises Invalid (`invalid_cursor`)."""
    try:
        text = base64.b64decode(cursor[:_LONGEST] + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _invalid() from error
    body, check = text[:-_CHECK_BYTES], text[-_CHECK_BYTES:]
    if len(cursor) > _LONGEST or not body or body[0] != _VERSION or check != _check(body, user_id):
        raise _invalid()
    return dict(enumerate(_numbers(body[1:])))


def _invalid() -> Invalid:
    return Invalid.at("/cursor", "is no cursor of this user's events", "invalid_cursor")


def _check(body: bytes, user_id: str) -> bytes:
    return zlib.crc32(user_id.encode() + body).to_bytes(_CHECK_BYTES, "big")


def _varint(number: int) -> bytes:
    """Base 128, as protobuf has it: seven bits a byte, the lowest first."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _numbers(body: bytes) -> Iterable[int]:
    number = shift = 0
    for byte in body:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0
