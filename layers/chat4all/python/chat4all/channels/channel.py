"""What a channel is: a folder with these modules, which connectors and webhooks use by name.

`account` what an account holds and how the provider is told of us; `webhook` whether a call is the provider's; `parse` its
payloads into our words (pure); `limits` the provider's limits (data); `parts` messages into what it takes (pure); `errors` its
errors as fates (pure); `send` the calls themselves. `load` finds them; nothing else knows a channel by its name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast, runtime_checkable

from chat4all.channels.inbound import Item
from chat4all.channels.outgoing import Action, MediaPart, Outgoing, Part, Sent
from chat4all.validation import Input


class AccountRules(Protocol):
    """`account.py`."""

    Settings: type[Input]
    """Settings of an account; `api_base: str | None` stands for the provider's own server."""
    SECRETS: Sequence[str]
    """Settings that are never read back."""

    def complete(self, settings: Any) -> dict[str, Any]:
        """Settings as they are stored: with what was left out and we make."""

    def key(self, settings: Mapping[str, Any]) -> str:
        """The provider's own id of the account, which serves one account of ours: bot id, phone_number_id, page or profile id."""

    def register(self, settings: dict[str, Any], webhook_url: str) -> None:
        """Have the provider call `webhook_url`, and learn whether it takes the credentials; raises Invalid, Unavailable.

        It may ask for the handshake before it answers (WhatsApp does): by then the account must be found with these settings.
        """

    def unregister(self, settings: dict[str, Any]) -> None:
        """Have it call nobody; raises Unavailable."""


class Webhook(Protocol):
    """`webhook.py`."""

    BODY_MAX: int
    """Bytes."""

    def challenge(self, settings: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
        """What a GET of the provider's is answered with; None: it is not the provider's (403)."""

    def is_authentic(self, settings: Mapping[str, Any], headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the provider sent these very bytes; `headers` have lower-case names. Compared in constant time."""


class Parse(Protocol):
    """`parse.py`, pure."""

    def items(self, document: Any) -> Sequence[Item]:
        """All that a body tells, in its order, whatever its shape: what is not understood is Unknown. Never raises."""


class Parts(Protocol):
    """`parts.py`, pure."""

    def parts_of(self, message: Outgoing) -> Sequence[Part]:
        """Parts, at least one, always the same for the same message; raises NotSent (Permanent) where it cannot be said."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast the provider lets us send: (per second in the long run, at once after a pause)."""

    account: tuple[float, int]
    recipient: tuple[float, int]


class Limits(Protocol):
    """`limits.py`: data, and rules of time."""

    RATES: Rates
    RESERVE_MS: int
    """Longest time of one call to the provider with all its timeouts, and what is written after it."""

    def window(self, last_inbound_ms: int | None, now_ms: int, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What must go with a message now (`{}`: nothing; a tag, a template); None: nothing may be sent until they write."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a call is for."""

    account_id: str
    settings: Mapping[str, Any]
    address: str
    terms: Mapping[str, Any]
    """What `Limits.window` said."""
    remaining_ms: Callable[[], int]
    reference: str | None = None
    """Of a part: what the provider shall say with each of its statuses, where it can; at most 512 characters."""


class Unsupported(Exception):
    """The channel cannot do this; the connector says it in another way. The text is the reason."""


class Sender(Protocol):
    """`send.py`: `Sender(media)` makes one for the life of an environment; it keeps connections open."""

    def send(self, to: Target, part: Part, reply_to: str | None) -> Sent:
        """Send a part, as an answer to the message with that external id; raises NotSent with its fate."""

    def act(self, to: Target, action: Action) -> None:
        """Change, react, mark, show; raises NotSent, Unsupported."""

    def fetch(self, to: Target, media: Mapping[str, Any], most_bytes: int) -> "Fetched":
        """Open a file that the provider holds (`inbound.Media` as a document); raises NotSent."""

    def close(self) -> None:
        """Close connections."""


@runtime_checkable
class NamesPeople(Protocol):
    """A Sender of a channel whose payloads lack contacts' names."""

    def name_of(self, to: Target) -> str | None:
        """What the provider calls them; None: it does not say. Raises NotSent."""


@runtime_checkable
class SendsAlbums(Protocol):
    """A Sender of a channel that takes several files in one call."""

    def send_album(self, to: Target, parts: Sequence[MediaPart], reply_to: str | None) -> Sequence[Sent]:
        """Send parts of one album, at least two, as an answer to the message with that external id: what was sent, for each.

        Raises NotSent: none of them, as far as the provider tells.
        """


class Fetched(Protocol):
    """A file that is being read."""

    content_type: str
    size: int | None

    def read(self, size: int) -> bytes:
        """The next bytes; empty at the end. Raises NotSent."""

    def close(self) -> None:
        """Let go."""


@dataclass(frozen=True, slots=True)
class Channel:
    """The modules of one channel; each is imported when it is first asked for."""

    name: str
    package: str = ""
    """Where its folder is, where that is not beside this file."""

    @property
    def account(self) -> AccountRules:
        return cast(AccountRules, self._module("account"))

    @property
    def webhook(self) -> Webhook:
        return cast(Webhook, self._module("webhook"))

    @property
    def parse(self) -> Parse:
        return cast(Parse, self._module("parse"))

    @property
    def parts(self) -> Parts:
        return cast(Parts, self._module("parts"))

    @property
    def limits(self) -> Limits:
        return cast(Limits, self._module("limits"))

    def sender(self, media: Any) -> Sender:
        """Of `send.py`; `media` is channels.media.MediaStore."""
        return cast(Sender, self._module("send").Sender(media))

    def load(self, *names: str) -> "Channel":
        """Import these modules now: in Lambda's init phase, and not in the first invocation."""
        for name in names:
            self._module(name)
        return self

    def _module(self, name: str) -> Any:
        return import_module(f"{self.package or f'chat4all.channels.{self.name}'}.{name}")


CHANNELS: Mapping[str, Channel] = {name: Channel(name) for name in ("telegram", "whatsapp", "messenger", "instagram")}
"""Channels that accounts may be of."""
