from pathlib import Path

import pytest

from local.endpoints import Endpoints
from local.template import TemplateError, local_parameters, local_stack_name
from local.template.parameters import resolve_parameters
from local.template.placeholders import fill_placeholders, known_placeholders


def test_defaults_given_values_and_lists():
    declared = {
        "A": {"Type": "String", "Default": "x"},
        "B": {"Type": "Number", "Default": 1},
        "C": {"Type": "CommaDelimitedList"},
        "D": {"Type": "String", "Default": ""},
        "E": {"Type": "List<AWS::EC2::Subnet::Id>", "Default": "s-1, s-2"},
    }
    assert resolve_parameters(declared, {"B": "2", "C": "a, b"}) == {
        "A": "x",
        "B": "2",
        "C": ["a", "b"],
        "D": "",
        "E": ["s-1", "s-2"],
    }


@pytest.mark.parametrize(
    ("declaration", "value", "message"),
    [
        ({"Type": "String"}, None, "parameter P has no value"),
        ({"Type": "Number"}, "many", "value 'many' is not a number"),
        ({"Type": "Number", "MinValue": 2}, "1", "is less than 2"),
        ({"Type": "Number", "MaxValue": 2}, "3", "is more than 2"),
        ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", "is not one of a, b"),
        ({"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "letters"}, "1", "(letters)"),
        ({"Type": "String", "AllowedPattern": "[a-z]"}, "ab", "does not match AllowedPattern"),
        ({"Type": "String", "MinLength": 3}, "ab", "is shorter than 3"),
        ({"Type": "String", "MaxLength": 1}, "ab", "is longer than 1"),
        ({"Type": "List<Number>"}, "1,x", "value 'x' is not a number"),
        ({"Type": "Text"}, "a", "unknown parameter type Text"),
        ({}, "a", "has no Type"),
        ({"Type": "AWS::SSM::Parameter::Value<String>"}, "a", "SSM"),
    ],
)
def test_wrong_values(declaration, value, message):
    with pytest.raises(TemplateError) as caught:
        resolve_parameters({"P": declaration}, {} if value is None else {"P": value})
    assert message in str(caught.value)


def test_a_secret_value_is_not_shown():
    with pytest.raises(TemplateError) as caught:
        resolve_parameters({"P": {"Type": "String", "NoEcho": True, "MinLength": 9}}, {"P": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_a_value_for_an_undeclared_parameter():
    with pytest.raises(TemplateError, match=r"parameter Sise, which the template does not declare \(Size\)"):
        resolve_parameters({"Size": {"Type": "String", "Default": ""}}, {"Sise": "1"})


@pytest.mark.parametrize(
    ("toml", "parameters"),
    [
        ("parameter_overrides = \"A=1 B='x y'\"", {"A": "1", "B": "x y"}),
        ('parameter_overrides = ["A=1", "B=x y=z"]', {"A": "1", "B": "x y=z"}),
        ('parameter_overrides = "ParameterKey=A,ParameterValue=1"', {"A": "1"}),
        ("parameter_overrides = {A = 1, B = true}", {"A": "1", "B": "true"}),
        ('region = "eu-west-1"', {}),
    ],
)
def test_samconfig(tmp_path: Path, toml: str, parameters: dict[str, str]):
    (tmp_path / "samconfig.toml").write_text(f"version = 0.1\n[local.deploy.parameters]\n{toml}\n")
    assert local_parameters(tmp_path / "template.yaml") == parameters


def test_samconfig_of_other_environments_and_none_at_all(tmp_path: Path):
    assert local_parameters(tmp_path / "template.yaml") == {}
    assert local_stack_name(tmp_path / "template.yaml") == "local"
    (tmp_path / "samconfig.toml").write_text(
        '[default.deploy.parameters]\nstack_name = "x"\nparameter_overrides = "A=1"\n'
    )
    assert local_parameters(tmp_path / "template.yaml") == {}
    assert local_stack_name(tmp_path / "template.yaml") == "local"


@pytest.mark.parametrize(("toml", "message"), [("a = ", "not valid TOML"), ('parameter_overrides = "A"', "KEY=VALUE")])
def test_a_broken_samconfig(tmp_path: Path, toml: str, message: str):
    (tmp_path / "samconfig.toml").write_text(f"[local.deploy.parameters]\n{toml}\n")
    with pytest.raises(TemplateError, match=message) as caught:
        local_parameters(tmp_path / "template.yaml")
    assert str(tmp_path / "samconfig.toml") in str(caught.value)


def test_placeholders_are_the_addresses_of_the_stack():
    endpoints = Endpoints(http_port=1, console_port=2, kafka_port=3)
    assert fill_placeholders(
        {
            "A": "{http_url}/x",
            "B": "{kafka_bootstrap_servers},{console_host}",
            "C": "{{id}}",
            "D": '{"json": {"a": 1}}',
            "E": "{region}",
        },
        endpoints,
    ) == {
        "A": "http://127.0.0.1:1/x",
        "B": "127.0.0.1:3,127.0.0.1:2",
        "C": "{id}",
        "D": '{"json": {"a": 1}}',
        "E": "us-east-1",
    }
    assert known_placeholders(endpoints)["aws_host"] == "127.0.0.1:4566"


def test_an_unknown_placeholder_names_the_known_ones():
    with pytest.raises(TemplateError, match=r"unknown placeholder \{htp_url\}; known are .*http_url"):
        fill_placeholders({"A": "{htp_url}"}, Endpoints())
