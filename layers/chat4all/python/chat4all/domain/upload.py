"""What the owner of an upload may say."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chat4all.domain.message import Id
from chat4all.validation import Input

URLS_MAX = 100
"""Parts that are signed in one answer (50 KB of it)."""


def _distinct(numbers: list[int]) -> list[int]:
    if len(set(numbers)) < len(numbers):
        twice = next(n for i, n in enumerate(numbers) if n in numbers[:i])
        raise ValueError(f"{twice} is given more than once")
    return numbers


def _lower(text: str) -> str:
    return text.lower()


Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-fA-F]{64}$"), AfterValidator(_lower)]
"""In hex."""
Number = Annotated[int, Field(ge=1, le=10_000)]
"""Of a part."""


class Begin(Input):
    """Body of POST /v1/files/initiate."""

    filename: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    size: Annotated[int, Field(ge=0)]
    """Bytes."""
    content_type: Annotated[str, StringConstraints(max_length=256)] | None = None
    sha256: Sha256 | None = None
    kind: str | None = None
    part_size: int | None = None
    part_checksum: Literal["sha256"] | None = None
    """Every part comes with its SHA-256, signed into its address. S3 takes all parts so or none (chat4all.upload_bucket)."""


class Sign(Input):
    """Body of POST /v1/files/{id}/parts."""

    numbers: Annotated[list[Number], Field(min_length=1, max_length=URLS_MAX), AfterValidator(_distinct)] | None = None
    sha256: Annotated[dict[str, Sha256], Field(max_length=URLS_MAX)] | None = None
    """By part number."""

    @model_validator(mode="before")
    @classmethod
    def _numbers_of_checksums(cls, given: Any) -> Any:
        """Where only checksums are given, they name the parts."""
        if not isinstance(given, dict) or given.get("numbers") is not None or not isinstance(given.get("sha256"), dict):
            return given
        if not given["sha256"] or not all(name.isascii() and name.isdecimal() for name in given["sha256"]):
            return given
        return given | {"numbers": [int(name) for name in given["sha256"]]}

    @model_validator(mode="after")
    def _checksums_of_numbers(self) -> "Sign":
        names = {str(number) for number in self.numbers or ()}
        for name in self.sha256 or ():
            if name not in names:
                raise ValueError(f"sha256 has {name!r}, which is none of the numbers")
        return self


class ArrivedPart(Input):
    """A part, as its sender knows it."""

    number: Number
    etag: Annotated[str, StringConstraints(min_length=1, max_length=128)]


class Finish(Input):
    """Body of POST /v1/files/complete."""

    file_id: Id
    sha256: Sha256 | None = None
    parts: Annotated[list[ArrivedPart], Field(max_length=10_000)] | None = None
    """Where given, S3 must have these very parts. It may be left out: S3's own list is what counts."""

    @model_validator(mode="after")
    def _each_once(self) -> "Finish":
        _distinct([part.number for part in self.parts or ()])
        return self
