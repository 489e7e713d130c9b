"""The files that are written from the contract."""

from collections.abc import Callable, Mapping
from pathlib import Path

from chat4all.contract.openapi import openapi_text

ROOT = Path(__file__).resolve().parents[1]

WRITTEN: Mapping[str, Callable[[], str]] = {
    "docs/openapi.json": openapi_text,
}
"""By path, what each holds."""
