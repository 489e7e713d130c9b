"""JSON Schemas as types of Python: the documents of the client."""

import keyword
import textwrap
from typing import Any

from chat4all.contract.schemas import REF, Json

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def python_type(schema: Json) -> str:
    """The type of what fits the schema; limits are the server's to check."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REF)
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(python_type(each) for each in schema["anyOf"]))
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return f"Literal[{', '.join(map(repr, values))}]"
    kind = schema.get("type")
    if kind == "array":
        return f"list[{python_type(schema.get('items', {}))}]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {python_type(values) if isinstance(values, dict) else 'Any'}]"
    if schema.get("format") == "binary":
        return "bytes"
    return _PLAIN.get(str(kind), "Any")


def typed_dict(name: str, schema: Json) -> str:
    """The class of an object's schema."""
    fields = {field: _field(field, shown, schema) for field, shown in schema.get("properties", {}).items()}
    description = _wrapped(schema.get("description", ""))
    if any(keyword.iskeyword(field) for field in fields):
        inside = ", ".join(f'"{field}": {kind!r}' for field, kind in fields.items())
        return f'{name} = TypedDict("{name}", {{{inside}}})\n"""{description}"""\n'
    lines = [f"class {name}(TypedDict):", f'    """{description}"""' if description else "    pass", ""]
    for field, kind in fields.items():
        lines.append(f"    {field}: {kind}")
        text = schema["properties"][field].get("description")
        if text:
            lines.append(f'    """{_wrapped(text)}"""')
    return "\n".join(lines) + "\n"


def _field(name: str, shown: Json, schema: Json) -> str:
    kind = python_type(shown)
    return kind if name in schema.get("required", ()) else f"NotRequired[{kind}]"


def _wrapped(text: Any) -> str:
    return "\n    ".join(textwrap.wrap(str(text).replace("\\", "\\\\"), 112))
