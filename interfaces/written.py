"""The files that are written from the contract."""

from collections.abc import Callable, Mapping
from pathlib import Path

from chat4all.contract.openapi import openapi, openapi_text
from interfaces import javascript_client, python_client

ROOT = Path(__file__).resolve().parents[1]

WRITTEN: Mapping[str, Callable[[], str]] = {
    "docs/openapi.json": openapi_text,
    "clients/javascript/chat4all/documents.js": lambda: javascript_client.documents_text(openapi()),
    "clients/javascript/chat4all/operations.js": lambda: javascript_client.operations_text(openapi()),
    f"{python_client.FOLDER}/operation_table.py": python_client.table,
    f"{python_client.FOLDER}/documents.py": python_client.documents,
    f"{python_client.FOLDER}/operations.py": python_client.operations,
}
"""By path, what each holds."""
