"""What the template says of parameters and secrets, start after start."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.application import Application, Function, Secret, SsmParameter
from local.endpoints import Endpoints
from local.provisioning import ProvisioningError, ensure_stored_values, resolve_references
from local.stored_values import secret_versions
from local.stored_values.documents import Documents
from local.stored_values.parameters import ParameterStore
from local.stored_values.secrets import SecretStore

ENDPOINTS = Endpoints()
ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:s-abc123"
RULES: dict[str, Any] = {
    **dict.fromkeys(("ExcludeLowercase", "ExcludeNumbers", "ExcludePunctuation", "ExcludeUppercase"), False),
    "IncludeSpace": False,
    "RequireEachIncludedType": True,
    "PasswordLength": 16,
    "ExcludeCharacters": "",
    "GenerateStringKey": "p",
    "SecretStringTemplate": '{"user": "u"}',
}
PARAMETER = SsmParameter("Plain", "/plain", "String", "one")
SECRET = Secret("Made", "s", ARN, generate=RULES)


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents(tmp_path / "values.db")
    yield opened
    await opened.close()


def application(*given: SsmParameter | Secret, **variables: str) -> Application:
    function = Function("F", "f", "arn", "python3.13", "a.b", Path(), (), variables, 3, 128)
    return Application(
        Path(),
        {"f": function},
        ssm_parameters=tuple(each for each in given if isinstance(each, SsmParameter)),
        secrets=tuple(each for each in given if isinstance(each, Secret)),
    )


def current(documents: Documents) -> str:
    secret = SecretStore(documents, "us-east-1", "000000000000").find("s")
    return str(secret_versions.find(secret["versions"], None, None)["value"]["SecretString"])


def test_a_secret_is_generated_once(documents: Documents) -> None:
    assert ensure_stored_values(application(SECRET), ENDPOINTS, documents) == ["made secret s"]
    made = current(documents)
    assert json.loads(made)["user"] == "u"
    assert len(json.loads(made)["p"]) == 16
    assert ensure_stored_values(application(SECRET), ENDPOINTS, documents) == []
    described = replace(SECRET, description="now with words")
    assert ensure_stored_values(application(described), ENDPOINTS, documents) == ["updated secret s"]
    assert current(documents) == made
    longer = replace(SECRET, generate={**RULES, "PasswordLength": 20})
    ensure_stored_values(application(longer), ENDPOINTS, documents)
    assert len(json.loads(current(documents))["p"]) == 20


def test_a_value_changed_by_hand_stays_until_the_template_changes(documents: Documents) -> None:
    store = ParameterStore(documents)
    assert ensure_stored_values(application(PARAMETER), ENDPOINTS, documents) == ["made parameter /plain"]
    values = {"type": None, "value": "by hand", "description": "", "pattern": "", "tier": "Standard", "key_id": ""}
    store.put("/plain", values, overwrite=True)
    assert ensure_stored_values(application(PARAMETER), ENDPOINTS, documents) == []
    ensure_stored_values(application(replace(PARAMETER, value="two")), ENDPOINTS, documents)
    found = store.version("/plain")
    assert found is not None
    assert (found["value"], found["version"]) == ("two", 3)


def test_names_that_are_taken(documents: Documents) -> None:
    values = {"type": "String", "value": "x", "description": "", "pattern": "", "tier": "Standard", "key_id": ""}
    ParameterStore(documents).put("/plain", values, overwrite=False)
    with pytest.raises(ProvisioningError, match=r"/plain \(Plain\) exists, and not by this template"):
        ensure_stored_values(application(PARAMETER), ENDPOINTS, documents)
    store = SecretStore(documents, "us-east-1", "000000000000")
    store.save(store.create("s", {"description": "", "kms_key": "", "tags": {}}))
    with pytest.raises(ProvisioningError, match=r"Made cannot be made: .* already exists"):
        ensure_stored_values(application(SECRET), ENDPOINTS, documents)


def test_references_are_resolved(documents: Documents) -> None:
    variables = {
        "A": "<{{resolve:ssm:/plain}}>",
        "B": "{{resolve:ssm:/plain:1}}",
        "C": f"{{{{resolve:secretsmanager:{ARN}:SecretString:user}}}}",
        "D": "{{resolve:secretsmanager:s:SecretString:user:AWSCURRENT}}-{{resolve:secretsmanager:s}}",
        "E": "plain",
    }
    given = application(PARAMETER, SECRET, **variables)
    ensure_stored_values(given, ENDPOINTS, documents)
    found = resolve_references(given, ENDPOINTS, documents).functions["f"].environment
    whole = current(documents)
    assert found == {"A": "<one>", "B": "one", "C": "u", "D": f"u-{whole}", "E": "plain"}


@pytest.mark.parametrize(
    "reference",
    [
        "ssm:/none",
        "ssm:/plain:7",
        "ssm-secure:/plain",
        "secretsmanager:none",
        "secretsmanager:s:SecretBinary",
        "secretsmanager:s:SecretString:none",
        "secretsmanager:s:SecretString::OTHER",
        "s3:bucket",
        "",
        "ssm",
    ],
)
def test_references_to_nothing_are_named(documents: Documents, reference: str) -> None:
    given = application(PARAMETER, SECRET, V=f"{{{{resolve:{reference}}}}}")
    ensure_stored_values(given, ENDPOINTS, documents)
    with pytest.raises(ProvisioningError, match="the variable V of F refers to"):
        resolve_references(given, ENDPOINTS, documents)


def test_a_reference_that_is_not_closed(documents: Documents) -> None:
    with pytest.raises(ProvisioningError, match="the variable V of F refers to"):
        resolve_references(application(V="{{resolve:ssm:/plain"), ENDPOINTS, documents)
