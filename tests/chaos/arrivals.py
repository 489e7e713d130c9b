"""Until when each conversation has been seen to work: how the runner knows, while it runs, that a fault is overcome."""

from dataclasses import dataclass, field

from tests.chaos.history import Frame


@dataclass
class Arrivals:
    """For each conversation the begin of the newest message that has reached somebody else than its sender."""

    newest: dict[str, float] = field(default_factory=dict)
    only_by_status: set[str] = field(default_factory=set)
    """Conversations with a guest: the report that the provider took it counts."""
    _begun: dict[str, tuple[float, str]] = field(default_factory=dict)

    def begun(self, message_id: str, sender: str, at: float) -> None:
        """A message is about to be sent."""
        self._begun[message_id] = (at, sender)

    def frame(self, frame: Frame, user: str) -> None:
        """An event that `user` got."""
        by_status = frame.type == "message.status" and frame.status == "sent"
        if not by_status and (frame.type != "message.created" or frame.conversation in self.only_by_status):
            return
        known = self._begun.get(frame.message_id or "")
        if known is None or (user == known[1] and not by_status):
            return
        del self._begun[frame.message_id or ""]
        self.newest[frame.conversation] = max(self.newest.get(frame.conversation, 0.0), known[0])
