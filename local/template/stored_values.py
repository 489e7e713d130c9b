"""Parameters of SSM and secrets of Secrets Manager.

Properties: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html and
aws-resource-secretsmanager-secret.html
"""

import json

from local.application import Secret, SsmParameter
from local.template.context import Context, Properties

_INFORMATIVE = {"Tags": "informative"}
_PARAMETER = ("Name", "Type", "Value", "Description", "AllowedPattern", "Tier", "DataType")
_SECRET = ("Name", "Description", "SecretString", "GenerateSecretString")
_SECRET_IGNORED = _INFORMATIVE | {"KmsKeyId": "data at rest are not encrypted here"}
_GENERATE = (
    "ExcludeCharacters", "ExcludeLowercase", "ExcludeNumbers", "ExcludePunctuation", "ExcludeUppercase",
    "GenerateStringKey", "IncludeSpace", "PasswordLength", "RequireEachIncludedType", "SecretStringTemplate",
)  # fmt: skip


def read_ssm_parameters(context: Context) -> tuple[SsmParameter, ...]:
    """Return the parameters in the order of the template. CloudFormation makes no SecureString."""
    found: list[SsmParameter] = []
    for resource in context.of_type("AWS::SSM::Parameter"):
        with context.problems.attempt():
            properties = context.read(resource, _PARAMETER, _INFORMATIVE)
            properties.choice("DataType", ("text",), "text")
            name = context.identities.name(resource)
            if any(parameter.name == name for parameter in found):
                raise properties.error(f"another parameter is named {name} too", "Name")
            found.append(
                SsmParameter(
                    resource.logical_id,
                    name,
                    properties.choice("Type", ("String", "StringList")),
                    properties.text("Value"),
                    properties.text("Description", ""),
                    properties.text("AllowedPattern", ""),
                    properties.choice("Tier", ("Standard", "Advanced", "Intelligent-Tiering"), "Standard"),
                )
            )
    return tuple(found)


def read_secrets(context: Context) -> tuple[Secret, ...]:
    """Return the secrets in the order of the template."""
    found: list[Secret] = []
    for resource in context.of_type("AWS::SecretsManager::Secret"):
        with context.problems.attempt():
            properties = context.read(resource, _SECRET, _SECRET_IGNORED)
            if "SecretString" in properties and "GenerateSecretString" in properties:
                raise properties.error("is refused beside SecretString", "GenerateSecretString")
            name = context.identities.name(resource)
            if any(secret.name == name for secret in found):
                raise properties.error(f"another secret is named {name} too", "Name")
            generate = _generate(properties) if "GenerateSecretString" in properties else None
            found.append(
                Secret(
                    resource.logical_id,
                    name,
                    context.identities.arn(resource),
                    properties.text("Description", ""),
                    properties.optional_text("SecretString"),
                    generate,
                )
            )
    return tuple(found)


def _generate(properties: Properties) -> dict[str, object]:
    part = properties.part("GenerateSecretString", _GENERATE)
    if ("GenerateStringKey" in part) != ("SecretStringTemplate" in part):
        raise part.error("GenerateStringKey and SecretStringTemplate are given together")
    if "SecretStringTemplate" in part:
        try:
            template = json.loads(part.text("SecretStringTemplate"))
        except ValueError as error:
            raise part.error(f"is not JSON: {error}", "SecretStringTemplate") from error
        if not isinstance(template, dict):
            raise part.error("must be a JSON object", "SecretStringTemplate")
    names = ("ExcludeLowercase", "ExcludeNumbers", "ExcludePunctuation", "ExcludeUppercase", "IncludeSpace")
    return {
        **{name: part.boolean(name, False) for name in names},
        "RequireEachIncludedType": part.boolean("RequireEachIncludedType", True),
        "PasswordLength": part.integer("PasswordLength", 32, 1, 4096),
        "ExcludeCharacters": part.text("ExcludeCharacters", ""),
        "GenerateStringKey": part.optional_text("GenerateStringKey"),
        "SecretStringTemplate": part.optional_text("SecretStringTemplate"),
    }
