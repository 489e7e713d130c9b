"""What belongs to no noun: any operation by its id, how the deployment is, and completion for shells."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import get_completion_class

from chat4all_client.cli.exit_codes import WrongUse
from chat4all_client.cli.given import Given
from chat4all_client.cli.output import Output
from chat4all_client.cli.parameter import json_of
from chat4all_client.cli.special import special
from chat4all_client.operation import FORM, JSON, MULTIPART, Operation
from chat4all_client.operation_table import OPERATIONS

COMPLETE = "_CHAT4ALL_COMPLETE"


def _api_parameters() -> list[click.Parameter]:
    return [
        click.Argument(["operation_id"], required=False, metavar="[OPERATION]", shell_complete=_matching),
        click.Argument(["values"], nargs=-1, metavar="[PATH_VALUE]..."),
        click.Option(["--data"], help="The body: JSON, @FILE, or - for standard input."),
        click.Option(["--query"], multiple=True, metavar="NAME=VALUE", help="May be repeated."),
        click.Option(["--form"], multiple=True, metavar="NAME=VALUE", help="A field, where the body is a form. May be repeated."),
        click.Option(["--file"], metavar="PATH", help="The part `file`, where the body is multipart."),
        click.Option(["--key"], help="Idempotency-Key: a repeat with the same one does nothing twice."),
        click.Option(["--list", "is_list"], is_flag=True, help="Show all operations."),
    ]  # fmt: skip


@special("api", parameters=_api_parameters)
async def api(given: Given, operation_id: str | None, values: tuple[str, ...], is_list: bool, **said: Any) -> None:
    """Ask any operation of the HTTP API by its id (docs/openapi.json), and print what it answers."""
    output = Output(given.as_json)
    if is_list or operation_id is None:
        await output.rows(_rows(), ("id", "method", "path", "summary"))
        return
    operation = OPERATIONS.get(operation_id)
    if operation is None:
        raise WrongUse(f"There is no operation {operation_id!r}: `chat4all api --list` shows them")
    body = _body(operation, said)
    async with given.client() as client:
        answer = await client.api.ask(operation, values, _pairs("--query", said["query"]), body, key=said["key"])
    Output(as_json=True).line(answer) if not isinstance(answer, str) else output.document(answer)


async def _rows() -> Any:
    for each in OPERATIONS.values():
        yield {"id": each.id, "method": each.method, "path": each.path, "summary": each.summary}


def _body(operation: Operation, said: dict[str, Any]) -> Any:
    """What was given, in the form that the operation takes. Raises WrongUse, OSError."""
    if operation.body == MULTIPART:
        path = Path(said["file"] or "")
        if not said["file"]:
            raise WrongUse(f"{operation.id} takes --file PATH")
        return {"file": (path.name, path.read_bytes())} | {
            name: (None, value) for name, value in _pairs("--form", said["form"]).items()
        }
    if operation.body == FORM:
        return _pairs("--form", said["form"])
    if said["form"] or said["file"]:
        raise WrongUse(f"{operation.id} takes {'--data' if operation.body == JSON else 'no body'}")
    if said["data"] is not None and operation.body != JSON:
        raise WrongUse(f"{operation.id} takes no body")
    return json_of(said["data"], "--data") if said["data"] is not None else None


def _pairs(flag: str, given: Sequence[str]) -> dict[str, str]:
    found = dict(each.partition("=")[::2] for each in given)
    if any("=" not in each for each in given):
        raise WrongUse(f"{flag} takes NAME=VALUE")
    return found


def _matching(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[Any]:
    return [each for each in OPERATIONS if each.casefold().startswith(begun.casefold())]


@special("admin", "health", operations=("getReadiness",))
async def health(given: Given) -> None:
    """Whether the deployment and all it depends on answer."""
    async with given.client() as client:
        Output(given.as_json).document(await client.api.ask(OPERATIONS["getReadiness"]), ("status",))


@special("admin", "keys", operations=("getKeys",))
async def keys(given: Given) -> None:
    """Keys that sign access tokens (RFC 7517)."""
    async with given.client() as client:
        Output(given.as_json).document(await client.api.ask(OPERATIONS["getKeys"]))


@special("completion", parameters=lambda: [click.Argument(["shell"], type=click.Choice(["bash", "zsh", "fish"]))])
async def completion(_given: Given, shell: str) -> None:
    """Print the completion for a shell: `source <(chat4all completion bash)`, `chat4all completion fish | source`."""
    made = get_completion_class(shell)
    assert made is not None
    root = click.get_current_context().find_root().command
    print(made(root, {}, "chat4all", COMPLETE).source())
