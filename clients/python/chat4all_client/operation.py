"""What the client knows of an operation of the HTTP API: a row of the contract (`operation_table`, generated)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

JSON, FORM, MULTIPART = "json", "form", "multipart"
_REPEATABLE = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` has its parameters in braces, as OpenAPI writes them: /v1/conversations/{id}."""

    id: str
    method: str
    path: str
    summary: str = ""
    query: tuple[str, ...] = ()
    body: str = ""
    """`json`, `form`, `multipart`, or empty: none."""
    takes_key: bool = False
    """Takes an Idempotency-Key."""
    is_open: bool = False
    """Asked without a token."""
    is_paged: bool = False
    """Answers {items, next_cursor}."""

    @property
    def is_repeatable(self) -> bool:
        """Whether asking twice does the same as asking once. PATCH sets what it names (docs/clients.md, "Writing")."""
        return self.takes_key or self.method in _REPEATABLE

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Names, in the order of the path."""
        return tuple(piece.partition("}")[0] for piece in self.path.split("{")[1:])

    def address(self, values: Mapping[str, str] | Sequence[str]) -> str:
        """The path with values, percent-encoded: `values` by name, or in the order of the path.

        Raises:
            ValueError: there are other values than parameters, or one is empty.
        """
        names = self.path_parameters
        given = values if isinstance(values, Mapping) else dict(zip(names, values, strict=False))
        if len(values) != len(names) or set(given) != set(names) or not all(given.values()):
            said = list(given.values()) if isinstance(values, Mapping) else list(values)
            wanted = f"{len(names)} in its path ({', '.join(names)})" if names else "none in its path"
            raise ValueError(f"{self.id} takes {wanted}, not {said}: {self.method} {self.path}")
        filled = self.path
        for name in names:
            filled = filled.replace(f"{{{name}}}", quote(given[name], safe=""))
        return filled


def parameters(query: Mapping[str, Any] | None) -> dict[str, str]:
    """Query parameters as they are sent: without what is None, lists with commas."""
    return {name: _text(value) for name, value in (query or {}).items() if value is not None}


def new_key() -> str:
    """An Idempotency-Key."""
    return str(uuid.uuid4())


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
