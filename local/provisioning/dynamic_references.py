"""Dynamic references to parameters and secrets in the environment variables of functions.

docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace

from local.application import Application, Function
from local.endpoints import Endpoints
from local.provisioning.errors import ProvisioningError
from local.stored_values import secret_versions
from local.stored_values.documents import Documents
from local.stored_values.errors import Refused
from local.stored_values.parameters import ParameterStore
from local.stored_values.secrets import SecretStore

Value = Callable[[str, str], str]
"""The value of a service's key. Raises Refused."""

_REFERENCE = re.compile(r"\{\{resolve:([^:}]*):?([^}]*)(\}\})?")
_SECRET = re.compile(r"(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+|[^:]+)((?::[^:]*)*)")


def resolve_references(application: Application, endpoints: Endpoints, documents: Documents) -> Application:
    """Return the application with the values that its functions' variables refer to, as they are now.

    Raises:
        ProvisioningError: what a variable refers to is not there.
    """
    parameters = ParameterStore(documents)
    secrets = SecretStore(documents, endpoints.region, endpoints.account_id)

    def value(service: str, key: str) -> str:
        if service == "ssm":
            found = parameters.version(key)
            if found is None or found["type"] == "SecureString":
                raise Refused("ParameterNotFound", f"there is no parameter {key} that is no SecureString")
            return str(found["value"])
        if service == "secretsmanager":
            return _secret_value(secrets, key)
        raise Refused("ValidationError", f"{service} is not resolved in environment variables of functions")

    functions = {name: _resolved(function, value) for name, function in application.functions.items()}
    return replace(application, functions=functions)


def _resolved(function: Function, value: Value) -> Function:
    if not any("{{resolve:" in text for text in function.environment.values()):
        return function
    variables = {}
    for name, text in function.environment.items():
        try:
            variables[name] = _REFERENCE.sub(lambda match: value(match[1] if match[3] else "?", match[2]), text)
        except Refused as error:
            where = f"the variable {name} of {function.logical_id} refers to {text}"
            raise ProvisioningError(f"{where}: {error.message}") from error
    return replace(function, environment=variables)


def _secret_value(secrets: SecretStore, key: str) -> str:
    """Of `id:SecretString:json-key:version-stage:version-id`, of which all but the first may be left out."""
    match = _SECRET.fullmatch(key)
    if match is None:
        raise Refused("ValidationError", "it names no secret")
    given = [*match[2].split(":")[1:], "", "", "", ""]
    kind, json_key, stage, version_id = given[:4]
    if kind not in ("", "SecretString"):
        raise Refused("ValidationError", f"only SecretString can be referred to, not {kind}")
    secret = secrets.find(match[1])
    version = secret_versions.find(secret["versions"], version_id or None, stage or None)
    text = str(version["value"].get("SecretString", ""))
    if not json_key:
        return text
    try:
        found = json.loads(text)[json_key]
    except (ValueError, KeyError, TypeError):
        raise Refused("ValidationError", f"the secret's value is no JSON object with the key {json_key}") from None
    return found if isinstance(found, str) else json.dumps(found)
