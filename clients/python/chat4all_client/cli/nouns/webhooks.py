"""Endpoints that get events."""

from chat4all_client.cli.nouns.command import Command
from chat4all_client.cli.parameter import LIST, NUMBER, Parameter

_WEBHOOK = Parameter("id", metavar="WEBHOOK")
_URL = Parameter("url", "to", help="Where events are sent.", metavar="URL")
_EVENTS = Parameter("events", "event", LIST, "A type of event, or *.", metavar="TYPE")
_DESCRIPTION = Parameter("description", "description", help="For people.")

COMMANDS = (
    Command(
        ("webhooks", "list"), "listWebhooks", "Own endpoints for events.", columns=("id", "url", "events", "status")
    ),
    Command(
        ("webhooks", "create"),
        "createWebhook",
        "Have events sent to an address; the secret is shown once.",
        (Parameter("url", metavar="URL"), _EVENTS, _DESCRIPTION),
        takes_data=True,
        fields=("id", "url", "events", "secret"),
    ),
    Command(("webhooks", "show"), "getWebhook", "One endpoint.", (_WEBHOOK,), fields=("id", "url", "events", "status")),
    Command(
        ("webhooks", "update"),
        "updateWebhook",
        "Change an endpoint, or switch it on again.",
        (_WEBHOOK, _URL, _EVENTS, _DESCRIPTION, Parameter("status", "status", choices=("enabled", "disabled"))),
        takes_data=True,
        fields=("id", "url", "events", "status"),
    ),
    Command(
        ("webhooks", "delete"),
        "deleteWebhook",
        "Send nothing more there.",
        (_WEBHOOK,),
        question="Delete the endpoint?",
        done="Deleted.",
    ),
    Command(("webhooks", "test"), "testWebhook", "Send an event to try it.", (_WEBHOOK,)),
    Command(
        ("webhooks", "deliveries"),
        "listWebhookDeliveries",
        "What was sent there, and what came of it.",
        (_WEBHOOK, Parameter("status", "status", choices=("pending", "delivered", "failed"))),
        columns=("id", "event_type", "status", "created_at", "next_attempt_at"),
    ),
    Command(
        ("webhooks", "replay"),
        "replayWebhookDeliveries",
        "Send again: one delivery, or those of a time.",
        (
            _WEBHOOK,
            Parameter("delivery_id", "delivery"),
            Parameter("from", "from", help="RFC 3339."),
            Parameter("to", "to", help="RFC 3339; not part of it."),
            Parameter("cursor", "cursor", help="Of the answer before, to go on where it ended."),
            Parameter("status", "status", choices=("pending", "delivered", "failed")),
        ),
    ),
    Command(
        ("webhooks", "rotate-secret"),
        "rotateWebhookSecret",
        "A new secret; the old one holds beside it for a while.",
        (_WEBHOOK, Parameter("overlap_s", "overlap", NUMBER, "Seconds.")),
        fields=("id", "secret"),
    ),
)
