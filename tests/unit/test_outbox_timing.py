"""How long a message may wait for the router, computed from the deployment's settings: the table of docs/decisions/0003."""

from chat4all.config import Settings
from tests.unit.test_repository import TEMPLATE

SKEW_S = 1.0
"""Times are told by DynamoDB's clock, to the second."""
PASS_S = 5.0
"""A pass of the sweeper and the router's work, with a call or two that are not answered at once."""
PROMISED_S = 60.0
SCHEDULE_S, PRECISION_S = 60.0, 60.0
"""EventBridge Scheduler user guide, "Schedule types": rate(1 minute), "60 second precision"."""
WRITERS = ("MessagesSendFunction", "MessagesChangeFunction", "WebsocketActionsFunction", "TelegramWebhookFunction")

SETTINGS = Settings()


def timeout_s(function: str) -> float:
    default = TEMPLATE["Globals"]["Function"]["Timeout"]
    return float(TEMPLATE["Resources"][function]["Properties"].get("Timeout", default))


def test_what_was_written_is_routed_within_the_promise() -> None:
    assert SETTINGS.unrouted_after_s + SKEW_S + SETTINGS.outbox_pause_s + PASS_S <= PROMISED_S / 2


def test_what_stands_behind_an_abandoned_number_is_too() -> None:
    assert SETTINGS.number_abandoned_after_s + SKEW_S + SETTINGS.outbox_pause_s + PASS_S <= PROMISED_S


def test_a_number_is_abandoned_only_when_its_taker_cannot_live() -> None:
    assert SETTINGS.number_abandoned_after_s >= max(map(timeout_s, WRITERS)) + SKEW_S


def test_a_run_that_dies_or_begins_late_leaves_no_pause() -> None:
    without_one = 2 * SCHEDULE_S
    late = SCHEDULE_S + PRECISION_S
    assert SETTINGS.outbox_run_s + SETTINGS.outbox_pause_s >= max(without_one, late)
    assert timeout_s("OutboxSweeperFunction") >= SETTINGS.outbox_run_s + PASS_S


def test_the_schedule_is_the_one_that_is_counted_with() -> None:
    event = TEMPLATE["Resources"]["OutboxSweeperFunction"]["Properties"]["Events"]["EachMinute"]
    assert event["Properties"]["ScheduleExpression"] == "rate(1 minute)"
