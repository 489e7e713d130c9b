"""What the service tells the warm parent about a function."""

import sys
from dataclasses import dataclass
from pathlib import Path

from local.application import Function


@dataclass(frozen=True, slots=True)
class Code:
    """What an environment of a function runs: enough to import its handler as Lambda would."""

    name: str
    handler: str
    folder: str
    layer_roots: list[str]
    variables: dict[str, str]


def layer_roots(layer: Path) -> list[str]:
    """Import roots of a layer: `python/` and its `lib/pythonX.Y/site-packages`, or the folder itself.

    Lambda developer guide: "Layer paths for each Lambda runtime".
    """
    python = layer / "python"
    if not python.is_dir():
        return [str(layer)]
    packages = python / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    return [str(python), *([str(packages)] if packages.is_dir() else [])]


def code_of(function: Function, variables: dict[str, str]) -> Code:
    roots = [root for layer in function.layers for root in layer_roots(layer.resolve())]
    return Code(function.name, function.handler, str(function.code.resolve()), roots, variables)
