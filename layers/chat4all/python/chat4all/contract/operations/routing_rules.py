"""/v1/routing-rules: where a business wants messages to go."""

from chat4all.contract.operation import Operation
from chat4all.domain.routing_rules import NewRule, RuleChanges
from chat4all.pages import PageParameters
from chat4all.rule_trials import Trial

_TAG = "Routing rules"
_ALL, _ONE = "/v1/routing-rules", "/v1/routing-rules/{id}"

OPERATIONS = (
    Operation("createRoutingRule", "POST", _ALL, _TAG, "Put in a rule", {201: None}, body=NewRule),
    Operation("listRoutingRules", "GET", _ALL, _TAG, "Own rules, in order", {200: None}, query=PageParameters),
    Operation(
        "testRoutingRules",
        "POST",
        f"{_ALL}/test",
        _TAG,
        "What the rules would choose, and why",
        {200: None},
        body=Trial,
    ),
    Operation("getRoutingRule", "GET", _ONE, _TAG, "One rule", {200: None}),
    Operation("updateRoutingRule", "PATCH", _ONE, _TAG, "Change or move a rule", {200: None}, body=RuleChanges),
    Operation("deleteRoutingRule", "DELETE", _ONE, _TAG, "Delete a rule", {204: None}),
)
