"""Lambda authorizer of type REQUEST. The token says what to answer."""

from typing import Any

from record import record


def handler(event: dict[str, Any], _context: object) -> Any:
    record("AUTHORIZER", event)
    token, arn = event["queryStringParameters"]["token"], event["methodArn"]
    if token == "raise":
        raise RuntimeError("the authorizer broke")
    if token == "unauthorized":
        raise Exception("Unauthorized")
    answers = {
        "text": "allow",
        "large": {**_answer(_statement("Allow", arn)), "context": {"text": "x" * 8192}},
        "nested": {**_answer(_statement("Allow", arn)), "context": {"user": {"id": 1}}},
        "condition": _answer({**_statement("Allow", arn), "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.1"}}}),
        "deny": _answer(_statement("Deny", arn)),
        "elsewhere": _answer(_statement("Allow", arn.replace("/live/", "/other/"))),
        "both": _answer(_statement("Allow", "*"), _statement("Deny", arn)),
        "wildcard": _answer(_statement("Allow", "arn:aws:execute-api:*:*:*/liv?/*")),
    }
    context = {"user": token, "level": 3, "share": 0.5, "admin": True}
    return answers.get(token, {**_answer(_statement("Allow", arn)), "context": context})


def _answer(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"principalId": "someone", "policyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}


def _statement(effect: str, resource: str) -> dict[str, Any]:
    return {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
