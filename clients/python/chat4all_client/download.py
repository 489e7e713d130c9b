"""One download: ranges in parallel into `<name>.part`, checked against the file's SHA-256, and only then under its name."""

import asyncio
import hashlib
import http.client
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chat4all_client.api import Api
from chat4all_client.connections import Answer, ByteConnection
from chat4all_client.control import Control
from chat4all_client.errors import ChecksumMismatch, FileChanged, UnexpectedAnswer
from chat4all_client.journal import Journal
from chat4all_client.parts import pieces
from chat4all_client.storage_answers import Fate
from chat4all_client.transfers import Settings, Threads, together
from chat4all_client.tries import Tries

RANGE = 16 * 1024 * 1024
"""Bytes that are asked for at once."""


_LARGEST = 2**53
"""Bytes: more than any disk has, and a number that all of JSON's readers can hold."""
_NAME_MAX = 255 - len(".part.journal")
"""Bytes; its end is kept, where the extension is."""


class Hash(Protocol):
    """As hashlib has them."""

    def update(self, data: memoryview, /) -> None:
        """Add these bytes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is there."""

    file_id: str
    size: int
    sha256: str | None
    filename: str


class Download:
    """Gets the ranges that are missing, and puts the whole in its place."""

    def __init__(
        self, api: Api, wanted: Wanted, target: Path, journal: Journal, settings: Settings, control: Control
    ) -> None:
        self._api = api
        self._wanted = wanted
        self._target = target
        self.part = partial(target)
        self._journal = journal
        self._settings = settings
        self._control = control
        self._url: str | None = None
        self._etag: str | None = None
        self._there: set[int] = set()
        self._under_way: dict[int, int] = {}
        self._arrival = asyncio.Event()
        self._signing = asyncio.Lock()
        self._tries = Tries(settings.patience_s, control)
        self.phase = "transferring"

    def shown_phase(self) -> str:
        """For people."""
        return "paused" if self._control.paused else self.phase

    def bytes_done(self) -> int:
        """That are here."""
        return sum(self._length(number) for number in self._there) + sum(self._under_way.values())

    async def run(self) -> None:
        """Raises ChecksumMismatch, FileChanged, ApiError, OSError; Unreachable: going on later is possible."""
        file = os.open(self.part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)  # no link: others choose its end
        try:
            self._resume(file)
            ranges = iter([number for number in range(self._count()) if number not in self._there])
            with Threads(self._settings, self._control) as threads:
                digest = hashlib.sha256()
                gets = (self._get(threads, connection, file, ranges) for connection in threads.connections)
                await together(self._hash(threads, file, digest), *gets)
            self._check(digest.hexdigest())
            os.replace(self.part, self._target)
            self._journal.remove()
            self.phase = "completed"
        finally:
            os.close(file)

    def discard(self) -> None:
        """Keep nothing of it."""
        self.part.unlink(missing_ok=True)
        self._journal.remove()

    def _resume(self, file: int) -> None:
        """What an earlier process has got, if it is of the same file and still there."""
        first = {"file_id": self._wanted.file_id, "size": self._wanted.size, "range": RANGE}
        lines = self._journal.lines
        if lines and lines[0] == first and os.fstat(file).st_size == self._wanted.size:
            self._there = {each["number"] for each in lines if "number" in each}
            self._etag = next((each["etag"] for each in lines if "etag" in each), None)
        else:
            self._journal.start(first)
            os.ftruncate(file, 0)
            os.ftruncate(file, self._wanted.size)
        self._arrival.set()

    def _count(self) -> int:
        return -(-self._wanted.size // RANGE)

    def _length(self, number: int) -> int:
        return min(RANGE, self._wanted.size - number * RANGE)

    async def _get(self, threads: Threads, connection: ByteConnection, file: int, ranges: Iterator[int]) -> None:
        for number in ranges:
            await self._got(threads, connection, file, number)
            self._under_way.pop(number, None)
            self._there.add(number)
            self._journal.note({"number": number})
            self._arrival.set()

    async def _got(self, threads: Threads, connection: ByteConnection, file: int, number: int) -> None:
        async def attempt(_: int) -> Answer:
            self._under_way[number] = 0
            answer = await threads.run(self._receive, connection, await self._signed(), file, number)
            self._note_etag(answer)
            return answer

        async def judge(answer: Answer, fate: Fate) -> None:
            self._under_way[number] = 0
            if answer.status == http.client.PRECONDITION_FAILED:
                raise FileChanged("The file on the server is another now")
            if fate is Fate.NEW_URL:
                self._url = None

        await self._tries.through(f"range {number + 1}", attempt, judge)

    async def _signed(self) -> str:
        async with self._signing:
            if self._url is None:
                said = await self._api.call("GET", f"/v1/files/{self._wanted.file_id}/presigned")
                self._url = str(said["url"])
            return self._url

    def _receive(self, connection: ByteConnection, url: str, file: int, number: int) -> Answer:
        def got(count: int) -> None:
            self._under_way[number] += count
            self._control.check()

        offset, length = number * RANGE, self._length(number)
        headers = {"range": f"bytes={offset}-{offset + length - 1}"}
        if self._etag is not None:
            headers["if-match"] = self._etag
        self._control.check()
        return connection.get_range(url, headers, file, offset, length, got)

    def _note_etag(self, answer: Answer) -> None:
        """All ranges are of one object: its ETag changes with its bytes."""
        etag = answer.headers.get("etag") if answer.status == http.client.PARTIAL_CONTENT else None
        if etag is None or etag == self._etag:
            return
        if self._etag is not None:
            raise FileChanged("The file on the server is another now")
        self._etag = etag
        self._journal.note({"etag": etag})

    async def _hash(self, threads: Threads, file: int, digest: Hash) -> None:
        """Read what is here in order, while the rest comes."""
        for number in range(self._count()):
            while number not in self._there:
                self._arrival.clear()
                await self._arrival.wait()
            await threads.run(self._read, file, digest, number)

    def _read(self, file: int, digest: Hash, number: int) -> None:
        for piece in pieces(file, number * RANGE, self._length(number)):
            digest.update(piece)
            self._control.check_halted()

    def _check(self, sha256: str) -> None:
        if self._wanted.sha256 is not None and sha256 != self._wanted.sha256:
            self.discard()
            raise ChecksumMismatch(f"What came has SHA-256 {sha256}, the file {self._wanted.sha256}: nothing is kept")


def partial(target: Path) -> Path:
    """Where it is until it is whole."""
    return target.with_name(target.name + ".part")


def local_name(filename: str) -> str:
    """A name in a folder of ours: whatever the server says, no other folder and no hidden file."""
    shown = "".join("_" if c in "/\\\0" or not c.isprintable() else c for c in filename).lstrip(". ")
    while len(shown.encode()) > _NAME_MAX:
        shown = shown[1:]
    return shown or "file"


def target(path: Path, wanted: Wanted, *, overwrite: bool) -> Path:
    """Where the file goes. Raises FileExistsError."""
    found = path / local_name(wanted.filename) if path.is_dir() else path
    if found.exists() and not overwrite:
        raise FileExistsError(f"{found} is there already")
    return found


async def wanted(api: Api, file_id: str) -> Wanted:
    """What is to come. Raises ApiError: `file_pending`, `file_failed`, or there is none."""
    file = await api.call("GET", f"/v1/files/{file_id}")
    if file["status"] != "completed":
        # Asked for a URL, the server says why there is none.
        await api.call("GET", f"/v1/files/{file_id}/presigned")
        file = await api.call("GET", f"/v1/files/{file_id}")
    size, sha256, filename = file.get("size"), file.get("sha256"), file.get("filename")
    if not isinstance(size, int) or not 0 <= size <= _LARGEST or not isinstance(filename, str):
        raise UnexpectedAnswer(f"The server says of {file_id} that its size is {size!r} and its name {filename!r}")
    return Wanted(file_id, size, None if sha256 is None else str(sha256), filename)
