"""What a check finds."""

from dataclasses import dataclass
from typing import Literal

Column = Literal["lost", "doubled", "reordered", "other"]


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was not kept."""

    column: Column
    """Of the table."""
    check: str
    """Name of the function that found it."""
    at: float
    """When, in seconds since the run began; decides which fault it is counted with."""
    what: str

    def __str__(self) -> str:
        return f"{self.at:9.3f} s  {self.column:9}  {self.check}: {self.what}"
