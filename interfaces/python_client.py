"""What the Python client has from the contract: the table of operations, their documents, and a method for each."""

import re
import subprocess
import sys
import textwrap

from chat4all.contract.openapi import openapi
from chat4all.contract.operation import FORM, JSON, MULTIPART, Operation
from chat4all.contract.schemas import Json
from chat4all.contract.table import OPERATIONS
from interfaces.operations_of import Described, described
from interfaces.python_types import python_type, typed_dict

FOLDER = "clients/python/chat4all_client"
_WRITTEN = "Written by scripts/write-contract."
_BODIES = {JSON: "json", FORM: "form", MULTIPART: "multipart"}
_TYPING = "from typing import Any, Literal, NotRequired, TypedDict"


def table() -> str:
    """operation_table.py."""
    rows = "".join(f"    {operation.id!r}: {_row(operation)},\n" for operation in OPERATIONS)
    return formatted(
        f'"""Every operation of the HTTP API, from the contract. {_WRITTEN}"""\n\n'
        "from collections.abc import Mapping\n\nfrom chat4all_client.operation import Operation\n\n"
        f"OPERATIONS: Mapping[str, Operation] = {{\n{rows}}}\n"
    )


def documents() -> str:
    """documents.py."""
    schemas = openapi()["components"]["schemas"]
    classes = "\n\n".join(typed_dict(name, schema) for name, schema in schemas.items())
    return formatted(
        f'"""Documents of the HTTP API, from the contract. {_WRITTEN}\n\n'
        'Answers may have further fields, which are to be passed over."""\n\n'
        f"from __future__ import annotations\n\n{_TYPING}\n\n\n{classes}"
    )


def operations() -> str:
    """operations.py."""
    methods = "\n".join(_method(each) for each in described(openapi()))
    return formatted(
        f'"""Every operation of the HTTP API as a method, from the contract. {_WRITTEN}"""\n\n'
        "from collections.abc import Mapping, Sequence\nfrom typing import Any, Literal\n\n"
        "from chat4all_client import documents\nfrom chat4all_client.api import Api\n"
        "from chat4all_client.operation_table import OPERATIONS\n\n\n"
        'class Operations:\n    """The HTTP API, asked by who is signed in. Each raises as `Api.ask` does."""\n\n'
        "    def __init__(self, api: Api) -> None:\n        self._api = api\n\n" + methods
    )


def formatted(text: str) -> str:
    """As `ruff format` has it."""
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", f"{FOLDER}/x.py", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout  # noqa: S603


def snake_case(name: str) -> str:
    """`createConversation` as `create_conversation`."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


def _row(operation: Operation) -> str:
    query = tuple(operation.query.model_fields) if operation.query is not None else ()
    named = {
        "query": query,
        "body": _BODIES[operation.media_type] if operation.body is not None else "",
        "takes_key": operation.takes_key,
        "is_open": operation.is_open,
        "is_paged": "cursor" in query,
    }
    given = [operation.id, operation.method, operation.path, operation.summary]
    arguments = [repr(each) for each in given] + [f"{name}={value!r}" for name, value in named.items() if value]
    return f"Operation({', '.join(arguments)})"


def _method(each: Described) -> str:
    required = [f"{name}: str" for name in each.path_names]
    named = [f"{name}: {_given(schema)} | None = None" for name, schema in each.query.items()]
    if each.media_type:
        kind = "Mapping[str, Any]" if each.media_type == MULTIPART else _documented(each.body)
        if each.is_body_optional:
            named.insert(0, f"body: {kind} | None = None")
        else:
            required.append(f"body: {kind}")
    if each.takes_key:
        named.append("key: str | None = None")
    signature = ", ".join(["self", *required, *(["*", *named] if named else [])])
    asked = [f'OPERATIONS["{each.id}"]', f"[{', '.join(each.path_names)}]"]
    if each.query:
        asked.append("query={" + ", ".join(f'"{name}": {name}' for name in each.query) + "}")
    asked += ["body=body"] * bool(each.media_type) + ["key=key"] * each.takes_key
    answered = " | ".join(dict.fromkeys(_documented(schema) for schema in each.answers))
    result = "" if answered == "None" else f"answer: {answered} = "
    back = "" if answered == "None" else "        return answer\n"
    return (
        f"    async def {snake_case(each.id)}({signature}) -> {answered}:\n"
        f'        """{_docstring(each)}"""\n'
        f"        {result}await self._api.ask({', '.join(asked)})\n{back}"
    )


def _documented(schema: Json | None) -> str:
    return f"documents.{python_type(schema)}" if schema is not None else "None"


def _given(schema: Json) -> str:
    return python_type(schema).replace("list[", "Sequence[")


def _docstring(each: Described) -> str:
    first = f"{each.summary}: {each.method} {each.path}."
    if not each.description:
        return first
    return "\n        ".join([first, "", *textwrap.wrap(each.description, 110), ""])
