"""What all answered documents have in common."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chat4all.ids import PATTERN

NULLABLE = "x-nullable"


class Document(BaseModel):
    """Base of everything that is answered.

    A field without default is always there; one with the default None may be left out, and is null only where it is `Nullable`.
    Clients accept fields that they do not know; here they are refused, so that nothing is answered that no document names.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _left_out_and_not_null(cls, document: Any) -> Any:
        if isinstance(document, Mapping):
            for name, field in cls.model_fields.items():
                extra = field.json_schema_extra
                is_nullable = isinstance(extra, Mapping) and bool(extra.get(NULLABLE))
                if name in document and document[name] is None and not field.is_required() and not is_nullable:
                    raise ValueError(f"{name} is null, and would be left out")
        return document


def example(document: Mapping[str, Any]) -> ConfigDict:
    """Configuration of a document that shows `document` as its example."""
    return ConfigDict(json_schema_extra={"examples": [dict(document)]})


Nullable = Field(json_schema_extra={NULLABLE: True})
"""May be left out, and may be null."""
Uuid = Annotated[str, Field(pattern=PATTERN, json_schema_extra={"format": "uuid"})]
Time = Annotated[
    str,
    Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", json_schema_extra={"format": "date-time"}),
]
"""RFC 3339, UTC, with milliseconds."""
Seq = Annotated[int, Field(ge=0, lt=2**53)]
"""A number in the sequence of a conversation; 0 is before its first."""
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""In hex."""
Cursor = str | None
"""Where the next page begins; null: this is the last one."""
