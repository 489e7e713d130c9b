"""Local code folders in a template, which SAM's translator takes only as S3 URIs.

SAM CLI's `package` uploads the folders and puts their URIs in; here a URI stands for a folder and is read back.
"""

from typing import Any
from urllib.parse import quote, unquote

from local.template.errors import TemplateError

_BUCKET = "local-folder"

_SAM_PROPERTIES = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
_CLOUDFORMATION_PROPERTIES = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}
_GLOBALS = {"Function": "CodeUri", "LayerVersion": "ContentUri"}


def replace_folders(document: dict[str, Any]) -> None:
    """Put a placeholder in place of every local folder, in place."""
    for section, name in _GLOBALS.items():
        _replace_uri(document.get("Globals", {}).get(section, {}), name)
    for resource in document["Resources"].values():
        if not isinstance(resource, dict) or not isinstance(properties := resource.get("Properties"), dict):
            continue
        kind = str(resource.get("Type"))
        if kind in _SAM_PROPERTIES:
            _replace_uri(properties, _SAM_PROPERTIES[kind])
        elif (code := _CLOUDFORMATION_PROPERTIES.get(kind)) and isinstance(properties.get(code), str):
            properties[code] = {"S3Bucket": _BUCKET, "S3Key": quote(properties[code], safe="")}


def folder_of(location: Any, where: tuple[str, ...]) -> str:
    """Return the folder, as the template writes it, behind a resolved `Code` or `Content`.

    Raises:
        TemplateError: the code is inline or really in S3.
    """
    if isinstance(location, dict) and location.get("S3Bucket") == _BUCKET:
        return unquote(str(location["S3Key"]))
    if isinstance(location, dict) and ("ZipFile" in location or "ImageUri" in location):
        raise TemplateError("inline code and images are not run here: give a local folder", where)
    raise TemplateError("the code is not a local folder (code in S3 is not fetched)", where)


def _replace_uri(properties: Any, name: str) -> None:
    if isinstance(properties, dict) and isinstance(uri := properties.get(name), str) and not uri.startswith("s3://"):
        properties[name] = f"s3://{_BUCKET}/{quote(uri, safe='')}"
