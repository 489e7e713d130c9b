"""Routing rules, and what they would choose."""

from typing import Annotated, Literal

from pydantic import Field

from chat4all.contract.documents.document import Cursor, Document, Time, Uuid, example
from chat4all.contract.documents.samples import ANA, NOW, RULE
from chat4all.domain.routing_rules import Conditions, RuleAction

_RULE = {
    "id": RULE,
    "name": "By night over WhatsApp",
    "position": 1,
    "enabled": True,
    "conditions": {"hours": {"time_zone": "Europe/Lisbon", "days": ["sat", "sun"], "start": "22:00", "end": "07:00"}},
    "action": {"channels": ["whatsapp"]},
    "created_at": NOW,
    "updated_at": NOW,
}


class RoutingRule(Document):
    """A rule, in its place in the list."""

    model_config = example(_RULE)

    id: Uuid
    name: str | None
    position: Annotated[int, Field(ge=1)]
    enabled: bool
    conditions: Conditions
    action: RuleAction
    created_at: Time
    updated_at: Time


class RoutingRulePage(Document):
    """Rules, in order."""

    items: list[RoutingRule]
    next_cursor: Cursor


class RuleChoice(Document):
    """What is chosen for a recipient."""

    by: Literal["sender", "rule", "default"]
    channels: list[str]
    """External ones that are used at once."""
    rule_id: Uuid | None = None
    chain: list[str] | None = None
    """Of a fallback, all its steps."""
    wait_s: int | None = None
    dropped: Literal[True] | None = None


class RuleFailure(Document):
    """A condition that does not hold."""

    condition: str
    detail: str


class RuleLookedAt(Document):
    """A rule, and why it does not hold."""

    rule_id: Uuid
    name: str | None
    position: Annotated[int, Field(ge=1)]
    holds: bool
    failed: list[RuleFailure]


class RuleRoute(Document):
    """A way to the recipient."""

    channel: str
    account_id: str | None = None


class ExplainedChoice(Document):
    """The choice for one recipient, and why."""

    recipient_id: Uuid
    choice: RuleChoice
    rules: list[RuleLookedAt]
    """In order, up to the one that decided."""
    explanation: str
    """In words."""
    online: bool
    routes: list[RuleRoute]


class TrialMirror(Document):
    """A conversation in which the message would be said once more."""

    conversation_id: Uuid
    rule_id: Uuid
    allowed: bool


class TrialResult(Document):
    """What the rules would choose."""

    model_config = example(
        {
            "recipients": [
                {
                    "recipient_id": ANA,
                    "choice": {"by": "rule", "channels": ["whatsapp"], "rule_id": RULE},
                    "rules": [{"rule_id": RULE, "name": None, "position": 1, "holds": True, "failed": []}],
                    "explanation": "rule 1 holds: goes over in_app, whatsapp.",
                    "online": False,
                    "routes": [{"channel": "in_app"}],
                }
            ],
            "mirrors": [],
        }
    )

    recipients: list[ExplainedChoice]
    mirrors: list[TrialMirror]
