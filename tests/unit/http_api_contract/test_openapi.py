"""The OpenAPI document: valid, complete in itself, and what docs/openapi.json holds."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from chat4all.contract.documents.document import Document
from chat4all.contract.openapi import openapi
from chat4all.contract.operation import Operation
from chat4all.contract.problems import CODES, codes_of
from chat4all.contract.table import OPERATIONS, TAGS
from interfaces.written import ROOT, WRITTEN

DOCUMENT = openapi()


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_checked_in_is_what_the_code_says(name: str) -> None:
    assert (ROOT / name).read_text() == WRITTEN[name](), "run scripts/write-contract"


def test_it_is_a_valid_document() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_its_names_are_unique_and_known() -> None:
    assert {operation.tag for operation in OPERATIONS} == TAGS.keys()
    assert not [name for name in DOCUMENT["components"]["schemas"] if "__" in name]  # two classes of one name


def test_generators_of_clients_have_a_name_for_each_choice() -> None:
    """They call the choice of a field `status` of a `Message` MessageStatus: a document of that name would be left out."""
    schemas = DOCUMENT["components"]["schemas"]
    made = {
        name + "".join(word.title() for word in field.split("_"))
        for name, schema in schemas.items()
        for field, shown in schema.get("properties", {}).items()
        if "enum" in shown
    }
    assert made & schemas.keys() == set()


def test_what_a_problem_narrows_has_the_type_that_it_narrows() -> None:
    """So that generators can merge both: they cannot where there is only a `const`."""
    fields = DOCUMENT["components"]["schemas"]["Problem"]["properties"]
    narrowed = list(narrowed_problems(DOCUMENT))
    assert narrowed
    for own in narrowed:
        types = {name: each["type"] for name, each in own["properties"].items()}
        assert (own["type"], types) == ("object", {name: fields[name]["type"] for name in types})


def narrowed_problems(node: Any) -> Iterator[Any]:
    """What stands beside the shape of a problem, wherever it does."""
    if isinstance(node, dict):
        match node:
            case {"allOf": [{"$ref": "#/components/schemas/Problem" | "#/components/schemas/OAuthProblem"}, own]}:
                yield own
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from narrowed_problems(child)


def test_it_names_no_other_host() -> None:
    assert DOCUMENT["servers"] == [{"url": "/"}]
    text = json.dumps(DOCUMENT)
    for example in ("https://bucket.s3.amazonaws.com/", "https://example.com/"):
        text = text.replace(example, "")
    assert "://" not in text


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_codes_are_known_and_the_example_is_taken(operation: Operation) -> None:
    assert set(operation.errors) <= CODES.keys()
    assert codes_of(operation)
    if operation.example is not None:
        assert operation.body is not None
        operation.body.model_validate(operation.example)


@pytest.mark.parametrize("document", Document.__subclasses__(), ids=lambda document: document.__name__)
def test_the_example_of_a_document_is_one(document: type[BaseModel]) -> None:
    extra: Any = document.model_config.get("json_schema_extra", {})
    for example in extra.get("examples", ()):
        document.model_validate(example)
