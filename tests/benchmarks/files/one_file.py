"""A large file up and down, through the API and straight, by turns in one run."""

import hashlib
import os
import time
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks.files.places import Place, Straight, ThroughApi
from tests.benchmarks.files.streams import get_all, put_all

RATIO = 0.9
"""Budget: the speed through the API, at least this part of that of the same parts put straight to the engine."""
STREAMS = (1, 4)
MB = 1_000_000


@dataclass
class Speeds:
    """MB/s of each round, by (what, streams, way)."""

    of: dict[tuple[str, int, str], list[float]] = field(default_factory=dict)
    answered_s: list[float] = field(default_factory=list)
    verified_s: list[float] = field(default_factory=list)

    def add(self, what: str, streams: int, way: str, size: int, seconds: float) -> None:
        self.of.setdefault((what, streams, way), []).append(size / MB / seconds)


def measure(api_url: str, engine_url: str, token: str, size: int, part_size: int, rounds: int) -> Speeds:
    """`rounds` times: up and down, by one stream and by four, each way first in every other round.

    An upload lasts from asking for addresses to the answer to the last part. Putting the parts together and verifying the
    whole come after it and are told apart: straight, nobody verifies.
    """
    block, speeds = memoryview(os.urandom(part_size)), Speeds()
    digest = sha256_of(block, size)
    for number in range(rounds):
        for streams in STREAMS:
            ways: list[tuple[str, Place]] = [
                ("straight", Straight(engine_url, f"{number}-{streams}")),
                ("api", ThroughApi(api_url, token, f"{number}-{streams}.bin")),
            ]
            ways = ways if number % 2 == 0 else ways[::-1]
            for way, place in ways:
                speeds.add("up", streams, way, size, _up(place, block, size, streams))
                place.finish(digest)
                if isinstance(place, ThroughApi):
                    speeds.answered_s.append(place.answered_s)
                    speeds.verified_s.append(place.verified_s)
            for way, place in ways:
                speeds.add("down", streams, way, size, _down(place, size, streams))
                place.remove()
    return speeds


def _up(place: Place, block: memoryview, size: int, streams: int) -> float:
    """Seconds."""
    began = time.monotonic()
    put_all(place.begin(size, len(block)), block, size, streams)
    return time.monotonic() - began


def _down(place: Place, size: int, streams: int) -> float:
    """Seconds."""
    began = time.monotonic()
    came = get_all(place.address(), size, streams)
    assert came == size, f"{came} of {size} bytes came"
    return time.monotonic() - began


def sha256_of(block: memoryview, size: int) -> str:
    """In hex, of a file that is `block` again and again."""
    digest, left = hashlib.sha256(), size
    while left:
        digest.update(block[: min(len(block), left)])
        left -= min(len(block), left)
    return digest.hexdigest()


def report(speeds: Speeds, size: int) -> bool:
    """Medians of the rounds, and whether their ratios are within the budget."""
    is_met = True
    print(f"\n{size / MB:.0f} MB, medians of the rounds, MB/s")
    for what in ("up", "down"):
        for streams in STREAMS:
            straight, api = (median(speeds.of[what, streams, way]) for way in ("straight", "api"))
            ratio = api / straight
            is_met &= ratio >= RATIO
            name = f"{what}, {streams} stream{'s' if streams > 1 else ''}: through the API / straight"
            figure = f"{ratio:.2f} x ({api:.0f} / {straight:.0f} MB/s)"
            print(f"{name:<52} {figure:>28}   >= {RATIO} x       {'ok' if ratio >= RATIO else 'NOT MET'}")
    print(f"{'complete: answered after, longest':<52} {max(speeds.answered_s):>26.1f} s")
    print(f"{'complete: SHA-256 of the whole verified after, longest':<52} {max(speeds.verified_s):>26.1f} s")
    return is_met
