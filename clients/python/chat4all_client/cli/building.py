"""From rows of the table to click's commands."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import click

from chat4all_client.api import Api, every
from chat4all_client.cli.given import Given, common_parameters
from chat4all_client.cli.names import conversation_id_of, user_id_of
from chat4all_client.cli.nouns.command import Command
from chat4all_client.cli.output import Output, confirmed
from chat4all_client.cli.parameter import CONVERSATION, USER, USERS, Parameter, body_of, json_of
from chat4all_client.cli.running import run
from chat4all_client.operation import JSON, Operation
from chat4all_client.operation_table import OPERATIONS

Json = dict[str, Any]
LIMIT, PAGE = 50, 100


def built(command: Command) -> click.Command:
    """The command of one row."""
    operation = OPERATIONS[command.operation]

    def callback(**values: Any) -> None:
        if command.question:
            confirmed(command.question, yes=values.pop("yes"))
        run(lambda given: _asked(command, operation, given, values))

    epilog = f"Operation {operation.id}: {operation.method} {operation.path}"
    return click.Command(
        command.path[-1],
        callback=callback,
        params=[*_parameters(command, operation), *common_parameters()],
        help=command.help,
        epilog=epilog,
    )


def _parameters(command: Command, operation: Operation) -> list[click.Parameter]:
    found = [parameter.declare() for parameter in command.parameters]
    if command.takes_data:
        found.append(click.Option(["--data"], help="The whole body: JSON, @FILE, or - for standard input."))
    if operation.is_paged:
        found.append(click.Option(["--limit"], type=click.IntRange(1), help=f"So many at most ({LIMIT})."))
        found.append(click.Option(["--all", "everything"], is_flag=True, help="All there are."))
    if command.question:
        found.append(click.Option(["--yes", "-y"], is_flag=True, help="Do not ask."))
    return found


async def _asked(command: Command, operation: Operation, given: Given, values: Json) -> None:
    output = Output(given.as_json)
    limit = None if values.pop("everything", False) else values.pop("limit", None) or LIMIT
    values.pop("limit", None)
    data = values.pop("data", None)
    async with given.client() as client:
        said = await _read(command.parameters, values, client.api)
        path = {name: str(said.pop(name)) for name in operation.path_parameters}
        query = {name: said.pop(name) for name in operation.query if name in said}
        body = body_of(said, json_of(data, "--data") if data else None) if operation.body == JSON else None
        if command.columns:
            await output.rows(_items(client.api, operation, path, query, limit), command.columns)
            return
        answer = await client.api.ask(operation, path, query, body)
    if answer is None and not given.as_json:
        output.text(command.done or "Done.")
    else:
        output.document(answer, command.fields)


async def _read(parameters: tuple[Parameter, ...], values: Mapping[str, Any], api: Api) -> Json:
    """What was given, as the API takes it; names of users and conversations have become ids."""
    said: Json = {}
    for parameter in parameters:
        value = values[parameter.key]
        if value is None or value == ():
            continue
        read = parameter.read(value)
        if parameter.kind == USER:
            read = await user_id_of(api, read)
        elif parameter.kind == CONVERSATION:
            read = await conversation_id_of(api, read)
        elif parameter.kind == USERS:
            read = [await user_id_of(api, each) for each in read]
        said[parameter.name] = read
    return said


async def _items(api: Api, operation: Operation, path: Json, query: Json, limit: int | None) -> AsyncIterator[Json]:
    if not operation.is_paged:
        for item in (await api.ask(operation, path, query))["items"]:
            yield item
        return

    async def page(cursor: str | None) -> Any:
        size = PAGE if limit is None else min(PAGE, limit)
        return await api.ask(operation, path, query | {"limit": size, "cursor": cursor})

    count = 0
    async for item in every(page):
        yield item
        count += 1
        if count == limit:
            return
