"""Beginning a file: its item is written before its bytes, together with what its owner's quota counts for it."""

from chat4all.config import Settings
from chat4all.errors import Conflict, Unavailable
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import FILES
from chat4all.stores.file_quotas import find_quota
from chat4all.stores.file_writes import count_file
from chat4all.stores.files import File, stored_file


def begun(wanted: File, settings: Settings) -> File:
    """`wanted`, written and counted; the one that is there where an Idempotency-Key was used before.

    Raises:
        Conflict: `file_quota_reached`, `too_many_uploads`: the owner's quota has no room for it, and nothing was written;
            `idempotency_key_reused`: for another file.
        Unavailable.
    """
    if count_file(wanted, settings.file_quota_bytes, settings.unfinished_uploads_max):
        count(FILES, "begun")
        return wanted
    standing = stored_file(wanted.file_id)
    if standing is None:
        raise _no_room(wanted, settings)
    if standing.leaving:
        raise Unavailable("The file of this Idempotency-Key is being deleted at this moment. Try again.")
    if standing.owner_id != wanted.owner_id or standing.fingerprint != wanted.fingerprint:
        raise Conflict("This Idempotency-Key was used for another file", code="idempotency_key_reused")
    return standing


def _no_room(wanted: File, settings: Settings) -> Conflict:
    quota = find_quota(wanted.owner_id)
    taken, uploads = int(quota.total_bytes or 0), int(quota.uploads or 0)
    if wanted.part_count and uploads >= settings.unfinished_uploads_max:
        detail = (
            f"You have {uploads} unfinished uploads; at most {settings.unfinished_uploads_max}: finish or delete some"
        )
        return Conflict(detail, code="too_many_uploads")
    detail = (
        f"Your files have {taken} bytes of {settings.file_quota_bytes}; "
        f"there is no room for {int(wanted.counted_bytes or 0)} more: delete some"
    )
    return Conflict(detail, code="file_quota_reached")
