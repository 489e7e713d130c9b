"""The table of operations against template.yaml and the handlers: nothing missing, nothing invented, nothing read otherwise."""

import re
from pathlib import Path

import pytest

from chat4all.contract.operation import JSON, Operation
from chat4all.contract.table import OPERATIONS, OUTSIDE
from tests.template_file import functions, template
from tests.unit.http_api_contract.handlers import handlers, unnamed

ROOT = Path(__file__).resolve().parents[3]
HANDLERS = handlers(ROOT / "functions")


def _routes() -> dict[str, bool]:
    """Whether each route of the template is open."""
    return {
        f"{event['Properties']['Method']} {event['Properties']['Path']}": event["Properties"].get("Auth")
        == {"Authorizer": "NONE"}
        for properties in functions(template()).values()
        for event in properties.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    }


def test_every_route_is_an_operation_or_named_as_none() -> None:
    operations = {operation.route: operation.is_open for operation in OPERATIONS}
    routes = _routes()
    assert {route: is_open for route, is_open in routes.items() if route not in OUTSIDE} == operations
    assert OUTSIDE.keys() <= routes.keys()


def test_ids_are_unique_and_in_lower_camel_case() -> None:
    ids = [operation.id for operation in OPERATIONS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", each) for each in ids)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_the_handler_reads_what_the_operation_says(operation: Operation) -> None:
    handler = HANDLERS[f"{operation.method} {unnamed(operation.path)}"]
    body = operation.body.__name__ if operation.body is not None and operation.media_type == JSON else None
    assert handler.reads.get("body") == body
    assert handler.reads.get("query") == (operation.query.__name__ if operation.query is not None else None)
