"""Every operation, and how each interface names it (docs/interfaces.md)."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from chat4all.contract.live import ACTIONS
from chat4all.contract.operation import Operation
from chat4all.contract.table import OPERATIONS

_HEAD = """# Interfaces

Every operation and its name in each interface, written by `scripts/write-contract` from the contract (`chat4all.contract`), the proto and the commands. HTTP: [openapi.json](openapi.json), and `/docs` of
every deployment; WebSocket and events: [asyncapi.md](asyncapi.md); gRPC: [chat4all.v1](../proto/chat4all/v1), `StreamEvents` for events; the command line: [cli.md](cli.md). In Python each is a method of
`chat4all_client.operations.Operations` in snake_case, in JavaScript one of `Operations` with the very name. Requests to try out: [http/](http/).
"""  # noqa: E501 - a paragraph of Markdown


def interfaces_page(methods: Mapping[str, str], commands: Mapping[str, list[str]]) -> str:
    """docs/interfaces.md.

    Args:
        methods: of gRPC by the operation's id, such as `MessagesService.SendMessage`.
        commands: of the command line, each by the operations that it asks.
    """
    lines = [_HEAD]
    for tag, operations in groupby(OPERATIONS, key=lambda operation: operation.tag):
        lines += [f"## {tag}\n", "| operation | HTTP | WebSocket | gRPC | CLI |", "|---|---|---|---|---|"]
        lines += [_row(operation, methods, commands) for operation in operations]
        lines.append("")
    return "\n".join(lines)


def _row(operation: Operation, methods: Mapping[str, str], commands: Mapping[str, list[str]]) -> str:
    actions = ", ".join(f"`{name}`" for name in _actions(operation.id))
    asked = ", ".join(f"`{command}`" for command in [*commands.get(operation.id, ())[:2], f"api {operation.id}"])
    method = methods.get(operation.id)
    shown = f"`{method}`" if method else ""
    return f"| `{operation.id}` | `{operation.route}` | {actions} | {shown} | {asked} |"


def _actions(operation_id: str) -> Iterator[str]:
    return (name for name, action in ACTIONS.items() if operation_id in action.operations)
