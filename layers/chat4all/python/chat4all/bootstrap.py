"""The composition root: everything a function may use, each made at its first use and kept for the environment's life."""

from functools import cache, cached_property
from typing import TYPE_CHECKING

from chat4all.config import Settings, settings

if TYPE_CHECKING:
    from chat4all.access_tokens import AccessTokens
    from chat4all.accounts import Accounts
    from chat4all.audit import AuditLog
    from chat4all.audit_readers import AuditReaders
    from chat4all.changing import Changing
    from chat4all.channel_signals import ChannelSignals
    from chat4all.channels.connector import Connector
    from chat4all.channels.inbound_media import InboundMedia
    from chat4all.channels.media import MediaStore
    from chat4all.channels.media_fetch import MediaFetch
    from chat4all.channels.receiver import Receiver
    from chat4all.circuit_breakers import CircuitBreakers
    from chat4all.connections import Connections
    from chat4all.conversations import Conversations
    from chat4all.delivery_status import DeliveryStatuses
    from chat4all.file_bucket import FileBucket
    from chat4all.files import Files
    from chat4all.health import Health
    from chat4all.history import History
    from chat4all.identities import Identities
    from chat4all.identity_limits import IdentityLimits
    from chat4all.kafka.failed_records import FailedRecords
    from chat4all.kafka.publisher import Publisher
    from chat4all.key_rotation import KeyRotation
    from chat4all.members import Members
    from chat4all.outbox import OutboxSweeper
    from chat4all.passwords import Passwords
    from chat4all.public_keys import PublicKeys
    from chat4all.rate_limits import RateLimiter
    from chat4all.reactions import Reactions
    from chat4all.realtime import Realtime
    from chat4all.receipts import Receipts
    from chat4all.retries.retrier import Retrier
    from chat4all.routing import Router
    from chat4all.routing_rules import RoutingRules
    from chat4all.rule_actions import RuleActions
    from chat4all.rule_trials import RuleTrials
    from chat4all.sending import Sending
    from chat4all.session_ends import SessionEnds
    from chat4all.sessions import Sessions
    from chat4all.signing_keys import SigningKeys
    from chat4all.sync import Sync
    from chat4all.tokens import Tokens
    from chat4all.typing import Typing
    from chat4all.users import Users
    from chat4all.websocket.actions import Actions
    from chat4all.websocket.push import Push


