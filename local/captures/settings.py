"""How much is kept of what functions were invoked with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaptureSettings:
    """Each bound holds for what ended ok and for what failed apart, so that no load pushes out an error."""

    number: int = 10_000
    """Newest invocations."""
    bytes: int = 268_435_456
    """Of their events, responses and logs together."""
