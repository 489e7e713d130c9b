"""What functions and people see of intrinsic functions, parameters, conditions, names and outputs."""

from typing import Any

import pytest

from tests.conformance.templates.conftest import Served

STACK = "arn:aws:cloudformation:us-east-1:000000000000:stack/local/"


@pytest.mark.statement("template.ref", "template.get-att", "template.physical-names")
def test_names_and_arns(values: dict[str, Any]) -> None:
    assert values["TABLE"] == "local-Pets"
    assert values["NAMED"] == "named-dev"
    assert values["FUNCTION_ARN"] == "arn:aws:lambda:us-east-1:000000000000:function:named-dev"
    assert values["BUCKET_ARN"] == "arn:aws:s3:::local-files"
    assert len(values["API"]) == 10


@pytest.mark.statement("template.sub")
def test_sub(values: dict[str, Any]) -> None:
    assert values["SUB"] == "dev-us-east-1-arn:aws:dynamodb:us-east-1:000000000000:table/local-Pets-${Literal}"
    assert values["SUB_NAMES"] == "of local/dev"


@pytest.mark.statement("template.lists", "template.list-parameter", "template.base64")
def test_lists_and_texts(values: dict[str, Any]) -> None:
    assert (values["LIST"], values["SELECTED"], values["SPLIT"]) == ("a|b|c", "b", "z")
    assert values["BASE64"] == "dGV4dA=="


@pytest.mark.statement("template.mappings", "template.scalars")
def test_mappings_and_scalars(values: dict[str, Any]) -> None:
    assert values["MAPPED"] == "one,two"
    assert values["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert (values["TRUTH"], values["NUMBER"]) == ("true", "3")


@pytest.mark.statement("template.conditions", "template.no-value")
def test_conditions(values: dict[str, Any]) -> None:
    assert (values["IF"], values["AND"], values["OR"]) == ("development", "no", "yes")
    assert "LEFT_OUT" not in values


@pytest.mark.statement("template.conditional-resources")
def test_a_resource_whose_condition_does_not_hold_is_not_made(served: Served) -> None:
    """And DependsOn on it has no effect: Values has one."""
    assert served.client("dynamodb").list_tables()["TableNames"] == ["local-Pets"]


@pytest.mark.statement("template.pseudo-parameters")
def test_pseudo_parameters(values: dict[str, Any]) -> None:
    account, partition, suffix, stack = values["PSEUDO"].split()
    assert (account, partition, suffix) == ("000000000000", "aws", "amazonaws.com")
    assert stack.startswith(STACK)
    assert len(stack) == len(STACK) + 36


@pytest.mark.statement("template.globals")
def test_globals(served: Served, values: dict[str, Any]) -> None:
    """Scalars are replaced, maps merged, lists appended."""
    configuration = served.client("lambda").get_function_configuration(FunctionName="local-Values")
    assert (configuration["Timeout"], configuration["Runtime"]) == (9, "python3.13")
    assert (values["FROM_GLOBALS"], values["BOTH"]) == ("global", "own")
    assert values["layers"] == ["shared", "own"]


@pytest.mark.statement("template.inline-code", "template.ignore-globals")
def test_inline_code(served: Served) -> None:
    assert served.invoke("named-dev") == {"stage": "dev", "file": "index.py", "globals": False}
    assert served.invoke("local-Lambda") == 1


@pytest.mark.statement("template.code-uri")
def test_a_function_without_code_has_that_of_the_templates_folder(served: Served) -> None:
    assert served.invoke("local-Root") == "the folder of the template"


@pytest.mark.statement("template.outputs")
def test_outputs(served: Served) -> None:
    (stack,) = served.client("cloudformation").describe_stacks(StackName="local")["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    assert outputs == {"Table": "local-Pets", "Url": served.endpoints.http_url}


@pytest.mark.statement("template.no-echo")
def test_the_value_of_a_no_echo_parameter_is_not_shown(served: Served) -> None:
    assert "secret-word" not in served.stack.said()
