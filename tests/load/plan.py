"""What a run of k6 or Locust does: one plan, which both read from the file that LOAD_PLAN names."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

API_P99_MS, PUSH_P99_MS = 200, 500
"""The objectives of the API and from the sender to the other's WebSocket (docs/observability.md)."""
FAILED_SHARE = 0.0005
"""99.95 % availability."""


@dataclass(frozen=True)
class Profile:
    """A kind of load; users, minutes and pause can be given on the command line."""

    name: str
    what: str
    users: int
    minutes: float
    pause_s: float
    script: str
    """Of k6; Locust has a class of the same name."""
    stages: tuple[tuple[float, float], ...] = ((0.0, 1.0), (1.0, 1.0))
    """(share of the time, share of the users) that the number of users passes through, in straight lines."""


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("users", "50 users who send over HTTP, and read the history now and then", 50, 1, 5, "messages"),
        Profile(
            "ramp", "from nobody to all users and back", 50, 3, 5, "messages",
            ((0.0, 0.0), (0.5, 1.0), (0.8, 1.0), (1.0, 0.0)),
        ),
        Profile("sustained", "the same for 15 minutes", 50, 15, 5, "messages"),
        Profile("websocket", "users who are connected, send over the WebSocket and receive", 50, 1, 5, "websocket"),
        Profile("upload", "users who upload files of 1 MB in parts to S3, and download them", 10, 1, 2, "upload"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """All that a tool needs."""

    profile: str
    script: str
    base_url: str
    websocket_url: str
    seconds: float
    pause_s: float
    stages: list[tuple[float, int]]
    """(seconds from the one before, users then): the first at 0 s."""
    people: list[dict[str, Any]]
    """{"user_id", "token", "conversation_id"}: two by two in a conversation."""
    api_p99_ms: int = API_P99_MS
    push_p99_ms: int = PUSH_P99_MS
    failed_share: float = FAILED_SHARE

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self)))


def stages_of(profile: Profile, users: int, seconds: float) -> list[tuple[float, int]]:
    """Durations and numbers of users."""
    passed, found = 0.0, []
    for share, of_users in profile.stages:
        found.append(((share - passed) * seconds, round(of_users * users)))
        passed = share
    return found
