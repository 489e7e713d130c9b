"""The command and the contract: every operation has a command, every command an operation that is there."""

import warnings
from typing import Any, get_args, get_type_hints, is_typeddict

import click
import pytest

from chat4all_client import documents, operations
from chat4all_client.cli.commands import SPECIAL, commands
from chat4all_client.cli.grpc_events import with_whole_numbers
from chat4all_client.cli.main import program
from chat4all_client.cli.nouns import COMMANDS
from chat4all_client.operation import JSON, Operation
from chat4all_client.operation_table import OPERATIONS
from chat4all_client.operations import Operations

BY_ID_ONLY = {"createToken", "uploadFile", "getHealth", "getLiveness", "getOpenIdConfiguration"} | {
    "exchangeSignIn",
    "linkSignIn",
}
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


def test_what_is_shown_is_what_the_operation_answers() -> None:
    for row in COMMANDS:
        if row.columns or row.fields:
            answered = get_type_hints(getattr(Operations, snake_case(row.operation)), vars(operations))["return"]
            shown = item_of(answered) if row.columns else answered
            assert [name for name in (*row.columns, *row.fields) if not has(shown, name)] == [], row.path


def snake_case(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def item_of(page: Any) -> Any:
    return get_args(get_type_hints(page, vars(documents))["items"])[0]


def has(document: Any, name: str) -> bool:
    """Whether the document has the field `a.b`; of several each, or one of them."""
    first, _, rest = name.partition(".")
    kinds = [kind for kind in get_args(document) or (document,) if is_typeddict(kind)]
    fields = [get_type_hints(kind, vars(documents)) for kind in kinds]
    return any(first in each and (not rest or has(each[first], rest)) for each in fields)


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


@pytest.mark.parametrize("values", [(), ("m",), ("m", "x", "y"), ("m", ""), {"id": "m"}])
def test_other_values_than_the_path_has_are_refused_by_name(values: Any) -> None:
    operation = Operation("addReaction", "PUT", "/v1/messages/{id}/reactions/{emoji}")
    with pytest.raises(ValueError, match=r"addReaction takes 2 in its path \(id, emoji\), not \["):
        operation.address(values)


def test_numbers_of_an_event_by_grpc_are_those_of_the_websocket() -> None:
    told = {
        "type": "message.created",
        "seq": "6",
        "data": {"seq": 6.0, "content": {"latitude": -23.5, "n": [1.0]}, "id": "6"},
    }
    data = {"seq": 6, "content": {"latitude": -23.5, "n": [1]}, "id": "6"}
    assert repr(with_whole_numbers(told)) == repr({"type": "message.created", "seq": 6, "data": data})
    assert with_whole_numbers({"type": "stream.opened"}) == {"type": "stream.opened"}
