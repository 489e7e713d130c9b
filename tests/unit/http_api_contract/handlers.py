"""What the handlers of functions/ read, as their sources say it."""

import ast
from dataclasses import dataclass
from pathlib import Path

METHODS = {"get", "post", "put", "patch", "delete"}
_READS = {"body": "body", "body_or": "body", "query": "query"}


@dataclass(frozen=True)
class Handler:
    """A function behind a route."""

    name: str
    """`users.register`."""
    reads: dict[str, str]
    """Name of the class that `body` and `query` are read by, where they are."""


def handlers(functions: Path) -> dict[str, Handler]:
    """By route, such as `GET /v1/users/{}`: parameters have other names in handlers than in the template."""
    found: dict[str, Handler] = {}
    for app in sorted(functions.glob("*/app.py")):
        for node in ast.parse(app.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                handler = Handler(f"{app.parent.name}.{node.name}", _reads(node))
                found |= dict.fromkeys(_routes(node), handler)
    return found


def _routes(function: ast.FunctionDef) -> list[str]:
    return [
        f"{decorator.func.attr.upper()} {unnamed(decorator.args[0].value)}"
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in METHODS
        and isinstance(decorator.args[0], ast.Constant)
        and isinstance(decorator.args[0].value, str)
    ]


def unnamed(path: str) -> str:
    """The path without the names of its parameters."""
    return "/".join("{}" if part[:1] in ("<", "{") else part for part in path.split("/"))


def _reads(function: ast.FunctionDef) -> dict[str, str]:
    reads: dict[str, str] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READS:
            argument = node.args[0].func if isinstance(node.args[0], ast.Call) else node.args[0]
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "api" and isinstance(argument, ast.Name):
                reads[_READS[node.func.attr]] = argument.id
    return reads
