"""SHA-256 of parts, as they were signed into addresses.

S3 wants them again when the parts are put together, and lists them with the parts (API reference, ListParts); SeaweedFS wants
them and does not list them.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.ids import new_id
from chat4all.stores.table import Connection, Table

_KEPT_LONGER_S = 86_400


class SignedParts(Table):
    """The parts of one request for addresses: written once, and gone a day after the upload's time is over."""

    noun: ClassVar[str] = "signed-parts"

    class Meta(Connection):
        pass

    file_id = UnicodeAttribute(hash_key=True)
    request_id = UnicodeAttribute(range_key=True)
    """A UUIDv7: later ones sort later."""
    sha256: Any = JSONAttribute()
    """In hex, by part number."""
    expires_at = NumberAttribute()


def keep_signed(file_id: str, sha256: Mapping[str, str], upload_expires_at_ms: int) -> None:
    """Write down what is signed, before anybody has the address."""
    SignedParts(file_id, new_id(), sha256=dict(sha256), expires_at=upload_expires_at_ms // 1000 + _KEPT_LONGER_S).save()


def signed_sha256(file_id: str) -> dict[int, str]:
    """Of each part that was ever signed, as it was signed last."""
    sums: dict[int, str] = {}
    for request in SignedParts.query(file_id, consistent_read=True):
        sums |= {int(number): digest for number, digest in request.sha256.items()}
    return sums
