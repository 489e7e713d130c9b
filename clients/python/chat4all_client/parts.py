"""Where the bytes of an upload come from: a file, or a stream that can be read once; read in order, part by part, and hashed."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from chat4all_client.connections import PIECE
from chat4all_client.errors import ClientError, FileChanged

Check = Callable[[], None]
"""Called between two pieces; may raise to break off."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part whose bytes are known."""

    number: int
    """From 1 on."""
    offset: int
    """Where it stands in the whole."""
    length: int
    sha256: str
    """In hex."""


class Source(Protocol):
    """Bytes of known number. `parts` is read by one thread, the others may be called by several."""

    size: int
    sha256: str | None
    """Of the whole, in hex; None until `parts` is at its end."""

    def parts(self, part_size: int, check: Check) -> Iterator[Part]:
        """The parts, in order. Raises FileChanged, OSError."""

    def opened(self, part: Part) -> tuple[IO[bytes], int]:
        """A file with the part's bytes, and where in it they begin."""

    def release(self, part: Part) -> None:
        """The part has arrived."""

    def check_unchanged(self) -> None:
        """Raises FileChanged."""

    def close(self) -> None:
        """Let go."""


class FileSource:
    """A file. Nothing of it is held: it is read to be hashed, and once more (from the system's cache, as a rule) to be sent."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # A pipe would wait for whoever writes into it, and its size is not known.
        if not stat.S_ISREG(path.stat().st_mode):
            raise ClientError(f"{path} is no regular file: only such a one can be read again where an upload goes on")
        self._file = path.open("rb", buffering=0)
        self._stat = os.fstat(self._file.fileno())
        self.size = self._stat.st_size
        self.mtime_ns = self._stat.st_mtime_ns
        self.sha256: str | None = None

    def parts(self, part_size: int, check: Check) -> Iterator[Part]:
        whole, offset, number = hashlib.sha256(), 0, 0
        while offset < self.size:
            length, number = min(part_size, self.size - offset), number + 1
            digest = hashlib.sha256()
            for piece in pieces(self._file.fileno(), offset, length):
                digest.update(piece)
                whole.update(piece)
                check()
            yield Part(number, offset, length, digest.hexdigest())
            offset += length
        self.sha256 = whole.hexdigest()

    def opened(self, part: Part) -> tuple[IO[bytes], int]:
        return self._file, part.offset

    def release(self, part: Part) -> None:
        pass

    def check_unchanged(self) -> None:
        now = self.path.stat()
        if (now.st_size, now.st_mtime_ns, now.st_ino) != (self.size, self.mtime_ns, self._stat.st_ino):
            raise FileChanged(f"{self.path} was changed while it was being uploaded")

    def close(self) -> None:
        self._file.close()


class StreamSource:
    """What can be read once: each part lies in a nameless temporary file until it has arrived."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self.size = size
        self.sha256: str | None = None
        self._kept: dict[int, IO[bytes]] = {}

    def parts(self, part_size: int, check: Check) -> Iterator[Part]:
        if self.sha256 is not None or self._kept:
            raise FileChanged("A stream cannot be read again")
        whole, offset, number = hashlib.sha256(), 0, 0
        while offset < self.size:
            length, number = min(part_size, self.size - offset), number + 1
            kept = self._kept[number] = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by release
            digest, left = hashlib.sha256(), length
            while left:
                piece = self._stream.read(min(PIECE, left))
                if not piece:
                    raise FileChanged(f"The stream ended after {offset + length - left} of {self.size} bytes")
                kept.write(piece)
                digest.update(piece)
                whole.update(piece)
                left -= len(piece)
                check()
            yield Part(number, offset, length, digest.hexdigest())
            offset += length
        if self._stream.read(1):
            raise FileChanged(f"The stream has more than the {self.size} bytes that were announced")
        self.sha256 = whole.hexdigest()

    def opened(self, part: Part) -> tuple[IO[bytes], int]:
        return self._kept[part.number], 0

    def release(self, part: Part) -> None:
        self._kept.pop(part.number).close()

    def check_unchanged(self) -> None:
        pass

    def close(self) -> None:
        for kept in self._kept.values():
            kept.close()


def sha256_of(file: IO[bytes], offset: int, length: int) -> str:
    """Of a slice of a file, in hex. Raises FileChanged where it ends before."""
    digest = hashlib.sha256()
    for piece in pieces(file.fileno(), offset, length):
        digest.update(piece)
    return digest.hexdigest()


def pieces(file: int, offset: int, length: int) -> Iterator[memoryview]:
    """A slice of an open file, bit by bit, each good until the next is asked for. Raises FileChanged where it ends before."""
    # One buffer: memory that is asked for anew each time costs more than the reading.
    end, buffer = offset + length, memoryview(bytearray(PIECE))
    while offset < end:
        wanted = buffer[: min(PIECE, end - offset)]
        count = os.preadv(file, [wanted], offset)
        if count == 0:
            raise FileChanged(f"The file ended after {offset} bytes, though it had more")
        yield wanted[:count]
        offset += count
