"""How callers name a function: its name, its ARN or a partial ARN, each with an optional qualifier."""

import re

from local.aws_endpoint.errors import AwsError

PATTERN = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?"
    r"(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
"""Of the parameter FunctionName in the API reference of Invoke."""

_ACCEPTED = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?P<account>\d{12}):)?"
    r"(?:function:)?(?P<name>[a-zA-Z0-9-_.]+)(?::(?P<version>\$LATEST|[a-zA-Z0-9-_]+))?"
)


def function_name(given: str, qualifier: str | None, region: str, account: str) -> str:
    """The bare name. Raises AwsError for what is malformed, of another account or region, or of another version."""
    match = _ACCEPTED.fullmatch(given)
    if match is None or len(given) > 170:
        text = (
            f"1 validation error detected: Value '{given}' at 'functionName' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {PATTERN}"
        )
        raise AwsError(400, "ValidationException", text)
    version = match["version"] or qualifier or "$LATEST"
    if (match["region"] or region, match["account"] or account) != (region, account):
        raise not_found(match["name"], match["region"] or region, match["account"] or account)
    if version != "$LATEST":
        raise not_found(f"{match['name']}:{version}", region, account)
    return match["name"]


def not_found(name: str, region: str, account: str) -> AwsError:
    text = f"Function not found: arn:aws:lambda:{region}:{account}:function:{name}"
    return AwsError(404, "ResourceNotFoundException", text, {"Type": "User", "Message": text})
