"""JSON Schemas (2020-12) of the models of the table: `components.schemas` of OpenAPI."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from chat4all.contract.descriptions import field_descriptions
from chat4all.contract.documents.document import NULLABLE, Document
from chat4all.contract.documents.problems import GatewayError, OAuthProblem, Problem
from chat4all.contract.operation import Operation
from chat4all.domain.message import Contact, Location, Text

Json = dict[str, Any]
REF = "#/components/schemas/"
_CONTENT: TypeAdapter[Any] = TypeAdapter(Text | Location | Contact | None)
"""What `content` may be, by the type of the message; the handlers read it as anything first (domain.message.checked_content)."""


def request_name(operation: Operation) -> str:
    """Name of the schema of an operation's body: `SendMessageRequest`."""
    return f"{operation.id[:1].upper()}{operation.id[1:]}Request"


class Schemas:
    """The schemas of `models`, each named as its class, or as `names` says."""

    def __init__(self, models: Iterable[type[BaseModel]], names: Mapping[type[BaseModel], str]) -> None:
        self._models = list(dict.fromkeys(models))
        refs, definitions = models_json_schema(
            [(model, "validation") for model in self._models], ref_template=f"{REF}{{model}}"
        )
        given: dict[Any, str] = {model: str(ref["$ref"]).removeprefix(REF) for (model, _), ref in refs.items()}
        self._names = {**given, **names}
        self._components = self._readable(definitions["$defs"], {given[model]: name for model, name in names.items()})

    @classmethod
    def of_operations(cls, operations: tuple[Operation, ...]) -> Self:
        """Documents by their class, bodies by their operation."""
        bodies: dict[type[BaseModel], str] = {}
        for operation in operations:
            if operation.body is not None:
                bodies.setdefault(operation.body, request_name(operation))
        return cls(_models(operations), bodies)

    @property
    def components(self) -> Json:
        """By name, in alphabetical order."""
        return dict(sorted(self._components.items()))

    def ref(self, model: type[BaseModel]) -> Json:
        """A reference to the schema of `model`."""
        return {"$ref": REF + self._names[model]}

    def query(self, model: type[BaseModel]) -> Json:
        """The schema of query parameters, which is no component."""
        schema = model.model_json_schema()
        _without_null_defaults(schema)
        _describe(model, schema)
        return dict(_each(schema, _tidy))

    def _readable(self, definitions: Json, names: Mapping[str, str]) -> Json:
        by_name = {model.__name__: model for model in _with_parts(self._models)}
        components: Json = {}
        for name, schema in definitions.items():
            model = by_name[name]
            _describe(model, schema)
            if issubclass(model, Document):
                _as_answered(model, schema)
            else:
                _without_null_defaults(schema)
            components[names.get(name, name)] = _renamed(_each(schema, _tidy), names)
        for schema in components.values():
            if "content" in schema.get("properties", {}) and schema.get("additionalProperties") is False:
                schema["properties"]["content"] |= _content()
        return components


def _models(operations: tuple[Operation, ...]) -> Iterator[type[BaseModel]]:
    yield from (Problem, OAuthProblem, GatewayError, Location, Contact)
    for operation in operations:
        yield from (answer for answer in operation.answers.values() if answer is not None)
        if operation.body is not None:
            yield operation.body


def _with_parts(models: list[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """The models and those of which their fields are made."""
    seen: set[type[BaseModel]] = set()
    waiting: list[Any] = list(models)
    while waiting:
        kind = waiting.pop()
        waiting += getattr(kind, "__args__", ())
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in seen:
            seen.add(kind)
            waiting += [field.annotation for field in kind.model_fields.values()]
            yield kind


def _describe(model: type[BaseModel], schema: Json) -> None:
    for name, text in field_descriptions(model).items():
        schema["properties"][name].setdefault("description", " ".join(text.split()))


def _as_answered(model: type[BaseModel], schema: Json) -> None:
    """Clients accept fields that they do not know; what may be left out is never null, unless it says so."""
    if schema.get("additionalProperties") is False:
        del schema["additionalProperties"]
    for name, field in model.model_fields.items():
        shown = schema["properties"][name]
        is_nullable = shown.pop(NULLABLE, False)
        if not field.is_required():
            shown.pop("default", None)
            if not is_nullable and "anyOf" in shown:
                (kind,) = [each for each in shown.pop("anyOf") if each != {"type": "null"}]
                shown |= kind


def _without_null_defaults(schema: Json) -> None:
    for shown in schema["properties"].values():
        if shown.get("default", ...) is None:
            del shown["default"]


def _content() -> Json:
    schema = _CONTENT.json_schema(ref_template=f"{REF}{{model}}")
    schema.pop("$defs", None)
    return schema


def _each(node: Any, change: Callable[[Json], Json]) -> Any:
    if isinstance(node, list):
        return [_each(child, change) for child in node]
    if not isinstance(node, dict):
        return node
    return change({name: _each(child, change) if name != "examples" else child for name, child in node.items()})


def _tidy(schema: Json) -> Json:
    """Without the titles that pydantic makes of names (a property that is called `title` is no text)."""
    if isinstance(schema.get("title"), str):
        schema.pop("title")
    return schema


def _renamed(schema: Any, names: Mapping[str, str]) -> Any:
    def change(node: Json) -> Json:
        if isinstance(ref := node.get("$ref"), str):
            name = ref.removeprefix(REF)
            node["$ref"] = REF + names.get(name, name)
        return node

    return _each(schema, change)
