"""The lanes of those who take files one after the other."""

from chat4all.kafka.record import Record


def file_of(record: Record) -> str:
    """Each file is a lane of its own: one that has to wait holds back no other."""
    return str(record.event["data"]["file_id"])
