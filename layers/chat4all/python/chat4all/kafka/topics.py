"""Topics: each has one owner that produces to it, and what it carries. Created by the KafkaTopics resource of the template."""

from enum import StrEnum


class Topic(StrEnum):
    """Name of each topic (docs/topics.md has owners, keys and schemas)."""

    MESSAGES = "chat4all.messages"
    """message.accepted and change.accepted: entries of the sequence. Owner: sending and changing. Consumer: router."""
    EVENTS = "chat4all.events"
    """What clients are told. Owner: router, receipts, typing, delivery status. Consumer: realtime, channel signals, and webhook
    dispatch."""
    STATUS_UPDATES = "chat4all.status_updates"
    """delivery.updated. Owner: the connectors. Consumer: delivery status."""
    INBOUND_MEDIA = "chat4all.inbound_media"
    """media.requested: files that contacts sent. Owner: receivers. Consumer: media_fetch."""
    FILE_CHECKS = "chat4all.file_checks"
    """file_check.requested: uploads whose bytes are all there. Owner: uploads, its sweeper, file_check. Consumer: file_check."""
    RULE_ACTIONS = "chat4all.rule_actions"
    """fallback.requested, mirror.requested. Owner: router, receivers, rule_actions. Consumer: rule_actions."""
    WEBHOOKS = "chat4all.webhooks"
    """webhook_delivery.requested. Owner: webhook dispatch, webhooks (tests, replays). Consumer: webhook_send."""
    OUTBOUND_TELEGRAM = "chat4all.outbound.telegram"
    """delivery.requested. Owner: router. Consumer: the Telegram connector."""
    OUTBOUND_WHATSAPP = "chat4all.outbound.whatsapp"
    """The same for the WhatsApp connector."""
    OUTBOUND_MESSENGER = "chat4all.outbound.messenger"
    """The same for the Messenger connector."""
    OUTBOUND_INSTAGRAM = "chat4all.outbound.instagram"
    """The same for the Instagram connector."""


def outbound(channel: str) -> Topic:
    """Topic of a channel's connector; ValueError where there is none."""
    return Topic(f"chat4all.outbound.{channel}")


def label_of(topic: str) -> str:
    """A topic as a label of metrics: without what all of them begin with."""
    return topic.removeprefix("chat4all.")


OUTBOUND = tuple(topic for topic in Topic if topic.startswith("chat4all.outbound."))
"""Topics of connectors."""
