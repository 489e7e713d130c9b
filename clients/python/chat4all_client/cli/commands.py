"""All commands: those that are one operation each, and the others."""

from collections.abc import Iterator

import click

from chat4all_client.cli import (
    chat_command,
    events_command,
    file_commands,
    message_commands,
    other_commands,
    sign_in_commands,
)
from chat4all_client.cli.building import built
from chat4all_client.cli.nouns import COMMANDS
from chat4all_client.cli.special import Special

SPECIAL: tuple[Special, ...] = (
    sign_in_commands.login,
    sign_in_commands.register,
    sign_in_commands.logout,
    sign_in_commands.whoami,
    sign_in_commands.token,
    sign_in_commands.password,
    chat_command.chat,
    message_commands.send,
    message_commands.history,
    file_commands.upload,
    file_commands.download,
    file_commands.cancel,
    events_command.tail,
    other_commands.health,
    other_commands.keys,
    sign_in_commands.list_profiles,
    sign_in_commands.remove_profile,
    other_commands.api,
    other_commands.completion,
)


def commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each with its path."""
    for special in SPECIAL:
        yield special.path, special.built()
    for row in COMMANDS:
        yield row.path, built(row)
