"""/v1/routing-rules: where a business wants messages to go."""

from chat4all.contract.documents.routing_rules import RoutingRule, RoutingRulePage, TrialResult
from chat4all.contract.documents.samples import BEN
from chat4all.contract.operation import Operation
from chat4all.contract.problems import SESSION
from chat4all.domain.routing_rules import NewRule, RuleChanges
from chat4all.pages import PageParameters
from chat4all.rule_trials import Trial

_TAG = "Routing rules"
_ALL, _ONE = "/v1/routing-rules", "/v1/routing-rules/{id}"

OPERATIONS = (
    Operation(
        "createRoutingRule",
        "POST",
        _ALL,
        _TAG,
        "Put in a rule",
        {201: RoutingRule},
        "At its position, from 1, or at the end. Rules are looked at in order; the first that holds decides.",
        body=NewRule,
        example={
            "name": "Orders over WhatsApp",
            "conditions": {"words": ["order"]},
            "action": {"fallback": {"chain": ["in_app", "whatsapp"], "wait_s": 120}},
        },
        errors=(*SESSION, "too_many_rules", "too_many_mirrors"),
    ),
    Operation(
        "listRoutingRules",
        "GET",
        _ALL,
        _TAG,
        "Own rules, in order",
        {200: RoutingRulePage},
        query=PageParameters,
        errors=SESSION,
    ),
    Operation(
        "testRoutingRules",
        "POST",
        f"{_ALL}/test",
        _TAG,
        "What the rules would choose, and why",
        {200: TrialResult},
        "With a conversation's members as they are, or with recipients by hand. Nothing is sent.",
        body=Trial,
        example={
            "message": {"content": "my order"},
            "recipients": [{"recipient_id": BEN, "channels": ["in_app", "whatsapp"]}],
        },
        errors=(*SESSION, "unsupported_type", "forbidden", "not_found"),
    ),
    Operation("getRoutingRule", "GET", _ONE, _TAG, "One rule", {200: RoutingRule}, errors=SESSION),
    Operation(
        "updateRoutingRule",
        "PATCH",
        _ONE,
        _TAG,
        "Change or move a rule",
        {200: RoutingRule},
        body=RuleChanges,
        example={"enabled": False},
        errors=(*SESSION, "too_many_mirrors"),
    ),
    Operation("deleteRoutingRule", "DELETE", _ONE, _TAG, "Delete a rule", {204: None}, errors=SESSION),
)
