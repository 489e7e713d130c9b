"""What is known of an image beside its bytes: width and height, and a thumbnail in S3, `thumbnails/<file_id>`.

S3 tells of each object that it has got: at least once, late, and not in order (Amazon S3 User Guide, "Event notification types
and destinations"). So what is in the event is only where to look: the item and the object are looked at as they are now. A
thumbnail is written before the item says that there is one, and removed where the item is gone or failed by then; who removes a
file removes its thumbnail after that. A death in between leaves the event to be repeated.
"""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import unquote_plus

from pynamodb.expressions.update import Action

from chat4all.domain.media_types import UNKNOWN
from chat4all.drawing import Drawn, draw
from chat4all.file_bucket import FileBucket, FileGone
from chat4all.logs import logger
from chat4all.stores.files import FAILED, File, find_file
from chat4all.stores.table import update_if

READ_MAX = 64 * 1024 * 1024
"""Bytes of an image that are read; a larger one is measured by its beginning and has no thumbnail."""
_KEY = re.compile(r"files/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What became of an object: drawn, measured, no_image, gone or unknown."""

    key: str
    became: str


class FilePreviews:
    """Looks at new objects."""

    def __init__(self, bucket: FileBucket) -> None:
        self._bucket = bucket

    def take(self, event: Mapping[str, Any], drawing: Path) -> list[dict[str, str]]:
        """See to every record of S3's event; {key, became} of each.

        Args:
            drawing: the program that measures and draws (chat4all.drawing).

        Raises:
            Unavailable, PynamoDBException: the event must come again.
        """
        seen = [self._take(unquote_plus(str(record["s3"]["object"]["key"])), drawing) for record in _records(event)]
        for each in seen:
            logger.info("preview", key=each.key, became=each.became)
        return [{"key": each.key, "became": each.became} for each in seen]

    def _take(self, key: str, drawing: Path) -> _Seen:
        found = _KEY.fullmatch(key)
        return _Seen(key, self._preview(found[1], drawing) if found else "unknown")

    def _preview(self, file_id: str, drawing: Path) -> str:
        file = find_file(file_id)
        if file is None or file.status == FAILED:
            self._bucket.delete_thumbnail(file_id)
            return "gone"
        if not file.content_type.startswith("image/") and file.content_type != UNKNOWN:
            return "no_image"
        with TemporaryFile() as image:
            try:
                self._read(file_id, image)
            except FileGone:
                self._bucket.delete_thumbnail(file_id)
                return "gone"
            drawn = draw(drawing, image)
        return "no_image" if drawn is None else self._keep(file, drawn)

    def _read(self, file_id: str, image: IO[bytes]) -> None:
        body = self._bucket.open(file_id, READ_MAX)
        try:
            shutil.copyfileobj(body, image, 1024 * 1024)
        finally:
            body.close()
        image.seek(0)

    def _keep(self, file: File, drawn: Drawn) -> str:
        actions: list[Action] = [File.width.set(drawn.width), File.height.set(drawn.height)]
        if drawn.thumbnail is not None:
            self._bucket.put_thumbnail(file.file_id, drawn.thumbnail, drawn.content_type)
            actions.append(File.thumbnail_type.set(drawn.content_type))
        stands = File.file_id.exists() & (File.status != FAILED) & File.leaving.does_not_exist()
        if not update_if(file, actions, stands, "The size of an image could not be written down"):
            self._bucket.delete_thumbnail(file.file_id)
            return "gone"
        return "measured" if drawn.thumbnail is None else "drawn"


def _records(event: Mapping[str, Any]) -> list[Any]:
    """None in the event with which S3 tries whether it may send any (s3:TestEvent)."""
    return [
        record for record in event.get("Records", ()) if str(record.get("eventName", "")).startswith("ObjectCreated:")
    ]
