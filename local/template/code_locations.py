"""Local files in a template, which SAM's translator takes only as S3 URIs.

SAM CLI's `package` uploads the folders and puts their URIs in; here a URI stands for a folder and is read back.
"""

from typing import Any
from urllib.parse import quote, unquote

from local.template.errors import TemplateError

_BUCKET = "local-folder"

_SAM_PROPERTIES = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
_CLOUDFORMATION_PROPERTIES = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}
_GLOBALS = {"Function": "CodeUri", "LayerVersion": "ContentUri"}
_DEFINITIONS = {"AWS::Serverless::StateMachine", "AWS::Serverless::Api"}
"""Types that the stack does not run: the translator must only get past the file that `DefinitionUri` names."""
_IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/local:local"


def replace_folders(document: dict[str, Any]) -> None:
    """Put a placeholder in place of every local folder, in place.

    A function without code has that of the template's folder, and one of type Image the image that `sam build` makes:
    so SAM CLI packages them (samcli/lib/package/packageable_resources.py).
    """
    globally = document.get("Globals", {}).get("Function", {})
    for section, name in _GLOBALS.items():
        _replace_uri(document.get("Globals", {}).get(section, {}), name)
    for resource in document["Resources"].values():
        if not isinstance(resource, dict) or not isinstance(properties := resource.get("Properties"), dict):
            continue
        kind = str(resource.get("Type"))
        if kind == "AWS::Serverless::Function":
            _complete(properties, globally)
        if kind in _SAM_PROPERTIES:
            _replace_uri(properties, _SAM_PROPERTIES[kind])
        elif kind in _DEFINITIONS:
            _replace_uri(properties, "DefinitionUri")
        elif (code := _CLOUDFORMATION_PROPERTIES.get(kind)) and isinstance(properties.get(code), str):
            properties[code] = {"S3Bucket": _BUCKET, "S3Key": quote(properties[code], safe="")}


def folder_of(location: Any, where: tuple[str, ...]) -> str:
    """Return the folder, as the template writes it, behind a resolved `Code` or `Content`.

    Raises:
        TemplateError: the code is really in S3.
    """
    if isinstance(location, dict) and location.get("S3Bucket") == _BUCKET:
        return unquote(str(location["S3Key"]))
    raise TemplateError(
        "code in S3 is not fetched: name the local folder, as in the template before `sam package`", where
    )


def _complete(properties: dict[str, Any], globally: dict[str, Any]) -> None:
    if properties.get("PackageType", globally.get("PackageType")) == "Image":
        properties.setdefault("ImageUri", _IMAGE)
    elif not {"CodeUri", "InlineCode", "ImageUri"} & (properties.keys() | globally.keys()):
        properties["CodeUri"] = "."


def _replace_uri(properties: Any, name: str) -> None:
    if isinstance(properties, dict) and isinstance(uri := properties.get(name), str) and not uri.startswith("s3://"):
        properties[name] = f"s3://{_BUCKET}/{quote(uri, safe='')}"
