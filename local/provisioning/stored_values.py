"""Parameters and secrets of a template, kept as CloudFormation keeps them.

A generated secret is generated once; a value that the template names is put again only when the template's has changed.
docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

import json
from collections.abc import Mapping
from typing import Any

from local.application import Application, Secret, SsmParameter
from local.endpoints import Endpoints
from local.provisioning.errors import ProvisioningError
from local.stored_values.documents import Document, Documents
from local.stored_values.errors import Refused
from local.stored_values.parameters import ParameterStore
from local.stored_values.random_password import PasswordRules, random_password
from local.stored_values.secrets import SecretStore, check_value

_OWNED = "provisioned"
"""Kind of the documents that say what of the template was put last: {name, …} by logical id."""


def ensure_stored_values(application: Application, endpoints: Endpoints, documents: Documents) -> list[str]:
    """Make what is missing and change what the template has changed; return notes.

    Raises:
        ProvisioningError: a name is taken by something that was not made by the template, or a value is refused.
    """
    notes = []
    parameters = ParameterStore(documents)
    secrets = SecretStore(documents, endpoints.region, endpoints.account_id)
    for parameter in application.ssm_parameters:
        notes += _kept(documents, parameter.logical_id, lambda p=parameter: _parameter(documents, parameters, p))
    for secret in application.secrets:
        notes += _kept(documents, secret.logical_id, lambda s=secret: _secret(documents, secrets, s))
    return notes


def _kept(documents: Documents, logical_id: str, ensure: Any) -> list[str]:
    try:
        with documents.exclusively():
            return list(ensure())
    except Refused as error:
        raise ProvisioningError(f"{logical_id} cannot be made: {error.message}") from error


def _parameter(documents: Documents, store: ParameterStore, wanted: SsmParameter) -> list[str]:
    values = {
        "type": wanted.type,
        "value": wanted.value,
        "description": wanted.description,
        "pattern": wanted.pattern,
        "tier": wanted.tier,
        "key_id": "",
    }
    before = _owned(documents, wanted.logical_id, wanted.name)
    exists = store.version(wanted.name) is not None
    if exists and before is None:
        raise ProvisioningError(f"parameter {wanted.name} ({wanted.logical_id}) exists, and not by this template")
    if exists and before == values:
        return []
    if exists and before is not None and before["type"] != wanted.type:
        store.delete(wanted.name)  # another type is a replacement
    store.put(wanted.name, values, overwrite=True)
    _own(documents, wanted.logical_id, wanted.name, values)
    return [f"{'updated' if exists else 'made'} parameter {wanted.name}"]


def _secret(documents: Documents, store: SecretStore, wanted: Secret) -> list[str]:
    values = {"description": wanted.description, "value": wanted.value, "generate": wanted.generate}
    values = json.loads(json.dumps(values))
    before = _owned(documents, wanted.logical_id, wanted.name)
    try:
        secret = store.find(wanted.arn, deleted=True)
    except Refused:
        about = {"description": wanted.description, "kms_key": "", "tags": {}}
        secret = store.create(wanted.name, about, suffix=wanted.arn.rpartition("-")[2])
        before = None
    else:
        if before is None:
            raise ProvisioningError(f"secret {wanted.name} ({wanted.logical_id}) exists, and not by this template")
        if before == values:
            return []
    secret = store.save(secret, description=wanted.description, deleted=None)
    value = _value(wanted)
    if value is not None and (
        before is None or before["value"] != wanted.value or before["generate"] != values["generate"]
    ):
        store.put_value(secret, check_value(value, None), None)
    _own(documents, wanted.logical_id, wanted.name, values)
    return [f"{'updated' if before else 'made'} secret {wanted.name}"]


def _value(wanted: Secret) -> str | None:
    """As the template says it, or generated; None for a secret that others fill."""
    if wanted.generate is None:
        return wanted.value
    rules = wanted.generate
    password = random_password(_rules(rules))
    if rules["GenerateStringKey"] is None:
        return password
    return json.dumps({**json.loads(str(rules["SecretStringTemplate"])), str(rules["GenerateStringKey"]): password})


def _rules(given: Mapping[str, Any]) -> PasswordRules:
    return PasswordRules(
        length=given["PasswordLength"],
        exclude_characters=given["ExcludeCharacters"],
        exclude_lowercase=given["ExcludeLowercase"],
        exclude_numbers=given["ExcludeNumbers"],
        exclude_punctuation=given["ExcludePunctuation"],
        exclude_uppercase=given["ExcludeUppercase"],
        include_space=given["IncludeSpace"],
        require_each_included_type=given["RequireEachIncludedType"],
    )


def _owned(documents: Documents, logical_id: str, name: str) -> Document | None:
    found = documents.get(_OWNED, logical_id)
    return found["values"] if found and found["name"] == name else None


def _own(documents: Documents, logical_id: str, name: str, values: Mapping[str, Any]) -> None:
    documents.put(_OWNED, logical_id, {"name": name, "values": dict(values)})
