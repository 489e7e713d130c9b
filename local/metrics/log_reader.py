"""Reads the metrics out of logs: of functions, and of what runs beside them."""

import logging
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from local import function_logs
from local.metrics.embedded import MARK, InvalidDocument, samples
from local.metrics.series import EmbeddedSeries

_LOG = logging.getLogger(__name__)
_READ_BYTES = 1 << 20


class LogReader:
    """`read` adds what has come since the last call, at first since it was made. It blocks; one thread at a time.

    A log of a function is kept in two files of bounded size: what is written faster than it is read is lost here.
    """

    def __init__(
        self, logs: Path, functions: Collection[str], others: Mapping[str, Path], *, since_ms: int | None = None
    ) -> None:
        """`logs` is the folder of functions' logs; `others` are plain files by the name of who writes them."""
        self.series = EmbeddedSeries()
        self.documents: Counter[str] = Counter()
        """By function."""
        self.refused: Counter[str] = Counter()
        self._logs = logs
        self._since_ms = int(time.time() * 1000) if since_ms is None else since_ms
        self._after: dict[str, str] = dict.fromkeys(functions, "")
        self._sizes: dict[str, tuple[int, int]] = {}
        self._others = {name: _Tail(path) for name, path in others.items()}

    def read(self) -> None:
        for name, after in self._after.items():
            log = self._logs / f"{name}.log"
            if self._has_grown(name, log):
                for event in function_logs.events(log, self._since_ms, after):
                    self._after[name] = event.id
                    self._take(name, event.message)
        for name, tail in self._others.items():
            for line in tail.lines():
                self._take(name, line)

    def unread_bytes(self) -> int:
        """How far the log that has grown most is ahead. Cheap."""
        return max(
            (_size(self._logs / f"{name}.log")[1] - self._sizes.get(name, (0, 0))[1] for name in self._after), default=0
        )

    def _has_grown(self, name: str, log: Path) -> bool:
        size, self._sizes[name] = self._sizes.get(name), _size(log)
        return size != self._sizes[name]

    def _take(self, name: str, line: str) -> None:
        if MARK not in line:
            return
        try:
            found = list(samples(line))
            for sample in found:
                self.series.add(sample)
        except InvalidDocument as error:
            self.refused[name] += 1
            if self.refused[name] == 1:
                _LOG.warning("%s wrote metrics that CloudWatch would refuse: %s", name, error)
            return
        self.documents[name] += bool(found)


class _Tail:
    """What is appended to a plain file from now on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = _size(path)[1]
        self._begun = b""

    def lines(self) -> Iterator[str]:
        try:
            with self._path.open("rb") as file:
                file.seek(self._position)
                while data := file.read(_READ_BYTES):
                    self._position += len(data)
                    *whole, self._begun = (self._begun + data).split(b"\n")
                    for line in whole:
                        yield line.decode(errors="replace")
        except FileNotFoundError:
            return


def _size(path: Path) -> tuple[int, int]:
    """Inode and bytes; 0 where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_size
