"""Routing rules."""

from chat4all_client.cli.nouns.command import Command
from chat4all_client.cli.parameter import CONVERSATION, FLAG, JSON, NUMBER, Parameter

_RULE = Parameter("id", metavar="RULE")
_RULE_FIELDS = (
    Parameter("name", "name", help="For people."),
    Parameter("position", "position", NUMBER, "From 1; without it, at the end."),
    Parameter("enabled", "enabled", FLAG),
    Parameter("conditions", "conditions", JSON, "JSON, @FILE or -: docs/routing-rules.md."),
)

COMMANDS = (
    Command(
        ("rules", "list"),
        "listRoutingRules",
        "Own rules, in order.",
        columns=("position", "id", "name", "enabled", "conditions", "action"),
    ),
    Command(
        ("rules", "create"),
        "createRoutingRule",
        "Put in a rule.",
        (*_RULE_FIELDS, Parameter("action", "action", JSON, 'JSON, @FILE or -, such as {"channels": ["whatsapp"]}.')),
        takes_data=True,
        fields=("id", "position", "name"),
    ),
    Command(("rules", "show"), "getRoutingRule", "One rule.", (_RULE,), fields=("id", "position", "name")),
    Command(
        ("rules", "update"),
        "updateRoutingRule",
        "Change or move a rule.",
        (_RULE, *_RULE_FIELDS, Parameter("action", "action", JSON, "JSON, @FILE or -.")),
        takes_data=True,
        fields=("id", "position", "name"),
    ),
    Command(
        ("rules", "delete"),
        "deleteRoutingRule",
        "Delete a rule; those behind it move up.",
        (_RULE,),
        question="Delete the rule?",
        done="Deleted.",
    ),
    Command(
        ("rules", "test"),
        "testRoutingRules",
        "What the rules would choose, and why; nothing is sent.",
        (
            Parameter("message", "message", JSON, 'JSON, such as {"content": "…"}.'),
            Parameter("conversation_id", "conversation", CONVERSATION, metavar="CONVERSATION"),
        ),
        takes_data=True,
    ),
)
