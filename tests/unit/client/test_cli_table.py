"""The command and the contract: every operation has a command, every command an operation that is there."""

import warnings

import click

from chat4all_client.cli.commands import SPECIAL, commands
from chat4all_client.cli.main import program
from chat4all_client.cli.nouns import COMMANDS
from chat4all_client.operation import JSON, Operation
from chat4all_client.operation_table import OPERATIONS

BY_ID_ONLY = {"createToken", "uploadFile", "getHealth", "getLiveness", "getOpenIdConfiguration"}
"""What people have no use for by a name of its own: `chat4all api` asks it."""


def test_every_operation_has_a_command_and_every_command_asks_what_is_there() -> None:
    asked = {row.operation for row in COMMANDS} | {each for one in SPECIAL for each in one.operations}
    assert asked <= OPERATIONS.keys()
    assert OPERATIONS.keys() - asked == BY_ID_ONLY


def test_a_command_gives_what_its_operation_takes() -> None:
    for row in COMMANDS:
        operation = OPERATIONS[row.operation]
        names = {parameter.name for parameter in row.parameters}
        assert set(operation.path_parameters) <= names, row.path
        if operation.body != JSON:
            assert names <= {*operation.path_parameters, *operation.query}, row.path


def test_no_two_parameters_of_a_command_have_one_name() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path, command in commands():
            context = click.Context(command, info_name=path[-1])
            assert command.get_help(context)
            names = [parameter.name for parameter in command.params]
            assert len(names) == len(set(names)), path


def test_completion_knows_the_commands() -> None:
    root = program()
    found = {item.value for item in root.shell_complete(click.Context(root), "conv")}
    assert found == {"conversations"}


def test_paths_are_filled_and_encoded() -> None:
    operation = Operation("addReaction", "PUT", "/v1/messages/{id}/reactions/{emoji}")
    assert operation.address(("m/1", "👍")) == "/v1/messages/m%2F1/reactions/%F0%9F%91%8D"
    assert operation.address({"emoji": "x", "id": "m"}) == "/v1/messages/m/reactions/x"
