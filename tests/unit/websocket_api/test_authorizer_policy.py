import json
from typing import Any

import pytest

from local.websocket_api.authorizer_policy import AccessDenied, MalformedPolicy, allows, authorizer_context

ARN = "arn:aws:execute-api:us-east-1:000000000000:abc/live/$connect"


def statement(effect: str = "Allow", resource: Any = ARN, action: Any = "execute-api:Invoke") -> dict[str, Any]:
    return {"Effect": effect, "Resource": resource, "Action": action}


def policy(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([statement()], True),
        ([statement(resource="*", action="*")], True),
        ([statement(resource=["x", "arn:aws:execute-api:*:*:abc/live/*"], action=["execute-api:*"])], True),
        ([statement(resource=ARN.replace("abc", "a?c"), action="EXECUTE-API:invoke")], True),
        ([statement(resource=ARN.replace("live", "prod"))], False),
        ([statement(resource=ARN + "x")], False),
        ([statement(action="lambda:InvokeFunction")], False),
        ([statement("Deny")], False),
        ([statement(), statement("Deny", "*")], False),
        ([statement(), statement("Deny", "arn:other")], True),
        ([], False),
    ],
)
def test_deny_goes_over_allow_and_silence_denies(statements: list[dict[str, Any]], allowed: bool) -> None:
    assert allows(policy(*statements), ARN) is allowed


def test_one_statement_may_stand_without_a_list() -> None:
    assert allows({"Statement": statement()}, ARN)


def test_the_context_is_flat_and_its_values_are_texts() -> None:
    context = {"user_id": "u", "level": 3, "admin": True}
    answer = {"principalId": "p", "policyDocument": policy(statement()), "context": context}
    texts = {"user_id": "u", "level": "3", "admin": "true"}
    assert authorizer_context(json.dumps(answer).encode(), ARN) == {"principalId": "p", **texts}


def test_what_is_not_allowed_is_denied() -> None:
    answer = {"principalId": "p", "policyDocument": policy(statement("Deny"))}
    with pytest.raises(AccessDenied):
        authorizer_context(json.dumps(answer).encode(), ARN)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"principalId": "p"},
        {"principalId": "", "policyDocument": policy(statement())},
        {"policyDocument": policy(statement())},
        {"principalId": "p", "policyDocument": {}},
        {"principalId": "p", "policyDocument": policy("x")},
        {"principalId": "p", "policyDocument": policy(statement("allow"))},
        {"principalId": "p", "policyDocument": policy({"Effect": "Allow", "Action": "*"})},
        {"principalId": "p", "policyDocument": policy(statement() | {"Condition": {}})},
        {"principalId": "p", "policyDocument": policy(statement(resource=[1]))},
        {"principalId": "p", "policyDocument": policy(statement()), "context": {"a": {}}},
        {"principalId": "p", "policyDocument": policy(statement()), "context": {"a": None}},
        {"principalId": "p", "policyDocument": policy(statement()), "context": []},
    ],
)
def test_a_malformed_answer_is_an_error_not_a_denial(answer: Any) -> None:
    with pytest.raises(MalformedPolicy):
        authorizer_context(json.dumps(answer).encode(), ARN)
