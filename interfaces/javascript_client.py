"""The JavaScript client's part that is made from the contract: types of all documents, and a method for each operation."""

import json
import re
from typing import Any

from interfaces.operations_of import Described, described

Json = dict[str, Any]
_PRIMITIVES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
_MULTIPART = "multipart/form-data"


def documents_text(document: Json) -> str:
    """`documents.js`: types only."""
    told = "// Documents of the HTTP API, from the contract. Written by scripts/write-contract.\n\nexport {};\n"
    return told + "".join(_typedef(name, schema) for name, schema in document["components"]["schemas"].items())


def operations_text(document: Json) -> str:
    """`operations.js`."""
    all_of_them = list(described(document))
    head = "// A method for each operation of the HTTP API, from the contract. Written by scripts/write-contract.\n\n"
    head += 'import { Requests } from "./requests.js";\n\n'
    head += '/** @typedef {import("./requests.js").Asked} Asked */\n'
    for name in _used(document, all_of_them):
        head += f'/** @typedef {{import("./documents.js").{name}}} {name} */\n'
    told = """
/**
 * The HTTP API. Each method rejects with ApiError (refused), SignedOut or NetworkError (no answer for as long as is tried).
 * What may be repeated is repeated until it is answered: by its method, or by an Idempotency-Key, made where none is given.
 */
export class Operations extends Requests {"""
    return head + told + "".join(_method(each) for each in all_of_them) + "}\n"


def type_of(schema: Json) -> str:
    """The type of a value of this schema, as TypeScript writes it."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(type_of(each) for each in schema["anyOf"]))
    match schema.get("type"):
        case "array":
            return f"Array<{type_of(schema.get('items', {}))}>"
        case "object":
            more = schema.get("additionalProperties")
            return f"Record<string, {type_of(more) if isinstance(more, dict) else 'any'}>"
        case str() as name:
            return _PRIMITIVES[name]
    return "any"


def camel(name: str) -> str:
    """`conversation_id` as `conversationId`."""
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def _typedef(name: str, schema: Json) -> str:
    told = _one_line(schema.get("description", ""))
    begin = f"\n/**\n * {told}\n" if told else "\n/**\n"
    if "properties" not in schema:
        return f"{begin} * @typedef {{{type_of(schema)}}} {name}\n */\n"
    lines = [f" * @typedef {{object}} {name}"]
    for field, value in schema["properties"].items():
        shown = field if field in schema.get("required", ()) else f"[{field}]"
        lines.append(f" * @property {{{type_of(value)}}} {shown} {_one_line(value.get('description', ''))}".rstrip())
    return begin + "\n".join(lines) + "\n */\n"


def _method(each: Described) -> str:
    names = [camel(name) for name in each.path_names]
    given = [f"@param {{string}} {name}" for name in names]
    if each.media_type:
        kind = "FormData" if each.media_type == _MULTIPART else type_of(each.body or {})
        names.append("body = undefined" if each.is_body_optional else "body")
        given.append(f"@param {{{kind}}} {'[body]' if each.is_body_optional else 'body'}")
    if each.query:
        kinds = ", ".join(f"{name}?: {_queried(schema)}" for name, schema in each.query.items())
        names.append("query = {}")
        given.append(f"@param {{{{{kinds}}}}} [query]")
    told = _one_line(f"{each.summary}. {each.description}".strip())
    answer = " | ".join(dict.fromkeys("null" if schema is None else type_of(schema) for schema in each.answers))
    lines = [told, *given, "@param {Asked} [asked]", f"@returns {{Promise<{answer}>}}"]
    doc = "\n".join(f"   * {line}" for line in lines)
    arguments = ", ".join([*names, "asked = {}"])
    return f"\n  /**\n{doc}\n   */\n  {each.id}({arguments}) {{\n    return this.ask({_call(each)});\n  }}\n"


def _call(each: Described) -> str:
    path = each.path
    for name, placeholder in zip(each.path_names, re.findall(r"\{\w+\}", path), strict=True):
        path = path.replace(placeholder, f"${{encodeURIComponent({camel(name)})}}", 1)
    shown = f"`{path}`" if each.path_names else json.dumps(path)
    more = {
        "body": "body" if each.media_type else "",
        "query": "query" if each.query else "",
        "takesKey": "true" if each.takes_key else "",
        "isOpen": "true" if each.is_open else "",
        "isForm": "true" if each.media_type.endswith("urlencoded") else "",
    }
    named = [name if name == value else f"{name}: {value}" for name, value in more.items() if value]
    return f"{json.dumps(each.method)}, {shown}, {{ {', '.join([*named, '...asked'])} }}"


def _queried(schema: Json) -> str:
    kind = type_of(schema).removesuffix(" | null")
    return f"({kind})" if " | " in kind else kind


def _used(document: Json, operations: list[Described]) -> list[str]:
    text = " ".join(
        type_of(schema) for each in operations for schema in (*each.answers, each.body, *each.query.values()) if schema
    )
    return [name for name in document["components"]["schemas"] if re.search(rf"\b{name}\b", text)]


def _one_line(text: str) -> str:
    return " ".join(str(text).replace("*/", "* /").split())
