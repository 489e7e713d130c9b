"""Commands that are one operation of the contract each, by noun. The others are functions (`special`)."""

from chat4all_client.cli.nouns import (
    accounts,
    administrators,
    audit,
    conversations,
    files,
    messages,
    people,
    rules,
    webhooks,
)
from chat4all_client.cli.nouns.command import Command

COMMANDS: tuple[Command, ...] = (
    *conversations.COMMANDS,
    *messages.COMMANDS,
    *people.COMMANDS,
    *files.COMMANDS,
    *rules.COMMANDS,
    *accounts.COMMANDS,
    *webhooks.COMMANDS,
    *audit.COMMANDS,
    *administrators.COMMANDS,
)
