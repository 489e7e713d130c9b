"""Arguments and options of commands that are one operation: where a value goes, and how it is read."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from chat4all_client.cli.exit_codes import WrongUse

TEXT, NUMBER, FLAG, LIST, JSON, USER, USERS, CONVERSATION, FILE_JSON = (
    "text", "number", "flag", "list", "json", "user", "users", "conversation", "file_json",
)  # fmt: skip
"""Kinds. `user`, `conversation`: an id, or a name that is looked up. `json`: JSON, @FILE, or - for standard input; `file_json`
the same without the first, for what is secret: others can read the command line."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a command takes: an argument where there is no `flag`."""

    name: str
    """Of the field of the body, of the parameter of the path or the query."""
    flag: str = ""
    kind: str = TEXT
    help: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    metavar: str = ""

    @property
    def key(self) -> str:
        """Its name among what was given: the options of all commands have names of their own, such as `url`."""
        return f"field_{self.name}"

    def declare(self) -> click.Parameter:
        """As click has it."""
        shown = self.metavar or self.name.upper()
        if not self.flag:
            many = self.kind in (USERS, LIST)
            return click.Argument([self.key], nargs=-1 if many else 1, required=True, metavar=shown)
        if self.kind == FLAG:
            return click.Option([f"--{self.flag}/--no-{self.flag}", self.key], default=None, help=self.help)
        return click.Option(
            [f"--{self.flag}", self.key],
            type=click.Choice(self.choices) if self.choices else click.INT if self.kind == NUMBER else click.STRING,
            multiple=self.kind in (LIST, USERS),
            required=self.is_required,
            metavar=None if self.choices else shown,
            help=self.help + (" May be repeated." if self.kind in (LIST, USERS) else ""),
        )

    def read(self, value: Any) -> Any:
        """The value as the API takes it. Raises WrongUse."""
        if self.kind in (LIST, USERS):
            return list(value)
        if self.kind == FILE_JSON and not str(value).startswith(("@", "-")):
            raise WrongUse(
                f"--{self.flag} takes @FILE, or - for standard input: what is secret is not said on the command line"
            )
        return json_of(value, f"--{self.flag}") if self.kind in (JSON, FILE_JSON) else value


def json_of(text: str, what: str) -> Any:
    """JSON, JSON in the file @FILE, or on standard input where it is -. Raises WrongUse, OSError."""
    if text == "-":
        text = sys.stdin.read()
    elif text.startswith("@"):
        text = Path(text[1:]).read_text()
    try:
        return json.loads(text)
    except ValueError as error:
        raise WrongUse(f"{what}: no JSON: {error}") from error


def body_of(given: Mapping[str, Any], data: Any) -> dict[str, Any]:
    """The body: `data` as it was said, with single fields over it. Raises WrongUse."""
    if data is not None and not isinstance(data, dict):
        raise WrongUse("--data takes a JSON object")
    return {**(data or {}), **given}
