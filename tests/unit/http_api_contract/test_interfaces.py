"""The other interfaces against the contract: AsyncAPI is valid and complete, every operation has its method and its command."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for

from chat4all import client_events
from chat4all.contract.live import ACTIONS, EVENTS
from chat4all.contract.table import OPERATIONS, operation
from chat4all.ids import PATTERN
from chat4all.websocket import frames
from interfaces.asyncapi import asyncapi, hooked
from interfaces.http_files import http_files
from interfaces.names import cli_commands, grpc_methods

_SCHEMA = Path(__file__).resolve().parents[2] / "fixtures/asyncapi/3.0.0.json"
_ONLY_RAW = {
    *("getHealth", "getLiveness", "getReadiness", "getOpenIdConfiguration", "getKeys"),
    *("createToken", "uploadFile"),
    *("exchangeSignIn", "linkSignIn"),
}
"""What operators and gateways ask, what browsers come back with, and what `login` and `upload` do by another operation:
`chat4all api` has them all."""


@cache
def _document() -> dict[str, Any]:
    return asyncapi()


def test_the_asyncapi_document_is_valid() -> None:
    schema = json.loads(_SCHEMA.read_text())
    assert [error.message for error in validator_for(schema)(schema).iter_errors(_document())] == []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    references: set[str] = set()

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            references.update({node["$ref"]} if isinstance(node.get("$ref"), str) else ())
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            collect(child)

    collect(_document())
    for reference in references:
        found: Any = _document()
        for step in reference.removeprefix("#/").split("/"):
            assert step in found, reference
            found = found[step]


def test_it_has_every_action_and_every_event() -> None:
    assert set(frames.ACTIONS) == ACTIONS.keys()
    told = {name for name, event in EVENTS.items() if not event.is_for_connections}
    assert told == (set(hooked()) - {"webhook.test"}) | {"typing", client_events.PRESENCE}
    for action in ACTIONS.values():
        assert all(operation(each) for each in action.operations)


@pytest.mark.parametrize("each", [each.id for each in OPERATIONS])
def test_every_operation_is_a_method_of_grpc_and_a_command(each: str) -> None:
    assert each in grpc_methods()
    assert each in cli_commands() or each in _ONLY_RAW


def test_the_request_files_have_every_operation_once() -> None:
    text = "".join(make() for make in http_files().values())
    assert [text.count(f"### {each.id}:") for each in OPERATIONS] == [1] * len(OPERATIONS)


def test_what_deletes_stands_last_and_ids_are_filled_in_once() -> None:
    for text in (make() for make in http_files().values()):
        methods = [line.split()[0] for line in text.splitlines() if " {{base}}/" in line]
        assert methods == sorted(methods, key=lambda method: method == "DELETE")
        assert re.findall(rf"{{{{base}}}}\S*/{PATTERN.strip('^$')}", text) == []
        assert set(re.findall(r"{{(\w+)}}", text)) == set(re.findall(r"^@(\w+) =", text, re.MULTILINE))
