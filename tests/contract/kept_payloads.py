"""Payloads that are kept, in memory."""

from chat4all.channels.unknown_payloads import UnknownPayloads


class KeptPayloads(UnknownPayloads):
    """Keeps payloads in memory instead of in S3."""

    def __init__(self) -> None:
        super().__init__("")
        self.kept: dict[str, str] = {}
        self.bodies: dict[str, bytes] = {}

    def keep(self, channel: str, account_id: str, name: str, body: bytes, kind: str) -> None:
        """Remember the kind by the key that S3 would have."""
        key = f"{channel}/{account_id}/{name}.json"
        self.kept[key] = kind
        self.bodies[key] = body
