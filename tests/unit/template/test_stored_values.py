"""Parameters and secrets of templates, and dynamic references."""

import pytest

from local.template import TemplateError
from tests.unit.template.conftest import Load

_FUNCTION = """
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
"""


def test_parameters_and_secrets(load: Load) -> None:
    application = load(
        """
        Resources:
          Plain: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: x, Name: /a/b}}
          Filled: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: y, KmsKeyId: alias/mine}}
          Made:
            Type: AWS::SecretsManager::Secret
            Properties:
              Name: made
              GenerateSecretString: {PasswordLength: 10, SecretStringTemplate: '{"user": "u"}', GenerateStringKey: p}
        Outputs:
          Made: {Value: !Ref Made}
          Id: {Value: !GetAtt Made.Id}
        """
    )
    (parameter,) = application.ssm_parameters
    assert (parameter.name, parameter.type, parameter.value) == ("/a/b", "String", "x")
    secrets = {secret.logical_id: secret for secret in application.secrets}
    assert (secrets["Filled"].value, secrets["Filled"].generate) == ("y", None)
    made = secrets["Made"]
    assert made.generate is not None
    assert (made.generate["PasswordLength"], made.generate["GenerateStringKey"]) == (10, "p")
    assert made.arn.startswith("arn:aws:secretsmanager:us-east-1:000000000000:secret:made-")
    assert application.outputs == {"Made": made.arn, "Id": made.arn}


@pytest.mark.parametrize(
    ("resource", "text"),
    [
        ("{Type: AWS::SSM::Parameter, Properties: {Type: SecureString, Value: x}}", "must be String or StringList"),
        ("{Type: AWS::SSM::Parameter, Properties: {Type: String}}", "Value is required"),
        ("{Type: AWS::SSM::Parameter, Properties: {Type: String, Value: x, Policies: y}}", "Policies"),
        ("{Type: AWS::SecretsManager::Secret, Properties: {ReplicaRegions: [{Region: eu-west-1}]}}", "ReplicaRegions"),
        (
            "{Type: AWS::SecretsManager::Secret, Properties: {SecretString: x, GenerateSecretString: {}}}",
            "refused beside SecretString",
        ),
        (
            "{Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {GenerateStringKey: k}}}",
            "given together",
        ),
        (
            "{Type: AWS::SecretsManager::Secret, Properties: "
            "{GenerateSecretString: {GenerateStringKey: k, SecretStringTemplate: '[]'}}}",
            "must be a JSON object",
        ),
        ("{Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: x}}", "are not run here"),
    ],
)
def test_what_cannot_be_honoured(load: Load, resource: str, text: str) -> None:
    with pytest.raises(TemplateError, match=text):
        load(f"Resources:\n  One: {resource}\n")


def test_dynamic_references_stay_in_variables_of_functions(load: Load) -> None:
    variables = """
      Environment:
        Variables:
          PLAIN: "{{resolve:ssm:/a:1}}"
          JOINED: !Join [":", ["{{resolve:secretsmanager", "name}}"]]
"""
    (function,) = load("Resources:" + _FUNCTION + variables.lstrip("\n")).functions.values()
    assert function.environment == {"PLAIN": "{{resolve:ssm:/a:1}}", "JOINED": "{{resolve:secretsmanager:name}}"}


@pytest.mark.parametrize("value", ['"{{resolve:ssm:/a}}"', '!Sub "{{resolve:ssm:${AWS::StackName}}}"'])
def test_dynamic_references_elsewhere_are_refused(load: Load, value: str) -> None:
    with pytest.raises(TemplateError, match="only in Environment of functions"):
        load(f"Resources:\n  P: {{Type: AWS::SSM::Parameter, Properties: {{Type: String, Value: {value}}}}}\n")
