"""Times and sizes of a live client, in seconds and bytes."""

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """Chosen for API Gateway's limits and this API's; tests take others."""

    answer_within_s: float = 15.0
    """A request that is not answered by then counts as lost, and is made again."""
    sync_within_s: float = 60.0
    """A sync pushes up to 1,000 messages before it is answered; without an answer the connection is given up."""
    heartbeat_s: float = 30.0
    """Until the server says another interval; it counts a user as away after 90 s without one."""
    hole_s: float = 1.0
    """A number that is missing for so long is asked for: it may be one that nobody used."""
    marks_s: float = 0.5
    """Watermarks of a conversation are told at most so often."""
    tells_marks: bool = True
    """Whether what arrives is told as delivered, and what is read as read; not by who only looks on."""
    typing_s: float = 4.0
    """Typing is said again after so long, as others show it for six."""
    lived_s: float = 20.0
    """A connection that lasted so long was a good one: the next pause is a short one again."""
    frame_bytes: int = 30_000
    """What is larger goes over HTTP: API Gateway closes a connection at 32 KB a frame."""
    batch: int = 200
    """Frames taken in one transaction, where so many have arrived."""
    sync_conversations: int = 500
    """Asked for in one frame: some 50 bytes each."""
    fresh: int = 20
    """Members of so many conversations are read after each connect; of the others when they are looked at."""
    clock: Callable[[], float] = time.time
    """What time it is, for `created_at` of what is unsent. Nothing is decided by it."""
    chance: random.Random = field(default_factory=random.Random)
    new_id: Callable[[], str] = field(default=lambda: str(uuid.uuid4()))
