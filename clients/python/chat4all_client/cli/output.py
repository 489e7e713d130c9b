"""What a command prints: documents and lists, for people or as JSON. Nothing that others wrote reaches a terminal unchecked."""

import json
import sys
import unicodedata
from collections.abc import AsyncIterable, Mapping, Sequence
from typing import Any, TextIO

import click
from wcwidth import wcswidth

Json = dict[str, Any]
_UNPRINTED = frozenset({"Cc", "Cs", "Co", "Cn"})
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They would let a message turn around what stands beside it on the terminal."""
_CELL_MAX = 60


def safe(text: str, *, keep: str = "\n\t") -> str:
    """Text as a terminal may have it: escape sequences and what else moves its cursor become `\ufffd`."""
    return "".join(
        "\ufffd" if (c not in keep and unicodedata.category(c) in _UNPRINTED) or c in _BIDI else c for c in text
    )


def one_line(text: str) -> str:
    """The same in one line."""
    return safe(" ".join(text.split()), keep="")


class Output:
    """Standard output and error of a command."""

    def __init__(self, as_json: bool, out: TextIO | None = None, told: TextIO | None = None) -> None:
        self.as_json = as_json
        self._out = out or sys.stdout
        self._told = told or sys.stderr

    def document(self, document: Any, fields: Sequence[str] = ()) -> None:
        """One document: a line of JSON, or each field in a line; `fields` first."""
        if self.as_json:
            self.line(document)
        elif isinstance(document, Mapping):
            for name, value in _flat(document, fields):
                print(f"{name}: {value}", file=self._out)
        elif document is not None:
            print(safe(str(document)), file=self._out)

    def line(self, document: Any) -> None:
        """A line of JSON."""
        print(json.dumps(document), file=self._out, flush=True)

    def text(self, text: str) -> None:
        """A line for people; nothing with --json."""
        if not self.as_json:
            print(safe(text), file=self._out, flush=True)

    def note(self, text: str) -> None:
        """A line beside the result, on standard error; nothing with --json."""
        if not self.as_json:
            print(safe(text), file=self._told, flush=True)

    async def rows(self, items: AsyncIterable[Json], columns: Sequence[str]) -> None:
        """A list: a line of JSON for each item as it comes, or a table."""
        if self.as_json:
            async for item in items:
                self.line(item)
            return
        cells = [[cell(item, column) for column in columns] async for item in items]
        for line in table([[column.rpartition(".")[2].upper() for column in columns], *cells]):
            print(line, file=self._out)

    def failed(
        self,
        problem: Mapping[str, object],
        text: str,
        again: tuple[str, str] | None = None,
        usage: str | None = None,
    ) -> None:
        """Why it did not work, how it is used, and what to do: `again` in words, and as a command."""
        if self.as_json:
            print(json.dumps(dict(problem) | ({"again": again[1]} if again else {})), file=self._told, flush=True)
            return
        print(safe(text if problem.get("code") == "interrupted" else f"error: {text}"), file=self._told)
        for each in _errors(problem):
            line = ": ".join(part for part in (each.get("pointer"), each.get("detail")) if part)
            if line not in text:
                print(safe(f"  {line}"), file=self._told)
        if usage:
            print(usage, file=self._told)
        if again:
            print(": ".join(again), file=self._told)
        self._told.flush()


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with columns as wide as their widest cell; a character of East Asia takes two places."""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def cell(item: Mapping[str, Any], column: str) -> str:
    """The value at `a.b` as a cell; what is not there is empty."""
    value: Any = item
    for name in column.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    text = one_line(_shown(value))
    return text if len(text) <= _CELL_MAX else text[: _CELL_MAX - 1] + "…"


def columns_wide(text: str) -> int:
    """Places that a line takes on a terminal."""
    return _width(text)


def confirmed(question: str, *, yes: bool) -> None:
    """Ask before what cannot be taken back. Raises click.Abort; WrongUse where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"{question} Say --yes: nobody can be asked here.")
    click.confirm(question, abort=True, err=True)


def _errors(problem: Mapping[str, object]) -> list[Mapping[str, str]]:
    found = problem.get("errors")
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _flat(document: Mapping[str, Any], fields: Sequence[str]) -> list[tuple[str, str]]:
    names = [name for name in fields if name in document] + [name for name in document if name not in fields]
    return [(one_line(name), one_line(_shown(document[name]))) for name in names if document[name] is not None]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _width(text: str) -> int:
    return max(0, wcswidth(text))
