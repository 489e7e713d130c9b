"""Reads a template file: the document, and the line of everything in it."""

from pathlib import Path
from typing import Any

import yaml
from samtranslator.yaml_helper import yaml_parse

from local.template.errors import TemplateError

SEPARATOR = "\x1f"
"""Joins the parts of a path where a key must be one string (JSON)."""


def read_template(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the document with intrinsics in their long form, and lines (from 1) by joined path.

    Raises:
        TemplateError: the file is missing, is no YAML, has a key twice, or has no Resources.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise TemplateError(f"cannot read the template: {reason}", file=path) from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[str, int] = {}
        _walk(root, (), lines)
        document = yaml_parse(text)  # type: ignore[no-untyped-call,unused-ignore]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise TemplateError(f"is not valid YAML: {error.problem or error}", line=line) from error
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict) or not document["Resources"]:
        raise TemplateError("the template has no Resources", line=1)
    return document, lines


def _walk(node: yaml.Node | None, path: tuple[str, ...], lines: dict[str, int]) -> None:
    if node is None:
        return
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if name in seen and name != "<<":
                raise TemplateError(f"the key {name} is there twice", (*path, name), line=line)
            seen.add(name)
            lines[SEPARATOR.join((*path, name))] = line
            _walk(value, (*path, name), lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[SEPARATOR.join((*path, str(index)))] = value.start_mark.line + 1
            _walk(value, (*path, str(index)), lines)
