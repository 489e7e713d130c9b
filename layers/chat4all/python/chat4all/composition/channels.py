"""What talks to providers: accounts, receivers, connectors and their media."""

from functools import cached_property
from typing import TYPE_CHECKING

from chat4all.composition.users import UserServices
from chat4all.config import Settings

if TYPE_CHECKING:
    from chat4all.accounts import Accounts
    from chat4all.channel_signals import ChannelSignals
    from chat4all.channels.connector import Connector
    from chat4all.channels.inbound_media import InboundMedia
    from chat4all.channels.media import MediaStore
    from chat4all.channels.media_fetch import MediaFetch
    from chat4all.channels.receiver import Receiver
    from chat4all.circuit_breakers import CircuitBreakers
    from chat4all.file_scan import Scanner


class ChannelServices(UserServices):
    """A part of `bootstrap.App`, which says how services are made."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._receivers: dict[str, Receiver] = {}
        self._connectors: dict[str, Connector] = {}

    @cached_property
    def accounts(self) -> "Accounts":
        from chat4all.accounts import Accounts

        self.bind_tables()
        return Accounts(self.settings)

    def receiver(self, channel: str) -> "Receiver":
        """What takes the webhooks of a channel."""
        if channel not in self._receivers:
            from chat4all.channels.acceptance import Acceptance
            from chat4all.channels.channel import CHANNELS
            from chat4all.channels.contacts import Contacts
            from chat4all.channels.happenings import Happenings
            from chat4all.channels.inbound_changes import InboundChanges
            from chat4all.channels.inbound_mirrors import InboundMirrors
            from chat4all.channels.receiver import Receiver
            from chat4all.channels.statuses import Statuses
            from chat4all.channels.unknown_payloads import UnknownPayloads

            contacts = Contacts(self.users, self.conversations, self.members)
            payloads = UnknownPayloads(self.settings.unknown_payloads_bucket)
            self.bind_tables()
            happenings = Happenings(
                Acceptance(contacts, self.sending, self.inbound_media),
                Statuses(self.prompt_publisher),
                InboundChanges(self.changing, self.reactions),
                InboundMirrors(self.prompt_publisher),
            )
            self._receivers[channel] = Receiver(CHANNELS[channel], happenings, payloads, self.rate_limiter)
        return self._receivers[channel]

    def connector(self, channel: str) -> "Connector":
        """What sends over a channel."""
        if channel not in self._connectors:
            from chat4all.channels.channel import CHANNELS
            from chat4all.channels.connector import Connector
            from chat4all.channels.shaping import Shaping

            self.bind_tables()
            media, shaping = self.media_store, Shaping(self.rate_limiter, self.settings.channel_pace)
            found = CHANNELS[channel]
            self._connectors[channel] = Connector(
                found, found.sender(media), media, self.publisher, self.circuit_breakers, shaping
            )
        return self._connectors[channel]

    @cached_property
    def channel_signals(self) -> "ChannelSignals":
        from chat4all.channel_signals import ChannelSignals

        self.bind_tables()
        return ChannelSignals(self.publisher)

    @cached_property
    def circuit_breakers(self) -> "CircuitBreakers":
        from chat4all.circuit_breakers import CircuitBreakers
        from chat4all.domain.circuit import CircuitRules

        self.bind_tables()
        rules = CircuitRules(
            self.settings.breaker_threshold, self.settings.breaker_first_open_s, self.settings.breaker_longest_open_s
        )
        return CircuitBreakers(rules)

    @cached_property
    def media_store(self) -> "MediaStore":
        from chat4all.channels.media import MediaStore

        self.bind_tables()
        return MediaStore(self.file_bucket, self.settings.public_url, self.settings.file_fetch_url_s)

    @cached_property
    def inbound_media(self) -> "InboundMedia":
        from chat4all.channels.inbound_media import InboundMedia

        self.bind_tables()
        return InboundMedia(self.prompt_publisher)

    @cached_property
    def media_fetch(self) -> "MediaFetch":
        from chat4all.channels.channel import CHANNELS
        from chat4all.channels.media_fetch import MediaFetch
        from chat4all.file_changes import FileChanges

        changes = FileChanges(self.settings, self.publisher)
        self.bind_tables()
        most_bytes = self.settings.inbound_media_max_bytes
        return MediaFetch(CHANNELS, self.file_bucket, self.media_store, changes, most_bytes, self.scanner)

    @cached_property
    def scanner(self) -> "Scanner | None":
        """None where files are not scanned."""
        from chat4all.file_scan import LambdaScanner

        function = self.settings.file_scan_function
        return LambdaScanner(function) if function else None
