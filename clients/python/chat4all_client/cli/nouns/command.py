"""A command that is one operation of the contract."""

from dataclasses import dataclass

from chat4all_client.cli.parameter import Parameter


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `chat4all <path…>` asks `operation`."""

    path: tuple[str, ...]
    operation: str
    help: str
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[str, ...] = ()
    """Of a list: what a table shows."""
    fields: tuple[str, ...] = ()
    """Of a document: what is shown first."""
    question: str = ""
    """Asked before it is done, for what cannot be taken back."""
    takes_data: bool = False
    """Has --data for the whole body."""
    done: str = ""
    """Said where the answer has no body."""
