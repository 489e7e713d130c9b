"""Secrets as the read operations of Secrets Manager show them."""

from typing import Any

from local.aws_endpoint.errors import AwsError
from local.stored_values.documents import Document
from local.stored_values.secret_versions import Version


def secret_value(secret: Document, version: Version) -> dict[str, Any]:
    """Answer of GetSecretValue."""
    return {
        "ARN": secret["arn"],
        "Name": secret["name"],
        "VersionId": version["id"],
        **version["value"],
        "VersionStages": version["stages"],
        "CreatedDate": version["created"],
    }


def description(secret: Document) -> dict[str, Any]:
    """Answer of DescribeSecret: labelled versions only."""
    rotation = secret["rotation"]
    answer = {
        "ARN": secret["arn"],
        "Name": secret["name"],
        "Description": secret["description"],
        "KmsKeyId": secret["kms_key"],
        "RotationEnabled": True if rotation else None,
        "RotationLambdaARN": rotation["function"] if rotation else None,
        "RotationRules": rotation["rules"] if rotation else None,
        "LastRotatedDate": secret["rotated"],
        "LastChangedDate": secret["changed"],
        "DeletedDate": secret["deleted"],
        "CreatedDate": secret["created"],
        "VersionIdsToStages": {each["id"]: each["stages"] for each in secret["versions"] if each["stages"]} or None,
    }
    kept = {name: value for name, value in answer.items() if value not in (None, "")}
    return kept | {"Tags": [{"Key": key, "Value": value} for key, value in secret["tags"].items()]}


def listed(secret: Document) -> dict[str, Any]:
    """A member of ListSecrets."""
    answer = description(secret)
    stages = answer.pop("VersionIdsToStages", None)
    return answer | ({"SecretVersionsToStages": stages} if stages else {})


def versions(secret: Document, deprecated: bool) -> list[Document]:
    """Members of ListSecretVersionIds; those without a label only when asked for."""
    return [
        {"VersionId": each["id"], "VersionStages": each["stages"], "CreatedDate": each["created"]}
        for each in secret["versions"]
        if each["stages"] or deprecated
    ]


def passes(secret: Document, filters: list[dict[str, Any]]) -> bool:
    """Filters of ListSecrets: values match by prefix, `!` before one negates it, and every filter has to pass."""
    return all(_passes(secret, str(each.get("Key")), each.get("Values") or []) for each in filters)


def _passes(secret: Document, key: str, values: list[Any]) -> bool:
    tags: dict[str, str] = secret["tags"]
    texts = {
        "name": [secret["name"]],
        "description": [secret["description"]],
        "tag-key": list(tags),
        "tag-value": list(tags.values()),
        "all": [secret["name"], secret["description"], *tags, *tags.values()],
    }
    if key not in texts:
        raise AwsError(400, "InvalidParameterException", f"The local stack does not filter secrets by {key}.")
    return any(
        any(text.startswith(str(value).removeprefix("!")) for text in texts[key]) != str(value).startswith("!")
        for value in values
    )
