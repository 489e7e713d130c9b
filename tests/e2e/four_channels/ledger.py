"""What was said and done, by whom and when: what everybody must have in the end is reckoned from it."""

import time
from dataclasses import dataclass, field

EDITED = "✏️"


@dataclass
class Said:
    """One message, from its sender's side."""

    token: str
    """A word that nothing else has in it; it is in the text, or in the name of the file."""
    names: tuple[str, ...]
    """Of its sender, as others may see them."""
    versions: list[str]
    """What it said, and what it says since each edit."""
    filename: str | None = None
    size: int | None = None
    reply_to: str | None = None
    """Id of a message of ours."""
    own_id: str = ""
    """Of ours, or the sender's phone's."""
    is_deleted: bool = False
    at: float = field(default_factory=time.monotonic)

    @property
    def sender(self) -> str:
        return self.names[0]

    def texts(self, version: str) -> list[str]:
        """As phones may show a version of it, squeezed: with a name in front."""
        return [squeezed(f"{name}: {version}") for name in self.names]


@dataclass
class Ledger:
    """Of one conversation."""

    said: dict[str, Said] = field(default_factory=dict)
    reactions: dict[str, dict[str, str]] = field(default_factory=dict)
    """Emoji by who reacts, by id of ours."""

    def new_token(self) -> str:
        """The next one."""
        return f"m{len(self.said):04d}"

    def add(self, said: Said) -> Said:
        self.said[said.token] = said
        return said

    def react(self, message_id: str, user_id: str, emoji: str) -> None:
        """One reaction a message for each."""
        self.reactions.setdefault(message_id, {})[user_id] = emoji


def squeezed(text: str) -> str:
    """Without white space, at which texts are cut and which some channels trim."""
    return "".join(text.split())
