"""Many uploads at once, of zeros, as far as the disk allows, and how fast the API answers meanwhile."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from tests.benchmarks.files.one_file import MB, sha256_of
from tests.benchmarks.files.places import ThroughApi
from tests.benchmarks.files.streams import Stream
from tests.benchmarks.sends import percentile
from tests.e2e.running_stack import ROOT

_GB = 1_000_000_000


@dataclass
class Outcome:
    """Of all uploads."""

    completed: int = 0
    stopped: int = 0
    """Given up, because the disk had no more room."""
    failures: list[str] = field(default_factory=list)
    repeated: int = 0
    """Requests to the API that were answered with an error of the server's, and came again."""
    bytes_put: int = 0
    seconds: float = 0.0
    disk_bytes: int = 0
    meanwhile: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of answers of the API."""
    failed_meanwhile: int = 0


class Disk:
    """How much of it a folder takes from now on."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes
        self._looked_at = 0.0
        self._taken = 0
        self._before = self._now()

    @property
    def used(self) -> int:
        return self._now() - self._before

    @property
    def is_full(self) -> bool:
        """As it was within the last second."""
        if time.monotonic() - self._looked_at > 1:
            self._looked_at, self._taken = time.monotonic(), self.used
        return self._taken > self._most

    def _now(self) -> int:
        """In blocks that are really taken."""
        return sum(_blocks(Path(place, name)) for place, _, names in os.walk(self._folder) for name in names) * 512


def _blocks(file: Path) -> int:
    try:
        return file.stat().st_blocks
    except FileNotFoundError:
        return 0


def upload_all(
    api_url: str, token: str, conversation: str, folder: Path, count: int, size: int, part_size: int, disk_bytes: int
) -> Outcome:
    """`count` uploads, all begun before the first part is put; each puts its parts one after another, is completed and
    verified. Whoever finds the disk full gives up, and its upload is removed."""
    outcome, lock, disk = Outcome(), threading.Lock(), Disk(folder, disk_bytes)
    block = memoryview(bytes(part_size))
    digest = sha256_of(block, size)
    all_begun = threading.Barrier(count)

    def one(number: int) -> None:
        place = ThroughApi(api_url, token, f"many-{number}.bin")
        try:
            parts = place.begin(size, part_size)
            first = next(parts)
            all_begun.wait()
            with closing(Stream(first.url)) as stream:
                for part in chain([first], parts):
                    if disk.is_full:
                        place.remove()
                        with lock:
                            outcome.stopped += 1
                        return
                    body = block[: min(part_size, size - (part.number - 1) * part_size)]
                    stream.put(part, body)
                    with lock:
                        outcome.bytes_put += len(body)
            place.finish(digest)
            with lock:
                outcome.completed += 1
        except Exception as error:
            all_begun.abort()
            with lock:
                outcome.failures.append(f"{place.file_id}: {type(error).__name__}: {error}"[:500])
        finally:
            with lock:
                outcome.repeated += place.repeated

    began = time.monotonic()
    with _probing(api_url, token, conversation, outcome), ThreadPoolExecutor(count) as pool:
        list(pool.map(one, range(count)))
    outcome.seconds, outcome.disk_bytes = time.monotonic() - began, disk.used
    return outcome


@contextmanager
def _probing(api_url: str, token: str, conversation: str, outcome: Outcome) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.benchmarks.files.probe", api_url, token, conversation]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield
    finally:
        printed, _ = process.communicate()
        found = json.loads(printed)
        outcome.failed_meanwhile = found.pop("failed")
        outcome.meanwhile = {name: sorted(seconds) for name, seconds in found.items()}


def report(outcome: Outcome, count: int, size: int) -> bool:
    """Whether none failed."""
    put = outcome.bytes_put / _GB
    print(f"\n{count} uploads of {size / MB:.0f} MB at once, of zeros")
    print(f"{'completed and verified':<52} {outcome.completed:>28}")
    print(f"{'given up at the end of the disk':<52} {outcome.stopped:>28}")
    print(f"{'failed':<52} {len(outcome.failures):>28}   0              {'NOT MET' if outcome.failures else 'ok'}")
    for failure in outcome.failures[:5]:
        print(f"  {failure}")
    print(f"{'  requests of theirs that came again after 429 or 5xx':<52} {outcome.repeated:>28}")
    rate = outcome.bytes_put / MB / outcome.seconds
    print(f"{'put, verified and all':<52} {f'{put:.1f} GB in {outcome.seconds:.0f} s ({rate:.0f} MB/s)':>28}")
    print(f"{'disk taken':<52} {outcome.disk_bytes / _GB:>25.1f} GB")
    for name, seconds in outcome.meanwhile.items():
        p50, p99 = (percentile(seconds, share) * 1000 for share in (0.5, 0.99))
        print(f"{f'{name} meanwhile, p50 / p99 of {len(seconds)}':<52} {f'{p50:.0f} / {p99:.0f} ms':>28}")
    print(f"{'requests that failed meanwhile':<52} {outcome.failed_meanwhile:>28}")
    return not outcome.failures
