"""A stored file's bytes from front to back, of which several ranges are fetched ahead: memory stays flat, however long it is."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from chat4all.errors import Unavailable
from chat4all.file_bucket import FileBucket, FileGone, object_key

RANGE_BYTES = 8 * 1024 * 1024
"""Amazon S3 advises 8 to 16 MB ("Best practices design patterns: optimizing Amazon S3 performance", byte-range fetches)."""
_AHEAD = 4

Range = TypeVar("Range")


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as it was found. Another one under the same key has another ETag."""

    file_id: str
    size: int
    etag: str


class FileReading:
    """Reads objects of one bucket."""

    def __init__(self, bucket: FileBucket, range_bytes: int = RANGE_BYTES) -> None:
        self._bucket = bucket
        self.range_bytes = range_bytes

    def find(self, file_id: str) -> Stored:
        """The object as it is now.

        Raises:
            FileGone, Unavailable.
        """
        found = self._called("head_object", file_id)
        return Stored(file_id, int(found["ContentLength"]), str(found["ETag"]))

    def read(self, stored: Stored, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to before `end`, `range_bytes` at a time, all of this very object.

        Raises:
            FileGone, Unavailable: also where another object has taken its place.
        """
        ranges = ((at, min(at + self.range_bytes, end)) for at in range(start, end, self.range_bytes))
        return read_ahead(lambda each: self._range(stored, *each), ranges)

    def _range(self, stored: Stored, first: int, behind: int) -> bytes:
        from botocore.exceptions import BotoCoreError

        wanted = {"Range": f"bytes={first}-{behind - 1}", "IfMatch": stored.etag}
        try:
            body: bytes = self._called("get_object", stored.file_id, **wanted)["Body"].read()
        except BotoCoreError as error:
            raise _unread(type(error).__name__) from error
        if len(body) != behind - first:
            raise _unread(f"{len(body)} bytes of {behind - first} came")
        return body

    def _called(self, operation: str, file_id: str, **more: str) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        call = getattr(self._bucket.client, operation)
        try:
            return call(Bucket=self._bucket.name, Key=object_key(file_id), **more)
        except ClientError as error:
            code = str(error.response["Error"].get("Code"))
            if code in ("NoSuchKey", "404", "NotFound"):
                raise FileGone(file_id) from error
            raise _unread(code) from error
        except BotoCoreError as error:
            raise _unread(type(error).__name__) from error


def read_ahead(fetch: Callable[[Range], bytes], ranges: Iterable[Range]) -> Iterator[bytes]:
    """What `fetch` gives for each range, in order; five are held at once, at most.

    What `fetch` raises is raised where its range would come. A reader who stops early waits for those under way.
    """
    rest, waiting = iter(ranges), deque[Future[bytes]]()
    with ThreadPoolExecutor(_AHEAD, thread_name_prefix="read-ahead") as pool:
        try:
            waiting.extend(pool.submit(fetch, each) for each in islice(rest, _AHEAD))
            while waiting:
                chunk = waiting.popleft().result()
                waiting.extend(pool.submit(fetch, each) for each in islice(rest, 1))
                yield chunk
        finally:
            for future in waiting:
                future.cancel()


def _unread(why: str) -> Unavailable:
    return Unavailable(f"The file could not be read: {why}. Try again.")
