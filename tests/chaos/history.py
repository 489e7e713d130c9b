"""What happened in a run: every request with its begin, end and outcome, every frame that a client got, what was broken when.

One JSON object a line: {"kind": "Call", ...fields}. Times are seconds since the begin of the run, by the harness's monotonic
clock: no clock jump of the system under test changes them.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import orjson

T = TypeVar("T")
Outcome = Literal["ok", "refused", "unknown"]
"""`ok`: acknowledged (2xx or ack). `refused`: it was not done (4xx). `unknown`: 5xx, no answer, or an answer that was lost."""


EMOJIS = ("👍", "❤️", "🔥")
"""Telegram lets a bot react with each."""


@dataclass(frozen=True, slots=True)
class Run:
    """First of the file: how it was asked for."""

    seed: int
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One that was made for the run."""

    id: str
    type: str
    members: list[str]
    """User ids; who joins and leaves later is in the calls."""
    phone: str | None = None
    """Name of the phone (Telegram) whose guest is a member."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a client, with what its answer said."""

    op: str
    """send, edit, react, unreact, receipt, join, leave, status, page, say (a phone's message, taken by the provider)."""
    by: str
    """User id, or the phone's name."""
    conversation: str
    begin: float
    end: float
    outcome: Outcome
    code: int = 0
    """HTTP status, or that of the problem in a WebSocket's error; 0 where none came."""
    message_id: str | None = None
    seq: int | None = None
    """Of the answer to send; what a receipt asked for (read)."""
    content: str | None = None
    """Of a reaction its emoji."""
    reply_to: str | None = None
    user: str | None = None
    """Who joins or leaves."""
    via: str = "http"
    status: str | None = None
    """What `status` read."""
    after: int | None = None
    """What `page` asked: after_seq."""
    through: int | None = None
    """What `page` read: complete_through; of a receipt: read_seq of the answer."""
    seqs: list[int] | None = None
    """What `page` read."""
    told: list[tuple[str, str | None, str]] | None = None
    """What `page` said of messages that were changed: id, content, and reactions as `reactions_text` has them."""
    expected: Outcome | None = None
    """Where the harness knows what the answer must be: a receipt of what does not exist is refused."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A WebSocket is open (the handshake is done)."""

    connection: int
    user: str
    at: float


@dataclass(frozen=True, slots=True)
class Closed:
    """It has ended, as its client saw it."""

    connection: int
    at: float


@dataclass(frozen=True, slots=True)
class Frame:
    """An event on a WebSocket."""

    connection: int
    at: float
    type: str
    conversation: str
    seq: int | None = None
    message_id: str | None = None
    user: str | None = None
    """Of receipt.updated, or the recipient of message.status."""
    status: str | None = None
    read: int | None = None
    content: str | None = None
    """Of message.updated; else only where it is not what its message_id says."""
    reactions: str | None = None
    """All of the message, as `reactions_text` has them, where the event has any or tells of them."""


@dataclass(frozen=True, slots=True)
class SyncAsked:
    """A sync was asked for; until it is answered, changes that it tells of look like pushed ones."""

    connection: int
    at: float


@dataclass(frozen=True, slots=True)
class Synced:
    """A sync that was answered by sync.done; its sync.message frames are the connection's between `begin` and `end`."""

    connection: int
    begin: float
    end: float
    asked: dict[str, int]
    through: dict[str, int]


@dataclass(frozen=True, slots=True)
class FaultDone:
    """One injection."""

    name: str
    begin: float
    end: float
    """The fault is over."""
    ready: float
    """The stack and all engines run again."""
    error: str | None = None
    """Why it could not be injected."""
    may_double: bool = False
    jumps_clock: bool = False


@dataclass(frozen=True, slots=True)
class Rates:
    """The limit of sends that the deployment was given."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """The load has ended at `at`; everything is checked as of then."""

    at: float


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing more came for a while; what clients got only by the sync that follows was not pushed to them."""

    at: float


@dataclass(frozen=True, slots=True)
class FinalHistory:
    """All of a conversation, read at the end: [message_id, seq, sender_id, content, status, reply_to, reactions, file] each,
    ascending; reactions are as `reactions_text` has them, file is the status of one.
    """

    conversation: str
    through: int
    items: list[list[Any]]


@dataclass(frozen=True, slots=True)
class FinalMembers:
    """Watermarks at the end: {user: [delivered_seq, read_seq]}."""

    conversation: str
    watermarks: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class OnPhone:
    """What a phone shows at the end: [provider's id, text, "bot" or "me"] each, in its order."""

    phone: str
    conversation: str
    messages: list[list[Any]]


def reactions_text(reactions: Mapping[str, Sequence[str]]) -> str:
    """Of a message, {emoji: [user id]}, in an order that says nothing: "👍 ana,bob ❤ bob"."""
    return " ".join(f"{emoji} {','.join(sorted(users))}" for emoji, users in sorted(reactions.items()))


Entry = (
    Run | Rates | Conversation | Call | Connected | Closed | Frame | SyncAsked | Synced | FaultDone | Quiet | Settled
    | FinalHistory | FinalMembers | OnPhone
)  # fmt: skip
KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Entry)}


@dataclass
class Recorder:
    """Takes entries; each is on its way to the file at once."""

    file: Path
    begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self._out = self.file.open("wb", buffering=1 << 16)

    def now(self) -> float:
        """Seconds since the run began."""
        return round(time.monotonic() - self.begun, 4)

    def add(self, entry: Entry) -> None:
        kind = type(entry).__name__
        fields = orjson.dumps(entry)
        self._out.write(b'{"kind":"' + kind.encode() + b'",' + fields[1:] + b"\n")

    def close(self) -> None:
        self._out.close()


def load(file: Path) -> Sequence[Entry]:
    """The entries of a file. Raises ValueError with the line that is none; a last line that was cut is left out."""
    lines = file.read_bytes().splitlines(keepends=True)
    return [_entry(file, number, line) for number, line in enumerate(lines, 1) if line.endswith(b"\n")]


def of_kind(entries: Iterable[Entry], kind: type[T]) -> list[T]:
    """Those of one kind."""
    return [entry for entry in entries if isinstance(entry, kind)]


def _entry(file: Path, number: int, line: bytes) -> Entry:
    try:
        document = orjson.loads(line)
        entry: Entry = KINDS[document.pop("kind")](**document)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{file}:{number} is no entry of a history: {error!r}") from error
    return entry
