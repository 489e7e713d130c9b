"""The files that are written from the contract."""

from collections.abc import Callable, Mapping
from pathlib import Path

from chat4all.contract.openapi import openapi, openapi_text
from interfaces import command_reference, javascript_client, python_client
from interfaces.asyncapi import asyncapi_text
from interfaces.asyncapi_page import asyncapi_page
from interfaces.http_files import http_files
from interfaces.names import cli_commands, grpc_methods
from interfaces.table import interfaces_page

ROOT = Path(__file__).resolve().parents[1]

WRITTEN: Mapping[str, Callable[[], str]] = {
    "docs/openapi.json": openapi_text,
    "docs/cli.md": command_reference.text,
    "clients/javascript/chat4all/documents.js": lambda: javascript_client.documents_text(openapi()),
    "clients/javascript/chat4all/operations.js": lambda: javascript_client.operations_text(openapi()),
    f"{python_client.FOLDER}/operation_table.py": python_client.table,
    f"{python_client.FOLDER}/documents.py": python_client.documents,
    f"{python_client.FOLDER}/operations.py": python_client.operations,
    "docs/asyncapi.json": asyncapi_text,
    "docs/asyncapi.md": asyncapi_page,
    "docs/interfaces.md": lambda: interfaces_page(grpc_methods(), cli_commands()),
    **http_files(),
}
"""By path, what each holds."""
