"""Which part of the audit log an administrator asks for."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from chat4all.pages import PageParameters

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("must be a day, such as 2026-11-21") from None


class AuditQuery(PageParameters):
    """Query of GET /v1/audit-log: one log or one day; by default the log of what belongs to nobody and what administrators do."""

    log: Annotated[str, StringConstraints(pattern=f"^(?:deployment|(?:user|conversation|account):{_UUID})$")] | None = (
        None
    )
    """`deployment`, `user:<id>`, `conversation:<id>` or `account:<id>`."""
    day: Annotated[str, StringConstraints(max_length=10), AfterValidator(_day)] | None = None
    """Everything that was done on it, such as 2026-11-21 (UTC)."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.log is not None and self.day is not None:
            raise ValueError("give log or day")
        return self
