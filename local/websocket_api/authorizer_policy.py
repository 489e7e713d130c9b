"""What the answer of a Lambda authorizer means (Developer Guide, "Output from an API Gateway Lambda authorizer")."""

import json
import re
from collections.abc import Mapping
from typing import Any

_ACTION = "execute-api:Invoke"
_RESULT_BYTES = 8192


class MalformedPolicy(Exception):
    """The answer is none that API Gateway understands: the client gets 500. Says what is wrong with it."""


class AccessDenied(Exception):
    """The policy does not allow the connection: the client gets 403."""


def authorizer_context(payload: bytes, method_arn: str) -> Mapping[str, Any]:
    """`requestContext.authorizer` of an answer that allows `method_arn`: principalId and the context, flat and as strings.

    Strings: "WebSocket API mapping template reference", `$context.authorizer.property`. At most 8 KB (quotas of WebSocket
    APIs, "AWS Lambda authorizer result size"). Raises AccessDenied, MalformedPolicy.
    """
    if len(payload) > _RESULT_BYTES:
        raise MalformedPolicy(f"the authorizer's answer has {len(payload)} bytes, of at most {_RESULT_BYTES}")
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise MalformedPolicy(f"the authorizer's answer is no JSON: {error}") from error
    if not isinstance(answer, dict):
        raise MalformedPolicy("the authorizer's answer is no object")
    principal = answer.get("principalId")
    if not isinstance(principal, str) or not principal:
        raise MalformedPolicy("the authorizer's answer has no principalId")
    if not allows(answer.get("policyDocument"), method_arn):
        raise AccessDenied
    return {"principalId": principal, **_flat(answer.get("context"))}


def allows(policy: Any, method_arn: str) -> bool:
    """Whether the policy allows execute-api:Invoke on the ARN: an explicit Deny wins, silence denies."""
    if not isinstance(policy, dict):
        raise MalformedPolicy("the authorizer's answer has no policyDocument")
    statements = policy.get("Statement")
    effects = {_effect(statement) for statement in _list(statements, "Statement") if _applies(statement, method_arn)}
    return "Allow" in effects and "Deny" not in effects


def _applies(statement: Any, method_arn: str) -> bool:
    if not isinstance(statement, dict):
        raise MalformedPolicy("a Statement of the policy is no object")
    unsupported = statement.keys() & {"Condition", "NotAction", "NotResource", "Principal", "NotPrincipal"}
    if unsupported:
        # Ignoring one would turn a restricted statement into a wider one.
        raise MalformedPolicy(f"the local stack does not evaluate {', '.join(sorted(unsupported))} in a policy")
    actions = _list(statement.get("Action"), "Action")
    resources = _list(statement.get("Resource"), "Resource")
    return any(_matches(action, _ACTION, re.IGNORECASE) for action in actions) and any(
        _matches(resource, method_arn) for resource in resources
    )


def _effect(statement: dict[str, Any]) -> str:
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise MalformedPolicy(f"Effect is {effect!r}, neither Allow nor Deny")
    return str(effect)


def _list(value: Any, name: str) -> list[Any]:
    if value is None:
        raise MalformedPolicy(f"the policy has no {name}")
    return value if isinstance(value, list) else [value]


def _matches(pattern: Any, text: str, flags: int = 0) -> bool:
    """IAM wildcards: `*` stands for any characters, `?` for one."""
    if not isinstance(pattern, str):
        raise MalformedPolicy(f"{pattern!r} in the policy is no text")
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, flags | re.DOTALL) is not None


def _flat(context: Any) -> dict[str, str]:
    if context is None:
        return {}
    if not isinstance(context, dict):
        raise MalformedPolicy("the authorizer's context is no object")
    for name, value in context.items():
        if not isinstance(value, str | int | float | bool):
            raise MalformedPolicy(f"context.{name} is neither a text, a number nor a boolean")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in context.items()}
