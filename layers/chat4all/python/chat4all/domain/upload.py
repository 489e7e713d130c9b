"""What the owner of an upload may say."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo

from chat4all.domain.media_types import KINDS
from chat4all.domain.message import Id
from chat4all.domain.part_plan import PART_MAX, PART_MIN
from chat4all.validation import Input

URLS_MAX = 100
"""Parts that are signed in one answer (50 KB of it)."""
_MOST_PARTS = 10_000
_NAME = re.compile("[1-9][0-9]{0,4}")


def _distinct(numbers: list[int]) -> list[int]:
    if len(set(numbers)) < len(numbers):
        twice = next(n for i, n in enumerate(numbers) if n in numbers[:i])
        raise ValueError(f"{twice} is given more than once")
    return numbers


def _each_once(parts: "list[ArrivedPart]") -> "list[ArrivedPart]":
    _distinct([part.number for part in parts])
    return parts


def _lower(text: str) -> str:
    return text.lower()


def _one_of_the_numbers(name: str, info: ValidationInfo) -> str:
    """The key of a checksum, which says what is wrong with it where it stands."""
    if not _NAME.fullmatch(name) or int(name) > _MOST_PARTS:
        raise ValueError(f"is no number of a part, 1 to {_MOST_PARTS}")
    if (numbers := info.data.get("numbers")) is not None and int(name) not in numbers:
        raise ValueError("is none of the numbers")
    return name


Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-fA-F]{64}$"), AfterValidator(_lower)]
"""In hex."""
Number = Annotated[int, Field(ge=1, le=_MOST_PARTS)]
"""Of a part."""


class Begin(Input):
    """Body of POST /v1/files/initiate."""

    filename: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    size: Annotated[int, Field(ge=0, json_schema_extra={"minimum": 1})]
    """Bytes."""
    content_type: Annotated[str, StringConstraints(max_length=256)] | None = None
    sha256: Sha256 | None = None
    kind: Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})] | None = None
    part_size: Annotated[int, Field(json_schema_extra={"minimum": PART_MIN, "maximum": PART_MAX})] | None = None
    """Bytes."""
    part_checksum: Literal["sha256"] | None = None
    """Every part comes with its SHA-256, signed into its address. S3 takes all parts so or none (chat4all.upload_bucket)."""


class Sign(Input):
    """Body of POST /v1/files/{id}/parts."""

    numbers: Annotated[list[Number], Field(min_length=1, max_length=URLS_MAX), AfterValidator(_distinct)] | None = None
    sha256: (
        Annotated[dict[Annotated[str, AfterValidator(_one_of_the_numbers)], Sha256], Field(max_length=URLS_MAX)] | None
    ) = None
    """By part number; where only checksums are given, they name the parts."""

    def places(self) -> list[tuple[str, int]]:
        """The numbers that are named, each with the JSON Pointer of where."""
        if self.numbers is not None:
            return [(f"/numbers/{index}", number) for index, number in enumerate(self.numbers)]
        return [(f"/sha256/{name}", int(name)) for name in self.sha256 or ()]


class ArrivedPart(Input):
    """A part, as its sender knows it."""

    number: Number
    etag: Annotated[str, StringConstraints(min_length=1, max_length=128)]


class Finish(Input):
    """Body of POST /v1/files/complete."""

    file_id: Id
    sha256: Sha256 | None = None
    parts: Annotated[list[ArrivedPart], Field(max_length=_MOST_PARTS), AfterValidator(_each_once)] | None = None
    """Where given, S3 must have these very parts. It may be left out: S3's own list is what counts."""
