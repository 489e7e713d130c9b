"""SAM's own translator, run as a child process: `python -m local.template.sam`.

It costs some 60 MB, which the stack would carry for ever. Standard input is JSON {template, parameters, region, without};
standard output is JSON {document, lines, parameters, left_out, build_methods} or {errors: [{message, where, line}]}.
"""

import json
import sys
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Any

from samtranslator.model.exceptions import ExceptionWithMessage, InvalidDocumentException
from samtranslator.translator.transform import transform

from local.template.code_locations import replace_folders
from local.template.errors import Problems, TemplateError
from local.template.leaving_out import LeavingOut
from local.template.parameters import resolve_parameters
from local.template.rules import check_rules
from local.template.shape import check_shape
from local.template.source import read_template


class _NoManagedPolicies:
    """Names of managed policies stay as they are: permissions have no effect here."""

    def load(self) -> dict[str, str]:
        return {}


def translate(template: Path, parameters: dict[str, str], region: str, without: list[str]) -> dict[str, Any]:
    """Return {document, lines, parameters, left_out, build_methods} of a template file.

    Raises:
        TemplateError, InvalidDocumentException: it cannot be translated.
    """
    document, lines = read_template(template)
    check_shape(document)
    problems = Problems()
    with problems.attempt():
        values = resolve_parameters(document.get("Parameters") or {}, parameters)
        check_rules(document.get("Rules") or {}, values)
    with problems.attempt():
        leaving_out = LeavingOut(without, document["Resources"])
    problems.check()
    build_methods = _build_methods(document["Resources"])
    replace_folders(document)
    # CloudFormation gives transforms the resolved values: a list for a list parameter.
    translated = _run(document, values | {"AWS::Region": region})
    leaving_out.after_translation(translated["Resources"])
    return {
        "document": translated,
        "lines": lines,
        "parameters": values,
        "left_out": leaving_out.types,
        "build_methods": build_methods,
    }


def _build_methods(resources: dict[str, Any]) -> dict[str, str]:
    """What `sam build` is told to do, which the translator drops."""
    found = {}
    for logical_id, resource in resources.items():
        metadata = resource.get("Metadata")
        if isinstance(metadata, dict) and metadata.get("BuildMethod"):
            found[logical_id] = str(metadata["BuildMethod"])
    return found


def _run(document: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    try:
        return dict(transform(document, values, _NoManagedPolicies()))
    except InvalidDocumentException:
        raise
    except Exception as error:
        # The translator trips over some wrong types itself; the frame that did knows which resource it was at.
        where = _resource_at_fault(error.__traceback__, document["Resources"])
        if type(error).__name__ == "NoCredentialsError":
            text = "applications of the Serverless Application Repository are not fetched"
            raise TemplateError(text, where) from error
        raise TemplateError(f"SAM's translator cannot read this: {type(error).__name__}: {error}", where) from error


def _resource_at_fault(trace: TracebackType | None, resources: Collection[str]) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    while trace is not None:
        logical_id = trace.tb_frame.f_locals.get("logical_id")
        if isinstance(logical_id, str) and logical_id in resources:
            found = ("Resources", logical_id)
        trace = trace.tb_next
    return found


def _causes(error: InvalidDocumentException) -> list[dict[str, Any]]:
    found = []
    for cause in error.causes:
        logical_id = getattr(cause, "_logical_id", None)
        where = ["Resources", logical_id] if logical_id else []
        found.append({"message": _sentence(cause), "where": where})
    return found


def _sentence(cause: ExceptionWithMessage) -> str:
    message = str(cause.message)
    prefix = "] is invalid. "
    return message.split(prefix, 1)[1] if message.startswith("Resource with id [") and prefix in message else message


def main() -> int:
    request = json.load(sys.stdin)
    try:
        answer = translate(Path(request["template"]), request["parameters"], request["region"], request["without"])
    except TemplateError as error:
        answer = {
            "errors": [{"message": each.message, "where": list(each.where), "line": each.line} for each in error.errors]
        }
    except InvalidDocumentException as error:
        answer = {"errors": _causes(error)}
    if "errors" in answer:
        answer["lines"] = _lines(Path(request["template"]))
    json.dump(answer, sys.stdout, default=str)
    return 0


def _lines(template: Path) -> dict[str, int]:
    try:
        return read_template(template)[1]
    except TemplateError:
        return {}


if __name__ == "__main__":
    sys.exit(main())
