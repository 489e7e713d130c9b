"""Routing rules: where a business wants messages to go."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.audit
import chat4all.connections
import chat4all.routing_rules
import chat4all.sessions  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.domain.routing_rules import NewRule, RuleChanges
from chat4all.http.api import Api, created, no_content, path_id
from chat4all.pages import PageParameters
from chat4all.rule_trials import Trial

api = Api("routing_rules")
handler = api.handle


def caller() -> str:
    """Whose rules they are, in a session that has not ended."""
    return app().sessions.live(api.caller(), api.session_id)


@api.post("/v1/routing-rules")
def create() -> Response[str]:
    """A rule, put in at its position."""
    with api.audited(Action.ROUTING_RULE_CREATE) as deed:
        rule = app().routing_rules.create(caller(), api.body(NewRule))
        deed.details["rule"] = rule["id"]
    return created(rule)


@api.post("/v1/routing-rules/test")
def test() -> dict[str, Any]:
    """What the rules would choose, and why; nothing is sent."""
    return app().rule_trials.try_out(caller(), api.body(Trial))


@api.get("/v1/routing-rules")
def list_rules() -> dict[str, Any]:
    """The caller's rules, in order."""
    parameters = api.query(PageParameters)
    return app().routing_rules.list(caller(), parameters.limit, parameters.cursor)


@api.get("/v1/routing-rules/<rule_id>")
def get(rule_id: str) -> dict[str, Any]:
    """One rule."""
    which = path_id(rule_id, "routing rule")
    return app().routing_rules.get(caller(), which)


@api.patch("/v1/routing-rules/<rule_id>")
def update(rule_id: str) -> dict[str, Any]:
    """The rule as it is after the change."""
    which = path_id(rule_id, "routing rule")
    with api.audited(Action.ROUTING_RULE_UPDATE) as deed:
        deed.details["rule"] = which
        return app().routing_rules.update(caller(), which, api.body(RuleChanges))


@api.delete("/v1/routing-rules/<rule_id>")
def delete(rule_id: str) -> Response[str]:
    """Gone; those behind it move up."""
    which = path_id(rule_id, "routing rule")
    with api.audited(Action.ROUTING_RULE_DELETE) as deed:
        deed.details["rule"] = which
        app().routing_rules.delete(caller(), which)
    return no_content()