class App:
    """Services of one process. Imports stand inside, so that a function loads only what it uses.

    A handler imports the modules of the services it calls, so that they load in Lambda's init phase and not in the first
    invocation (tests/contract/test_init.py).
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._receivers: dict[str, Receiver] = {}
        self._connectors: dict[str, Connector] = {}

    def bind_tables(self) -> None:
        """Name the tables that have been imported: every property whose service has stores calls it after its import."""
        from chat4all.stores.table import bind

        bind(self.settings.table_prefix, self.settings.engine_timeout_s)

    @cached_property
    def publisher(self) -> "Publisher":
        from chat4all.kafka.cluster import Cluster
        from chat4all.kafka.publisher import Publisher

        return Publisher(Cluster.of(self.settings))

    @cached_property
    def prompt_publisher(self) -> "Publisher":
        """For those whose caller waits, and for whom the outbox or the next event makes up for what is not published."""
        from chat4all.kafka.cluster import Cluster
        from chat4all.kafka.publisher import Publisher

        return Publisher(Cluster.of(self.settings), timeout_s=self.settings.publish_timeout_s)

    @cached_property
    def rate_limiter(self) -> "RateLimiter":
        from chat4all.rate_limits import RateLimiter

        self.bind_tables()
        return RateLimiter()

    @cached_property
    def identity_limits(self) -> "IdentityLimits":
        from chat4all.identity_limits import IdentityLimits

        self.bind_tables()
        return IdentityLimits(self.settings, self.rate_limiter)

    @cached_property
    def connections(self) -> "Connections":
        from chat4all.connections import Connections

        self.bind_tables()
        return Connections()

    @cached_property
    def push(self) -> "Push":
        from chat4all.websocket.push import Push

        return Push(self.settings.websocket_callback_url)

    @cached_property
    def sending(self) -> "Sending":
        from chat4all.sending import Sending

        self.bind_tables()
        return Sending(self.settings, self.prompt_publisher, self.rate_limiter)

    @cached_property
    def changing(self) -> "Changing":
        from chat4all.changing import Changing

        self.bind_tables()
        return Changing(self.settings, self.prompt_publisher, self.rate_limiter)

    @cached_property
    def reactions(self) -> "Reactions":
        from chat4all.reactions import Reactions

        self.bind_tables()
        return Reactions(self.settings, self.prompt_publisher, self.rate_limiter)

    @cached_property
    def conversations(self) -> "Conversations":
        from chat4all.conversations import Conversations

        self.bind_tables()
        return Conversations(self.prompt_publisher)

    @cached_property
    def members(self) -> "Members":
        from chat4all.members import Members

        self.bind_tables()
        return Members(self.conversations)

    @cached_property
    def identities(self) -> "Identities":
        from chat4all.identities import Identities

        self.bind_tables()
        return Identities(self.prompt_publisher, self.rate_limiter, self.members)

    @cached_property
    def history(self) -> "History":
        from chat4all.history import History

        self.bind_tables()
        return History()

    @cached_property
    def typing(self) -> "Typing":
        from chat4all.typing import Typing

        self.bind_tables()
        return Typing(self.prompt_publisher, self.rate_limiter)

    @cached_property
    def channel_signals(self) -> "ChannelSignals":
        from chat4all.channel_signals import ChannelSignals

        self.bind_tables()
        return ChannelSignals(self.publisher)

    @cached_property
    def receipts(self) -> "Receipts":
        from chat4all.receipts import Receipts

        self.bind_tables()
        return Receipts(self.prompt_publisher)

    @cached_property
    def sync(self) -> "Sync":
        from chat4all.sync import Sync

        self.bind_tables()
        return Sync(self.history, self.push, self.rate_limiter)

    @cached_property
    def actions(self) -> "Actions":
        from chat4all.websocket.actions import Actions

        return Actions(self)

    def failed_records(self, consumer: str) -> "FailedRecords":
        """Where the records go that `consumer` cannot take."""
        from chat4all.kafka.failed_records import FailedRecords
        from chat4all.retries.parking import Parking

        self.bind_tables()
        parking = Parking(consumer, self.settings.retry_rules, self.settings.retry_shards)
        return FailedRecords(consumer, self.publisher, parking)

    @cached_property
    def retrier(self) -> "Retrier":
        from chat4all.retries.invoker import Invoker
        from chat4all.retries.retrier import Retrier

        self.bind_tables()
        return Retrier(self.settings, Invoker(self.settings.functions_by_consumer), self.publisher)

    @cached_property
    def router(self) -> "Router":
        from chat4all.routing import Router

        self.bind_tables()
        return Router(self.settings, self.publisher, self.connections)

    @cached_property
    def routing_rules(self) -> "RoutingRules":
        from chat4all.routing_rules import RoutingRules

        self.bind_tables()
        return RoutingRules()

    @cached_property
    def rule_trials(self) -> "RuleTrials":
        from chat4all.rule_trials import RuleTrials

        self.bind_tables()
        return RuleTrials(self.connections)

    @cached_property
    def rule_actions(self) -> "RuleActions":
        from chat4all.fallbacks import Fallbacks
        from chat4all.mirrors import Mirrors
        from chat4all.rule_actions import RuleActions

        self.bind_tables()
        return RuleActions(Fallbacks(self.publisher), Mirrors(self.sending))

    @cached_property
    def realtime(self) -> "Realtime":
        from chat4all.realtime import Realtime

        return Realtime(self.connections, self.push)

    @cached_property
    def delivery_statuses(self) -> "DeliveryStatuses":
        from chat4all.delivery_status import DeliveryStatuses

        self.bind_tables()
        return DeliveryStatuses(self.publisher)

    @cached_property
    def outbox_sweeper(self) -> "OutboxSweeper":
        from chat4all.outbox import OutboxSweeper

        self.bind_tables()
        return OutboxSweeper(self.settings, self.publisher)

    @cached_property
    def accounts(self) -> "Accounts":
        from chat4all.accounts import Accounts

        self.bind_tables()
        return Accounts(self.settings)

    @cached_property
    def media_store(self) -> "MediaStore":
        from chat4all.channels.media import MediaStore

        self.bind_tables()
        return MediaStore(self.file_bucket, self.settings.public_url, self.settings.file_fetch_url_s)

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
    def file_bucket(self) -> "FileBucket":
        from chat4all.file_bucket import FileBucket

        return FileBucket(self.settings.files_bucket)

    @cached_property
    def files(self) -> "Files":
        from chat4all.files import Files

        self.bind_tables()
        return Files(self.settings, self.file_bucket, self.rate_limiter)

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
        return MediaFetch(CHANNELS, self.file_bucket, self.media_store, changes, most_bytes)

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
    def passwords(self) -> "Passwords":
        from chat4all.passwords import Passwords

        return Passwords()

    @cached_property
    def sessions(self) -> "Sessions":
        from chat4all.sessions import Sessions

        self.bind_tables()
        return Sessions(self.settings.refresh_token_s, self.settings.refresh_grace_s)

    @cached_property
    def audit(self) -> "AuditLog":
        from chat4all.audit import AuditLog

        self.bind_tables()
        return AuditLog(self.settings)

    @cached_property
    def audit_readers(self) -> "AuditReaders":
        from chat4all.audit_readers import AuditReaders

        self.bind_tables()
        return AuditReaders(self.audit)

    @cached_property
    def session_ends(self) -> "SessionEnds":
        from chat4all.session_ends import SessionEnds

        return SessionEnds(self.connections, self.push)

    @cached_property
    def users(self) -> "Users":
        from chat4all.users import Users

        self.bind_tables()
        return Users(self.passwords, self.sessions, self.members, self.session_ends)

    @cached_property
    def signing_keys(self) -> "SigningKeys":
        from chat4all.signing_keys import SigningKeys
        from chat4all.stores.signing_secret import SigningSecret

        return SigningKeys(SigningSecret(self.settings.signing_secret))

    @cached_property
    def public_keys(self) -> "PublicKeys":
        from chat4all.public_keys import PublicKeys

        self.bind_tables()
        return PublicKeys()

    @cached_property
    def key_rotation(self) -> "KeyRotation":
        from chat4all.key_rotation import KeyRotation
        from chat4all.stores.signing_secret import SigningSecret

        self.bind_tables()
        return KeyRotation(SigningSecret(self.settings.signing_secret), self.settings.access_token_s)

    @cached_property
    def tokens(self) -> "Tokens":
        from chat4all.tokens import Tokens

        self.bind_tables()
        return Tokens(
            self.settings, self.signing_keys, self.identity_limits, self.passwords, self.sessions, self.session_ends
        )

    @cached_property
    def access_tokens(self) -> "AccessTokens":
        from chat4all.access_tokens import AccessTokens

        self.bind_tables()
        return AccessTokens(self.settings, self.public_keys, self.sessions)

    @cached_property
    def health(self) -> "Health":
        from chat4all.health import Health

        return Health(self.settings)


@cache
def app() -> App:
    """The services of this environment."""
    return App(settings())
