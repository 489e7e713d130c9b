"""What the service tells the warm parent about a function."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.application import Function
from local.lambda_service.steps import Step


@dataclass(frozen=True, slots=True)
class Code:
    """What an environment of a function runs: enough to import its handler as Lambda would."""

    name: str
    handler: str
    folder: str
    layer_roots: list[str]
    variables: dict[str, str]
    steps: list[Step] = field(default_factory=list)
    """Where its environments are killed or paused on purpose."""

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Code":
        """As `dataclasses.asdict` gives it."""
        return cls(**document | {"steps": [Step(**step) for step in document["steps"]]})


def layer_roots(layer: Path) -> list[str]:
    """Import roots of a layer: `python/` and its `lib/pythonX.Y/site-packages`, or the folder itself.

    Lambda developer guide: "Layer paths for each Lambda runtime".
    """
    python = layer / "python"
    if not python.is_dir():
        return [str(layer)]
    packages = python / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    return [str(python), *([str(packages)] if packages.is_dir() else [])]


def import_roots(function: Function) -> list[str]:
    """Where a function's own modules are looked for: its folder, then its layers."""
    return [str(function.code.resolve()), *(root for layer in function.layers for root in layer_roots(layer.resolve()))]


def code_of(function: Function, variables: dict[str, str]) -> Code:
    folder, *roots = import_roots(function)
    return Code(function.name, function.handler, folder, roots, variables)
