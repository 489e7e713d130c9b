"""The outer shape of a template, which everything after this relies on.

Anatomy: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from typing import Any

from local.template.errors import Problems, TemplateError

_TRANSFORM = "AWS::Serverless-2016-10-31"
_MAPS_OF_MAPS = ("Parameters", "Mappings", "Resources", "Outputs", "Globals")
_ATTRIBUTES = {
    "Type", "Properties", "Condition", "DependsOn", "Metadata", "DeletionPolicy", "UpdateReplacePolicy", "CreationPolicy",
    "UpdatePolicy", "Connectors", "IgnoreGlobals", "Description",
}  # fmt: skip


def check_shape(document: dict[str, Any]) -> None:
    """Raise TemplateError where a section or a resource is not of the form that CloudFormation reads."""
    _check_sections(document)
    problems = Problems()
    for name, parameter in document.get("Parameters", {}).items():
        with problems.attempt():
            if not isinstance(parameter.get("AllowedValues", []), list):
                raise TemplateError("must be a list", ("Parameters", name, "AllowedValues"))
    for logical_id, resource in document["Resources"].items():
        with problems.attempt():
            _check_resource(logical_id, resource)
    problems.check()
    _check_transform(document)


def _check_sections(document: dict[str, Any]) -> None:
    for section in (*_MAPS_OF_MAPS, "Conditions", "Metadata"):
        _require_map(document.get(section, {}), section)
    for section in _MAPS_OF_MAPS:
        for name, entry in document.get(section, {}).items():
            _require_map(entry, section, str(name))
            if section in ("Resources", "Outputs") and not isinstance(entry.get("Condition", ""), str):
                raise TemplateError("must be the name of a condition", (section, str(name), "Condition"))


def _check_resource(logical_id: str, resource: dict[str, Any]) -> None:
    where = ("Resources", logical_id)
    if not isinstance(resource.get("Type"), str):
        raise TemplateError("the resource has no Type", where)
    for name in resource:
        # The translator would drop a misspelt attribute such as `Propertys` without a word.
        if name not in _ATTRIBUTES:
            raise TemplateError(f"{name} is no attribute of a resource", (*where, str(name)))
    if resource.get("Properties") is not None:
        _require_map(resource["Properties"], *where, "Properties")
    depends_on = resource.get("DependsOn", [])
    names = [depends_on] if isinstance(depends_on, str) else depends_on
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise TemplateError("must be a logical id or a list of them", (*where, "DependsOn"))


def _check_transform(document: dict[str, Any]) -> None:
    declared = document.get("Transform", [])
    transforms = declared if isinstance(declared, list) else [declared]
    for name in transforms:
        if name != _TRANSFORM:
            raise TemplateError(f"the transform {name} is not run here", ("Transform",))
    if transforms:
        return
    for logical_id, resource in document["Resources"].items():
        if resource["Type"].startswith("AWS::Serverless::"):
            raise TemplateError(f"{resource['Type']} needs `Transform: {_TRANSFORM}`", ("Resources", logical_id))


def _require_map(value: Any, *where: str) -> None:
    if not isinstance(value, dict):
        raise TemplateError(f"must be a map, not {value!r}", where)
