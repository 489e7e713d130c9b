"""What people do, and how long AWS takes: what was not measured here is assumed here, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MONTH_S = 30 * 24 * 3600
PROCESSOR_MB = 1769
"""Memory at which a function has one processor (Lambda developer guide, "Configure Lambda function memory")."""


@dataclass(frozen=True)
class Latencies:
    """Milliseconds that a function waits on AWS for one call; assumed, as nothing here ran on AWS."""

    dynamodb: float = 4.0
    kafka: float = 8.0
    """A record acknowledged by two of three brokers in three zones."""
    push: float = 10.0
    """POST to @connections."""
    pushes_at_once: int = 16
    """LANES of chat4all.websocket.lanes."""
    poller: float = 15.0
    """From a record that is acknowledged to its invocation, provisioned pollers and no window."""
    provider: float = 150.0
    webhook: float = 100.0


PUBLISHES: Mapping[str, float] = {
    "messages_send": 1, "websocket_actions": 1, "router": 1, "telegram_send": 1, "delivery_status": 1, "telegram_webhook": 1,
    "webhook_send": 0, "websocket_connect": 1, "websocket_disconnect": 1,
}  # fmt: skip
"""Acknowledgements of Kafka that a record or request waits for, where it publishes at all."""

CALLS_OUT: Mapping[str, str] = {"telegram_send": "provider", "webhook_send": "webhook"}
"""What a record of these functions waits for besides."""


@dataclass(frozen=True)
class Workload:
    """One message: what share of messages is of which kind, and what comes with each."""

    kinds: Mapping[str, float] = field(
        default_factory=lambda: {
            "private_text": 0.30,
            "private_text_websocket": 0.30,
            "group_text": 0.15,
            "text_to_telegram": 0.10,
            "text_from_telegram": 0.10,
            "private_text_webhook": 0.03,
            "file_text": 0.02,
        }
    )
    """Shares; they are 1 in all. Telegram stands for all four channels, whose connectors make the same calls."""
    receipts: float = 0.6
    """A message: clients gather them for half a second."""
    history_pages: float = 0.05
    connection_s_per_message: float = 60.0
    """Somebody who is connected sends a message each minute; so long is paid for a connection for each message."""
    session_s: float = 600.0
    """From connect to disconnect."""
    heartbeat_s: float = 30.0
    event_bytes: float = 600.0
    """Of an event that goes out to a client, with its frame."""
    file_bytes: float = 1 << 20
    log_bytes: float = 700.0
    """An invocation: START, END and REPORT, and one line of ours."""
    kept_bytes: float = 1500.0
    """A message in tables with its claim and index entry; each is written in one unit, so within 1 KB."""
    stored_months: float = 1.0
    """How long a month's messages have been kept: 12 after a year."""
    kafka_kept_days: float = 7.0
    """Kafka's own default of log.retention.hours."""

    def per_message(self) -> Mapping[str, float]:
        """How often each measured kind happens for one message."""
        return dict(self.kinds) | {
            "read_receipt": self.receipts,
            "history_page": self.history_pages,
            "connection": self.connection_s_per_message / self.session_s,
            "heartbeat": self.connection_s_per_message / self.heartbeat_s,
        }
