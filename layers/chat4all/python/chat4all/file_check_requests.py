"""Asking for the verification of an upload."""

from chat4all.clock import now_ms
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.kafka.schemas import FILE_CHECK_REQUESTED
from chat4all.kafka.topics import Topic
from chat4all.stores.files import VERIFYING, File
from chat4all.stores.table import update_if

ASKED_AGAIN_AFTER_MS = 600_000
"""A check that has not come further for so long is asked for once more."""


def file_check_requested(file_id: str) -> Event:
    """`chat4all.file_check.requested.v1`."""
    return Event(Topic.FILE_CHECKS, FILE_CHECK_REQUESTED, file_id, {"file_id": file_id}, now_ms())


def request_check(publisher: Publisher, file: File) -> bool:
    """Have `file`, which is being verified, checked, from where a check has come; False where Kafka did not take it.

    Then `sweep_at` stays, and uploads_sweeper asks again. Asking twice does no harm: of two records each does its own steps.
    """
    try:
        publisher.publish([file_check_requested(file.file_id)])
    except PublishFailed:
        return False
    later = File.sweep_at.set(now_ms() + ASKED_AGAIN_AFTER_MS)
    update_if(file, [later], File.status == VERIFYING, "The check of the file could not be noted")
    return True
