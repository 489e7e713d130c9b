"""template.yaml as it is written (infra.template_file)."""

from pathlib import Path
from typing import Any

from infra.template_file import read

ROOT = Path(__file__).resolve().parents[1]


def template(file: str = "template.yaml") -> dict[str, Any]:
    """The whole document."""
    return read(ROOT / file)


def functions(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Properties of each function, by its folder in `functions/`."""
    return {
        resource["Properties"]["CodeUri"].strip("/").split("/")[1]: resource["Properties"]
        for resource in document["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    }
