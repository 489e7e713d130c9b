"""The page docs/data-model.md: the template's tables, what their models say of the items, and who may read and change them."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.template_file import ROOT, functions, template
from tests.unit.stores.store_models import StoreModel, models, subjects

PAGE = ROOT / "docs/data-model.md"
_HEAD = """\
# Data model

<!-- Written by scripts/write-data-model; a test holds it up to date. -->

The tables of DynamoDB, from `template.yaml` and the models in `layers/chat4all/python/chat4all/stores`. Every table is named
`<stack>-<name>`, billed by request, encrypted, and read and written with PynamoDB. Types are DynamoDB's: S text, N number,
B bytes, M map, "S, JSON" text that holds JSON; `?`: not on every item. Times are milliseconds
since 1970 where nothing else is said. Items
that expire are looked at by their time in code, since DynamoDB deletes them within days.

Streams are not used: what happens is told by Kafka ([topics](topics.md)). Files are in S3, not here
([how long they are kept](decisions/0032-how-long-files-are-kept.md)). How tables change from one version to the next:
[upgrade and rollback](upgrading.md#tables). Getting one back: [restore](operations.md#restore).
"""
_REFERENCES = {
    "conversation_id": "conversations",
    "user_id": "users",
    "sender_id": "users",
    "recipient_id": "users",
    "owner_id": "users",
    "partner_id": "users",
    "message_id": "message-ids",
    "file_id": "files",
    "account_id": "accounts",
    "webhook_id": "webhooks",
}
"""Attributes whose value is another table's key."""


@cache
def _template() -> dict[str, Any]:
    return template()


def tables() -> dict[str, dict[str, Any]]:
    """The template's tables by their name without the stack's, each with its logical id under `LogicalId`."""
    return {
        resource["Properties"]["TableName"].removeprefix("${AWS::StackName}-"): resource["Properties"]
        | {"LogicalId": name}
        for name, resource in _template()["Resources"].items()
        if resource["Type"] == "AWS::DynamoDB::Table"
    }


def page() -> str:
    """The whole page."""
    declared, known = tables(), models()
    lines = [_HEAD, "## How tables refer to one another", "", *_picture(known), "## By what they are asked", ""]
    lines += ["| table | by | for | read by | changed by |", "|---|---|---|---|---|"]
    for name in sorted(declared):
        lines += _access(name, declared[name], known)
    lines.append("")
    about = subjects()
    for module in dict.fromkeys(model.module for model in known if model.noun):
        lines += [f"## {_title(module)}", "", _plain(about[module]), ""]
        mine = [model for model in known if model.module == module]
        for noun in dict.fromkeys(model.noun for model in mine if model.noun):
            lines += _table(noun, declared[noun], [model for model in mine if model.noun == noun])
    return "\n".join(lines).rstrip() + "\n"


def _table(noun: str, declared: dict[str, Any], kinds: list[StoreModel]) -> Iterator[str]:
    yield f"### `{noun}`"
    yield ""
    yield "; ".join(_properties(declared)) + "."
    yield ""
    for kind in kinds:
        yield _plain(kind.text)
        yield ""
        yield "| attribute | type | |"
        yield "|---|---|---|"
        for attribute in kind.attributes:
            key = {"HASH": " **partition key**", "RANGE": " **sort key**"}.get(attribute.key, "")
            optional = "?" if attribute.optional else ""
            yield f"| `{attribute.name}`{optional} | {attribute.type}{key} | {_cell(attribute.text)} |"
        yield ""


def _properties(declared: dict[str, Any]) -> Iterator[str]:
    yield f"Key {_keys(declared['KeySchema'])}"
    for index in declared.get("GlobalSecondaryIndexes", ()):
        projected = index["Projection"]["ProjectionType"].lower().replace("_", " ")
        yield f"index `{index['IndexName']}` {_keys(index['KeySchema'])} ({projected})"
    if "TimeToLiveSpecification" in declared:
        yield f"time to live `{declared['TimeToLiveSpecification']['AttributeName']}`"
    recovery = declared.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled")
    yield "point-in-time recovery" if recovery else "no point-in-time recovery"
    if "StreamSpecification" in declared:
        yield f"stream {declared['StreamSpecification']['StreamViewType']}"


def _access(name: str, declared: dict[str, Any], known: list[StoreModel]) -> Iterator[str]:
    reads, changes = users_of(declared["LogicalId"])
    of_table = next(model for model in known if model.noun == name)
    yield (
        f"| `{name}` | {_keys(declared['KeySchema'])} | {_cell(of_table.text)} | {_names(reads - changes)} | {_names(changes)} |"
    )
    for index in declared.get("GlobalSecondaryIndexes", ()):
        names = {model.name for model in known if model.noun == name}
        of_index = next(model for model in known if model.index == index["IndexName"] and model.of in names)
        yield f"| `{name}`, `{index['IndexName']}` | {_keys(index['KeySchema'])} | {_cell(of_index.text)} | | |"


def users_of(table: str) -> tuple[set[str], set[str]]:
    """The functions whose role may read the table with that logical id, and those whose role may change it."""
    reads, changes = set(), set()
    for name, properties in functions(_template()).items():
        for policy in properties.get("Policies", ()):
            told = json.dumps(policy)
            if not re.search(rf"\b{table}\b", told):
                continue
            if re.search(r"Crud|Write|PutItem|UpdateItem|DeleteItem", told):
                changes.add(name)
            if re.search(r"Crud|Read|GetItem|Query|Scan|ConditionCheck", told):
                reads.add(name)
    return reads, changes


def _picture(known: list[StoreModel]) -> Iterator[str]:
    """One line for each pair of tables, with all attributes by which the one names items of the other."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for model in known:
        for attribute in model.attributes if model.noun else ():
            target = _REFERENCES.get(attribute.name, model.noun)
            names = pairs.setdefault((target, model.noun), [])
            if target != model.noun and attribute.name not in names:
                names.append(attribute.name)
    yield from ("```mermaid", "erDiagram", "    direction LR")
    for (target, noun), names in sorted(pairs.items()):
        if names:
            yield f'    "{target}" ||--o{{ "{noun}" : "{", ".join(names)}"'
    yield from ("```", "")


def _keys(schema: list[dict[str, str]]) -> str:
    return ", ".join(f"`{key['AttributeName']}`" for key in schema)


def _names(names: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _title(module: str) -> str:
    return module.replace("_", " ").capitalize()


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;") if "`" not in text else _with_code(text)


def _with_code(text: str) -> str:
    """Angle brackets are text in code, and would be tags elsewhere."""
    parts = " ".join(text.split()).replace("|", "\\|").split("`")
    return "`".join(part if number % 2 else part.replace("<", "&lt;") for number, part in enumerate(parts))
