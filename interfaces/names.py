"""What gRPC and the command line call the operations, from the proto and the commands themselves."""

import re
from collections.abc import Mapping

from chat4all.contract.table import OPERATIONS
from chat4all_client.cli.commands import SPECIAL
from chat4all_client.cli.nouns import COMMANDS
from edge.contract import methods


def grpc_methods() -> Mapping[str, str]:
    """Method of each operation, by the route that its option google.api.http names."""
    by_route = {
        _route(method.rule.method, method.rule.path): f"{method.service.rpartition('.')[2]}.{method.name}"
        for method in methods()
        if method.rule is not None
    }
    found = {operation.id: by_route.get(_route(operation.method, operation.path)) for operation in OPERATIONS}
    return {name: method for name, method in found.items() if method is not None}


def cli_commands() -> Mapping[str, list[str]]:
    """Commands that ask each operation; one that is made of this operation alone goes first."""
    found: dict[str, list[str]] = {}
    for command in COMMANDS:
        found.setdefault(command.operation, []).append(" ".join(command.path))
    for special in SPECIAL:
        for operation in special.operations:
            found.setdefault(operation, []).append(" ".join(special.path))
    return found


def _route(method: str, path: str) -> str:
    return f"{method} {re.sub('{[^}]+}', '{}', path)}"
