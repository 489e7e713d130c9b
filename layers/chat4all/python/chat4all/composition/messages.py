"""Sending, conversations, routing and what clients see of them."""

from functools import cached_property
from typing import TYPE_CHECKING

from chat4all.composition.foundations import Foundations

if TYPE_CHECKING:
    from chat4all.changing import Changing
    from chat4all.conversations import Conversations
    from chat4all.delivery_status import DeliveryStatuses
    from chat4all.history import History
    from chat4all.identities import Identities
    from chat4all.members import Members
    from chat4all.outbox import OutboxSweeper
    from chat4all.presence import Presences
    from chat4all.reactions import Reactions
    from chat4all.realtime import Realtime
    from chat4all.receipts import Receipts
    from chat4all.routing import Router
    from chat4all.routing_rules import RoutingRules
    from chat4all.rule_actions import RuleActions
    from chat4all.rule_trials import RuleTrials
    from chat4all.sending import Sending
    from chat4all.sync import Sync
    from chat4all.typing import Typing


class MessageServices(Foundations):
    """A part of `bootstrap.App`, which says how services are made."""

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
    def presences(self) -> "Presences":
        from chat4all.presence import Presences

        self.bind_tables()
        return Presences(self.prompt_publisher)

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
    def outbox_sweeper(self) -> "OutboxSweeper":
        from chat4all.outbox import OutboxSweeper

        self.bind_tables()
        return OutboxSweeper(self.settings, self.publisher)

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

        return Realtime(self.connections, self.push, self.session_ends)

    @cached_property
    def delivery_statuses(self) -> "DeliveryStatuses":
        from chat4all.delivery_status import DeliveryStatuses

        self.bind_tables()
        return DeliveryStatuses(self.publisher)
