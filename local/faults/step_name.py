"""Whether a step that a rule names is in the code: read from its source, without importing it."""

import ast
from collections.abc import Sequence
from pathlib import Path

from local.faults.rule import InvalidFault


def check_step(at: str, roots: Sequence[Path]) -> None:
    """Raises InvalidFault where `module:name` of `at` is in none of these import roots."""
    module, name, _ = at.split(":")
    source = _source(module, roots)
    if source is None:
        raise InvalidFault(f"There is no module {module} in the code or the layers of the function.")
    body: Sequence[ast.stmt] = ast.parse(source.read_bytes()).body
    for part in name.split("."):
        there = _named(body)
        found = there.get(part)
        if found is None:
            raise InvalidFault(f"{module} has no {name}. Beside it stand: {', '.join(there) or 'none'}.")
        if isinstance(found, ast.ClassDef) and found.bases and name != part:
            return  # what it inherits is not looked for
        body = found.body if isinstance(found, ast.ClassDef) else []


def _source(module: str, roots: Sequence[Path]) -> Path | None:
    relative = Path(*module.split("."))
    files = (root / file for root in roots for file in (relative.with_suffix(".py"), relative / "__init__.py"))
    return next((file for file in files if file.is_file()), None)


def _named(body: Sequence[ast.stmt]) -> dict[str, ast.stmt]:
    """Functions, classes and imported names."""
    there: dict[str, ast.stmt] = {}
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            there[statement.name] = statement
        elif isinstance(statement, ast.ImportFrom):
            there |= {alias.asname or alias.name: statement for alias in statement.names}
    return there
