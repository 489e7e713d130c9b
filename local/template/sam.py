"""SAM's own translator, run as a child process: `python -m local.template.sam`.

It costs some 60 MB, which the stack would carry for ever. Standard input is JSON {template, parameters, region};
standard output is JSON {document, lines, parameters} or {errors: [{message, where, line}]}.
"""

import json
import sys
from pathlib import Path
from typing import Any

from samtranslator.model.exceptions import ExceptionWithMessage, InvalidDocumentException
from samtranslator.translator.transform import transform

from local.template.code_locations import replace_folders
from local.template.errors import TemplateError
from local.template.parameters import resolve_parameters
from local.template.source import read_template

_TRANSFORM = "AWS::Serverless-2016-10-31"
_ATTRIBUTES = {
    "Type", "Properties", "Condition", "DependsOn", "Metadata", "DeletionPolicy", "UpdateReplacePolicy", "CreationPolicy",
    "UpdatePolicy", "Connectors", "IgnoreGlobals",
}  # fmt: skip


class _NoManagedPolicies:
    """Names of managed policies stay as they are: permissions have no effect here."""

    def load(self) -> dict[str, str]:
        return {}


def translate(template: Path, parameters: dict[str, str], region: str) -> dict[str, Any]:
    """Return {document, lines, parameters} of a template file.

    Raises:
        TemplateError, InvalidDocumentException: it cannot be translated.
    """
    document, lines = read_template(template)
    values = resolve_parameters(document.get("Parameters") or {}, parameters)
    _check_transform(document)
    _check_attributes(document)
    replace_folders(document)
    # CloudFormation gives transforms the resolved values: a list for a list parameter.
    translated = transform(document, values | {"AWS::Region": region}, _NoManagedPolicies())
    return {"document": translated, "lines": lines, "parameters": values}


def _check_transform(document: dict[str, Any]) -> None:
    declared = document.get("Transform", [])
    transforms = [declared] if isinstance(declared, str) else list(declared)
    for name in transforms:
        if name != _TRANSFORM:
            raise TemplateError(f"the transform {name} is not run here", ("Transform",))
    if transforms:
        return
    for logical_id, resource in document["Resources"].items():
        if isinstance(resource, dict) and str(resource.get("Type", "")).startswith("AWS::Serverless::"):
            raise TemplateError(f"{resource['Type']} needs `Transform: {_TRANSFORM}`", ("Resources", logical_id))


def _check_attributes(document: dict[str, Any]) -> None:
    """Refuse misspelt attributes such as `Propertys`, which the translator would drop without a word."""
    for logical_id, resource in document["Resources"].items():
        for name in resource if isinstance(resource, dict) else ():
            if name not in _ATTRIBUTES:
                raise TemplateError(f"{name} is no attribute of a resource", ("Resources", logical_id, str(name)))


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
        answer = translate(Path(request["template"]), request["parameters"], request["region"])
    except TemplateError as error:
        answer = {"errors": [{"message": error.message, "where": list(error.where), "line": error.line}]}
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
