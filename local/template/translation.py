"""A template after SAM's translator, with the way back to the lines of its source."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.endpoints import Endpoints
from local.template.errors import TemplateError, together

_SEPARATOR = "\x1f"
_TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class Translation:
    """CloudFormation document, parameter values, and the lines of the source file by path."""

    template: Path
    document: Mapping[str, Any]
    parameters: Mapping[str, str | list[str]]
    lines: Mapping[tuple[str, ...], int]
    left_out: Mapping[str, str]
    """Types of resources that were left out on purpose, by logical id."""
    build_methods: Mapping[str, str]
    """Of SAM's Metadata, by logical id in the source."""

    @property
    def source_resources(self) -> list[str]:
        """Logical ids as the source file has them, in its order."""
        return [path[1] for path in self.lines if len(path) == 2 and path[0] == "Resources"]

    def source_resource(self, logical_id: str) -> str | None:
        """Return the resource of the source from which SAM made this one: ids that SAM makes begin with it."""
        candidates = [each for each in self.source_resources if logical_id.startswith(each)]
        return max(candidates, key=len, default=None)

    def line_of(self, where: tuple[str, ...]) -> int | None:
        """Return the line (from 1) of the nearest place in the source, or None where it is in no source line."""
        candidates = [where]
        if len(where) > 1 and where[0] == "Resources" and (source := self.source_resource(where[1])):
            candidates = [("Resources", source, *where[2:])]
            suffix = where[1].removeprefix(source)
            candidates.append(("Resources", source, "Properties", "Events", suffix, "Properties", *where[3:]))
            candidates += [("Globals", kind, *where[3:]) for kind in ("Function", "HttpApi", "WebSocketApi")]
        found = [prefix for prefix in (self._known_prefix(candidate) for candidate in candidates) if len(prefix) > 1]
        best = max(found, key=_depth, default=self._known_prefix(where))
        return self.lines.get(best)

    def _known_prefix(self, path: tuple[str, ...]) -> tuple[str, ...]:
        while path and path not in self.lines:
            path = path[:-1]
        return path

    def located(self, error: TemplateError) -> TemplateError:
        """Return the error, or each of several, with the file and line it belongs to."""
        return together(
            [
                TemplateError(
                    one.message, one.where, file=one.file or self.template, line=one.line or self.line_of(one.where)
                )
                for one in error.errors
            ]
        )


def _depth(path: tuple[str, ...]) -> int:
    # A path in Globals lacks the two levels (logical id, Properties) that one in Resources has.
    return len(path) + (1 if path[0] == "Globals" else 0)


def translate(
    template: Path, parameters: Mapping[str, str], endpoints: Endpoints, without: Sequence[str] = ()
) -> Translation:
    """Run SAM's translator over a template file in a child process; `without` as in `local.template.leaving_out`.

    Raises:
        TemplateError: the file, a parameter or the translation is wrong; one line for each cause.
    """
    template = template.resolve()
    request = {
        "template": str(template),
        "parameters": dict(parameters),
        "region": endpoints.region,
        "without": list(without),
    }
    environment = os.environ | {"AWS_DEFAULT_REGION": endpoints.region, "AWS_EC2_METADATA_DISABLED": "true"}
    try:
        finished = subprocess.run(
            [sys.executable, "-m", "local.template.sam"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
            env=environment,
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired:
        cause = f"SAM's translator was not done after {_TIMEOUT_S} s. Is the machine very busy? Try again"
        raise TemplateError(cause, file=template) from None
    if finished.returncode != 0:
        last = finished.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no output"]
        raise TemplateError(f"SAM's translator failed: {last[0]}", file=template)
    answer = json.loads(finished.stdout)
    lines = {tuple(path.split(_SEPARATOR)): line for path, line in answer["lines"].items()}
    translation = Translation(
        template,
        answer.get("document", {}),
        answer.get("parameters", {}),
        lines,
        answer.get("left_out", {}),
        answer.get("build_methods", {}),
    )
    if "errors" in answer:
        raise translation.located(
            together(
                [
                    TemplateError(each["message"], tuple(each["where"]), line=each.get("line"))
                    for each in answer["errors"]
                ]
            )
        )
    return translation
