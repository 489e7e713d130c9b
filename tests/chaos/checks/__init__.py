"""What must hold of every history: each check is a function of the facts, and yields what it finds."""

from collections.abc import Callable, Iterable, Sequence

from tests.chaos.checks import catching_up, doubled, edits, limits, lost, marks, order, reactions
from tests.chaos.checks.facts import Facts
from tests.chaos.checks.violation import Violation

CHECKS: Sequence[Callable[[Facts], Iterable[Violation]]] = (
    lost.acknowledged_messages_stand,
    lost.refused_messages_do_not_stand,
    lost.what_is_seen_stands,
    lost.inbound_messages_stand,
    lost.files_are_fetched,
    lost.every_member_has_every_message,
    lost.open_connections_are_pushed_to,
    lost.phones_have_every_message,
    lost.all_is_routed,
    doubled.one_number_for_each_message,
    doubled.repeats_are_answered_alike,
    doubled.a_number_is_one_message_on_sockets,
    doubled.phones_have_each_message_once,
    order.acknowledged_sends_keep_their_order,
    order.connections_keep_the_order_of_numbers,
    order.syncs_give_the_oldest_first,
    order.phones_keep_the_order_of_numbers,
    order.answers_follow_what_they_answer,
    catching_up.nothing_is_skipped_by_complete_through,
    catching_up.numbers_are_complete_at_the_end,
    marks.status_never_goes_back,
    marks.receipts_never_go_back,
    marks.receipts_are_of_what_exists,
    edits.acknowledged_edits_stand,
    edits.members_are_told_the_newest,
    reactions.acknowledged_reactions_stand,
    reactions.members_are_told_of_reactions,
    limits.routed_in_time,
    limits.sends_keep_the_rate,
    limits.who_has_left_learns_nothing,
    limits.answers_are_as_expected,
)


def check(facts: Facts) -> list[Violation]:
    """All violations, in the order of time."""
    found = [violation for rule in CHECKS for violation in rule(facts)]
    return sorted(found, key=lambda violation: violation.at)
