"""What AWS does, statement by statement, and the tests that show that the local stack does it too.

Each folder of `tests/conformance` is a section with a `statements.toml`; a test says which statements it shows by
`@pytest.mark.statement("http.body-as-text", …)`.
"""

import ast
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
_FIELDS = {"id", "text", "source", "untested"}


@dataclass(frozen=True, slots=True)
class Statement:
    id: str
    text: str
    section: str
    """Folder of its `statements.toml`."""
    source: str = ""
    """AWS's page, or how far it is known: `secondary`, `unverified`."""
    untested: str = ""
    """Why no test can show it; then no test may claim to."""


class InvalidStatements(ValueError):
    """A `statements.toml` or a mark that cannot be; the text names it."""


def read_statements(folder: Path = FOLDER) -> tuple[Statement, ...]:
    """All statements, by section in the order of the alphabet and by their order in the file.

    Raises InvalidStatements: an unknown or missing field, an id that stands twice.
    """
    found: dict[str, Statement] = {}
    for file in sorted(folder.glob("*/statements.toml")):
        for entry in tomllib.loads(file.read_text("utf-8")).get("statement", []):
            if not {"id", "text"} <= entry.keys() <= _FIELDS:
                raise InvalidStatements(f"{file.parent.name}: {entry} has other fields than {sorted(_FIELDS)}")
            if entry["id"] in found:
                raise InvalidStatements(f"{file.parent.name}: {entry['id']} stands twice")
            found[entry["id"]] = Statement(section=file.parent.name, **entry)
    return tuple(found.values())


def marked_tests(folder: Path = FOLDER) -> Mapping[str, Sequence[str]]:
    """By statement: the tests that are marked with it, as `path::name` from the root of the repository."""
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*/test_*.py")):
        for name, statement in _marks(ast.parse(file.read_text("utf-8"))):
            found.setdefault(statement, []).append(f"{file.relative_to(folder.parents[1])}::{name}")
    return found


def _marks(module: ast.Module) -> Iterator[tuple[str, str]]:
    """(test, statement) for each mark; tests stand in the module or in a class of it."""
    for node in ast.walk(module):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.statement":
                for argument in decorator.args:
                    yield node.name, ast.literal_eval(argument)
