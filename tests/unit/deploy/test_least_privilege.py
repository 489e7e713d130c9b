"""No role may do everything, or something with everything."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.template.source import read_template
from tests.template_file import ROOT

FILES = ["template.yaml", *(f"infra/{path.name}" for path in sorted((ROOT / "infra").glob("*.yaml")))]
RESOURCE_POLICIES = {"AWS::KMS::Key", "AWS::DynamoDB::Table"}
"""In these `*` is the resource that they stand on."""


def _statements(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("Effect") == "Allow":
            yield node
        for each in node.values():
            yield from _statements(each)
    elif isinstance(node, list):
        for each in node:
            yield from _statements(each)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("file", FILES)
def test_actions_are_named_and_so_is_what_they_are_done_to(file: str) -> None:
    for name, resource in read_template(ROOT / file)[0]["Resources"].items():
        if resource["Type"] in RESOURCE_POLICIES:
            continue
        for statement in _statements(resource.get("Properties", {})):
            assert "*" not in json.dumps(statement["Action"]), (name, statement)
            assert "NotAction" not in statement
            if "Resource" in statement:
                assert "*" not in _listed(statement["Resource"]), (name, statement)


def test_every_function_has_a_role_of_its_own_and_no_managed_policy() -> None:
    """But those that SAM adds: to write logs, to stand in a network, to be polled for; none names data."""
    for name, resource in read_template(ROOT / "template.yaml")[0]["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            assert "Role" not in properties, name
            for policy in properties.get("Policies", []):
                assert isinstance(policy, dict), f"{name}: {policy} is a managed policy"
                assert not {"AdministratorAccess", "FullAccess"} & set(json.dumps(policy).split('"')), name


def test_who_may_assume_a_role_is_a_service_of_this_account() -> None:
    for file in FILES:
        for name, resource in read_template(ROOT / file)[0]["Resources"].items():
            if resource["Type"] != "AWS::IAM::Role":
                continue
            for statement in _statements(resource["Properties"]["AssumeRolePolicyDocument"]):
                assert statement["Principal"].keys() == {"Service"}, (file, name)
