"""What the stores' modules say of their tables: models with attributes, types and the texts below them, read from the source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
STORES = ROOT / "layers/chat4all/python/chat4all/stores"
_TYPES = {
    "UnicodeAttribute": "S",
    "NumberAttribute": "N",
    "BinaryAttribute": "B",
    "BooleanAttribute": "BOOL",
    "JSONAttribute": "S, JSON",
    "MapAttribute": "M",
    "ListAttribute": "L",
    "UnicodeSetAttribute": "SS",
    "NumberSetAttribute": "NS",
}
"""DynamoDB's data type descriptors (API reference, AttributeValue)."""


@dataclass
class Attribute:
    """One of an item's; `key` is HASH, RANGE or ''."""

    name: str
    type: str
    key: str
    optional: bool
    text: str = ""


@dataclass
class StoreModel:
    """A kind of items of a table, or (`index`) an index of a table."""

    name: str
    module: str
    text: str
    noun: str = ""
    index: str = ""
    of: str = ""
    """Of an index: the name of the model whose items it has."""
    attributes: list[Attribute] = field(default_factory=list)


def models() -> list[StoreModel]:
    """All, in the order of the modules and in them."""
    found = []
    for path in sorted(STORES.glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                model = _model(node, path.stem)
                if model.noun or model.index:
                    found.append(model)
    return found


def subjects() -> dict[str, str]:
    """What each module is about, by its name."""
    return {path.stem: ast.get_docstring(ast.parse(path.read_text())) or "" for path in sorted(STORES.glob("*.py"))}


def _model(node: ast.ClassDef, module: str) -> StoreModel:
    (base,) = node.bases if len(node.bases) == 1 else (ast.Constant(""),)
    of = ast.literal_eval(base.slice) if isinstance(base, ast.Subscript) else ""
    model = StoreModel(node.name, module, ast.get_docstring(node) or "", of=str(of))
    for statement, below in _with_text_below(node.body):
        if isinstance(statement, ast.ClassDef) and statement.name == "Meta":
            model.index = _constant(statement, "index_name")
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            name = ast.unparse(statement.targets[0] if isinstance(statement, ast.Assign) else statement.target)
            if name == "noun":
                model.noun = ast.literal_eval(statement.value) if statement.value else ""
            elif isinstance(statement.value, ast.Call) and ast.unparse(statement.value.func) in _TYPES:
                model.attributes.append(_attribute(name, statement.value, below))
    return model


def _attribute(name: str, call: ast.Call, text: str) -> Attribute:
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    key = "HASH" if "hash_key" in given else "RANGE" if "range_key" in given else ""
    stored = given.get("attr_name", repr(name))
    return Attribute(
        ast.literal_eval(stored),
        _TYPES[ast.unparse(call.func)],
        key,
        given.get("null") == "True",
        " ".join(text.split()),
    )


def _with_text_below(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    for statement, following in zip(body, [*body[1:], None], strict=True):
        text = ""
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            text = str(following.value.value)
        yield statement, text


def _constant(node: ast.ClassDef, name: str) -> str:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
            return str(ast.literal_eval(statement.value))
    return ""
