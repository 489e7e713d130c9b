"""Input into pydantic models, with errors that say what is wrong and where (JSON Pointers)."""

import json
import math
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from chat4all.errors import FieldError, Invalid, TooLarge


class Input(BaseModel):
    """Base of everything a caller sends: unknown fields are refused, and no type is guessed ("5" is no number)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Parameters(BaseModel):
    """Base of query parameters, which are all text: numbers are read from it; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


BODY_MAX_BYTES = 256 * 1024
"""Of JSON and forms. The largest valid one: a text of 16,384 characters, each as two \\u escapes (192 KiB), and metadata."""
DEPTH_MAX = 32
"""DynamoDB's own limit for nested attributes (developer guide, "Quotas")."""

_OURS = "Value error, "
"""What pydantic puts before the words of our own validators."""

Model = TypeVar("Model", bound=BaseModel)


def parse_json(model: type[Model], text: str | bytes | None) -> Model:
    """Read `text` as JSON into `model`.

    Raises:
        Invalid: code `invalid_json` where it is no JSON object, `invalid` where a field is wrong. TooLarge.
    """
    return validate(model, json_object(text))


def check_length(text: str | bytes | None) -> None:
    """Before anything is parsed; raises TooLarge."""
    length = len(text or "")  # of text, characters: no more than its bytes
    if length > BODY_MAX_BYTES:
        raise TooLarge(f"The body has {length} bytes; at most {BODY_MAX_BYTES}")


def json_object(text: str | bytes | None) -> dict[str, Any]:
    """The JSON object in `text`; raises Invalid (`invalid_json`), TooLarge."""
    check_length(text)
    try:
        text = text.decode() if isinstance(text, bytes) else text
        document = json.loads(text or "", parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The body is not JSON: {error}", code="invalid_json") from error
    if not isinstance(document, dict):
        raise Invalid("The body must be a JSON object", code="invalid_json")
    _check_storable(text or "", document)
    return document


def validate(model: type[Model], document: Mapping[str, Any], *, prefix: str = "/") -> Model:
    """Check `document` against `model`; `prefix` stands before each pointer (`?` for query parameters).

    Raises:
        Invalid: `errors` has one entry for each wrong field.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        found = tuple(
            FieldError(pointer(e["loc"], prefix), e["msg"].removeprefix(_OURS))
            for e in error.errors(include_url=False, include_input=False)
        )
        first = found[0]
        raise Invalid(f"{first.pointer or 'The body'}: {first.detail}", errors=found) from error


def pointer(location: tuple[str | int, ...], prefix: str = "/") -> str:
    """JSON Pointer (RFC 6901) of a pydantic location; a wrong name is where it stands, which pydantic calls its `[key]`."""
    if location[1:] and location[-1] == "[key]":
        location = location[:-1]
    return "".join(prefix + str(step).replace("~", "~0").replace("/", "~1") for step in location)


def _check_storable(text: str, document: Any) -> None:
    """What JSON allows and nothing can store or give back: lone surrogates (RFC 8259, 8.2), and structures without end.

    Looked for only where the text can hold them, so that an ordinary body costs nothing.
    """
    if text.count("[") + text.count("{") > DEPTH_MAX and _depth(document) > DEPTH_MAX:
        raise Invalid(f"The body is nested more than {DEPTH_MAX} deep", code="invalid_json")
    if "\\ud" in text.lower() or not text.isascii():
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise Invalid("The body holds a lone surrogate, which is not Unicode text", code="invalid_json") from error


def _depth(document: Any) -> int:
    depth, level = 0, [document]
    while level:
        depth += 1
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return depth


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:20]} is beyond what a number can be")
    return number


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON (RFC 8259)")
