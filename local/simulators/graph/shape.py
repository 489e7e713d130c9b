"""Whether a request has the shape that an edge takes: a JSON Schema, whose violations are told in the words of the Graph API.

The words for WhatsApp are those that users report (`Unexpected key "x" on param "interactive"`, `must be at most 4096 characters
long`); those that no report shows are (unverified).
"""

from collections.abc import Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from local.simulators.graph.errors import GraphError, invalid_parameter

Schema = dict[str, Any]


def text(most: int, least: int = 1) -> Schema:
    """A text of `least` to `most` characters."""
    return {"type": "string", "minLength": least, "maxLength": most}


def thing(required: Schema, optional: Schema | None = None, **more: Any) -> Schema:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def several(item: Schema, most: int, least: int = 1) -> Schema:
    return {"type": "array", "items": item, "minItems": least, "maxItems": most}


def check(schema: Schema, body: dict[str, Any]) -> None:
    """Raises GraphError 100 for what is wrong first: unknown before missing before wrong, the outer before the inner."""
    found = sorted(Draft202012Validator(schema).iter_errors(body), key=_rank)
    if found:
        raise _told(found[0])


_ORDER = ("additionalProperties", "type", "required")


def _rank(error: ValidationError) -> tuple[int, int, str]:
    order = _ORDER.index(error.validator) if error.validator in _ORDER else len(_ORDER)
    return len(error.absolute_path), order, param(error.absolute_path)


def param(path: Sequence[str | int]) -> str:
    """`template['components'][0]`."""
    first, *rest = [*path] or [""]
    return str(first) + "".join(f"[{step!r}]" for step in rest)


_TYPES = {
    "object": "a JSON object",
    "array": "an array",
    "string": "a string",
    "number": "a number",
    "integer": "an integer",
    "boolean": "a boolean",
}


def _told(error: ValidationError) -> GraphError:
    path: list[str | int] = list(error.absolute_path)
    where, value, wanted = param(path), error.instance, error.validator_value
    if error.validator == "additionalProperties":
        unknown = next(name for name in sorted(value) if name not in error.schema["properties"])
        on = f' on param "{where}"' if path else ""
        return invalid_parameter(f'Unexpected key "{unknown}"{on}.')
    if error.validator == "required":
        missing = next(name for name in wanted if name not in value)
        return invalid_parameter(f"The parameter {param([*path, missing])} is required.")
    return invalid_parameter(f"Param {where} {_wanted(str(error.validator), wanted, value)}.")


def _wanted(validator: str, wanted: Any, value: Any) -> str:
    if validator == "type":
        return f"must be {_TYPES.get(str(wanted), wanted)}"
    if validator in ("enum", "const"):
        words = wanted if validator == "enum" else [wanted]
        return f"must be one of {{{', '.join(str(word).upper() for word in words)}}} - got {value!r}"
    if validator == "oneOf":
        return "must have exactly one of " + ", ".join(_asked(wanted))
    said = {
        "maxLength": f"must be at most {wanted} characters long",
        "minLength": "must be a non-empty string",
        "maxItems": f"must have at most {wanted} element(s)",
        "minItems": f"must have at least {wanted} element(s)",
    }
    return said.get(validator, f"is not valid: {validator} {wanted}")


def _asked(alternatives: Any) -> list[str]:
    return [" and ".join(alternative.get("required", ["?"])) for alternative in alternatives]
