"""SSM Parameter Store and Secrets Manager."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conformance.aws_endpoint.served import LAMBDA, Served, until


@pytest.fixture
def name() -> str:
    return f"/tests/{uuid.uuid4()}"


@pytest.mark.statement("endpoint.parameter-versions")
def test_versions_of_a_parameter(endpoint: Served, name: str) -> None:
    client = endpoint.client("ssm")
    assert client.put_parameter(Name=name, Value="one", Type="String")["Version"] == 1
    with pytest.raises(ClientError, match="ParameterAlreadyExists"):
        client.put_parameter(Name=name, Value="two", Type="String")
    assert client.put_parameter(Name=name, Value="two", Overwrite=True)["Version"] == 2
    found = client.get_parameter(Name=name)["Parameter"]
    assert (found["Value"], found["Version"], found["Type"]) == ("two", 2, "String")
    assert found["ARN"] == f"arn:aws:ssm:us-east-1:000000000000:parameter{name}"
    assert client.get_parameter(Name=f"{name}:1")["Parameter"]["Value"] == "one"
    assert client.get_parameter(Name=found["ARN"])["Parameter"]["Value"] == "two"
    assert [each["Value"] for each in client.get_parameter_history(Name=name)["Parameters"]] == ["one", "two"]
    with pytest.raises(ClientError, match="ParameterVersionNotFound"):
        client.get_parameter(Name=f"{name}:3")
    client.delete_parameter(Name=name)
    for call in (client.get_parameter, client.delete_parameter):
        with pytest.raises(ClientError, match="ParameterNotFound"):
            call(Name=name)


@pytest.mark.statement("endpoint.parameter-secure")
def test_secure_strings(endpoint: Served, name: str) -> None:
    client = endpoint.client("ssm")
    client.put_parameter(Name=name, Value="hidden", Type="SecureString")
    assert "hidden" not in client.get_parameter(Name=name)["Parameter"]["Value"]
    assert client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == "hidden"
    found = endpoint.aws_json("ssm", "get-parameter", "--name", name, "--with-decryption")
    assert found["Parameter"]["Value"] == "hidden"


@pytest.mark.statement("endpoint.parameter-paths")
def test_parameters_by_path(endpoint: Served, name: str) -> None:
    client = endpoint.client("ssm")
    for index in range(12):
        client.put_parameter(Name=f"{name}/p{index:02}", Value=str(index), Type="String")
    client.put_parameter(Name=f"{name}/deep/er", Value="x", Type="StringList")

    def names(**given: Any) -> list[str]:
        pages = client.get_paginator("get_parameters_by_path").paginate(Path=name, **given)
        return [each["Name"].removeprefix(f"{name}/") for page in pages for each in page["Parameters"]]

    assert names() == [f"p{index:02}" for index in range(12)]
    assert names(Recursive=True) == ["deep/er", *names()]
    found = client.get_parameters(Names=[f"{name}/p01", f"{name}/none"])
    assert [each["Value"] for each in found["Parameters"]] == ["1"]
    assert found["InvalidParameters"] == [f"{name}/none"]
    filters = [{"Key": "Name", "Option": "BeginsWith", "Values": [f"{name}/p0"]}]
    assert len(client.describe_parameters(ParameterFilters=filters, MaxResults=50)["Parameters"]) == 10
    deleted = client.delete_parameters(Names=[f"{name}/p01", f"{name}/none"])
    assert (deleted["DeletedParameters"], deleted["InvalidParameters"]) == ([f"{name}/p01"], [f"{name}/none"])


@pytest.mark.statement("endpoint.parameter-checks")
def test_parameters_that_are_refused(endpoint: Served, name: str) -> None:
    client = endpoint.client("ssm")
    good = {"Name": name, "Value": "v", "Type": "String"}
    for wrong, code in [
        ({"Name": "/aws/mine"}, "ValidationException"),
        ({"Name": "no spaces"}, "ValidationException"),
        ({"Name": "/a" * 16}, "HierarchyLevelLimitExceededException"),
        ({"Value": "x" * 4097}, "ValidationException"),
        ({"AllowedPattern": "^\\d+$"}, "ParameterPatternMismatchException"),
        ({"AllowedPattern": "("}, "InvalidAllowedPatternException"),
        ({"Type": "Number"}, "ValidationException"),
    ]:
        with pytest.raises(ClientError, match=code):
            client.put_parameter(**{**good, **wrong})
    assert client.put_parameter(**{**good, "Value": "x" * 8192}, Tier="Advanced")["Tier"] == "Advanced"


@pytest.mark.statement("endpoint.secret-versions")
def test_versions_of_a_secret(endpoint: Served, name: str) -> None:
    client = endpoint.client("secretsmanager")
    made = client.create_secret(Name=name, SecretString="one")
    assert made["ARN"].startswith(f"arn:aws:secretsmanager:us-east-1:000000000000:secret:{name}-")
    put = client.put_secret_value(SecretId=name, SecretString="two")
    assert put["VersionStages"] == ["AWSCURRENT"]
    for secret_id in (name, made["ARN"], made["ARN"][:-7]):
        assert client.get_secret_value(SecretId=secret_id)["SecretString"] == "two"
    assert client.get_secret_value(SecretId=name, VersionStage="AWSPREVIOUS")["SecretString"] == "one"
    assert client.get_secret_value(SecretId=name, VersionId=made["VersionId"])["SecretString"] == "one"
    pending = client.put_secret_value(SecretId=name, SecretBinary=b"\x00three", VersionStages=["AWSPENDING"])
    assert client.get_secret_value(SecretId=name)["SecretString"] == "two"
    assert client.get_secret_value(SecretId=name, VersionStage="AWSPENDING")["SecretBinary"] == b"\x00three"
    move = {"MoveToVersionId": pending["VersionId"], "VersionStage": "AWSCURRENT", "SecretId": name}
    with pytest.raises(ClientError, match="RemoveFromVersionId can't be empty"):
        client.update_secret_version_stage(**move)
    client.update_secret_version_stage(**move, RemoveFromVersionId=put["VersionId"])
    stages = client.describe_secret(SecretId=name)["VersionIdsToStages"]
    assert stages == {put["VersionId"]: ["AWSPREVIOUS"], pending["VersionId"]: ["AWSPENDING", "AWSCURRENT"]}
    listed = client.list_secret_version_ids(SecretId=name, IncludeDeprecated=True)["Versions"]
    assert {each["VersionId"]: each["VersionStages"] for each in listed} == {**stages, made["VersionId"]: []}


@pytest.mark.statement("endpoint.secret-tokens")
def test_a_request_that_is_sent_again(endpoint: Served, name: str) -> None:
    client, token = endpoint.client("secretsmanager"), str(uuid.uuid4())
    first = client.create_secret(Name=name, SecretString="one", ClientRequestToken=token)
    assert client.create_secret(Name=name, SecretString="one", ClientRequestToken=token)["ARN"] == first["ARN"]
    client.put_secret_value(SecretId=name, SecretString="one", ClientRequestToken=token)
    for call in (client.put_secret_value, client.update_secret):
        with pytest.raises(ClientError, match="ResourceExistsException"):
            call(SecretId=name, SecretString="two", ClientRequestToken=token)
    with pytest.raises(ClientError, match="ResourceExistsException"):
        client.create_secret(Name=name, SecretString="other")


@pytest.mark.statement("endpoint.secret-update")
def test_updating_and_listing(endpoint: Served, name: str) -> None:
    client = endpoint.client("secretsmanager")
    client.create_secret(Name=name, Description="before", Tags=[{"Key": "team", "Value": name}])
    with pytest.raises(ClientError, match="can't find the specified secret value for staging label: AWSCURRENT"):
        client.get_secret_value(SecretId=name)
    client.update_secret(SecretId=name, Description="after", SecretString="x")
    client.untag_resource(SecretId=name, TagKeys=["none"])
    (listed,) = client.list_secrets(Filters=[{"Key": "tag-value", "Values": [name]}])["SecretList"]
    assert (listed["Name"], listed["Description"]) == (name, "after")
    assert name in [each["Name"] for each in client.list_secrets()["SecretList"]]
    found = client.batch_get_secret_value(SecretIdList=[name, "none"])
    assert [each["SecretString"] for each in found["SecretValues"]] == ["x"]
    assert [each["ErrorCode"] for each in found["Errors"]] == ["ResourceNotFoundException"]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        client.put_secret_value(SecretId=name, SecretString="x", SecretBinary=b"y")


@pytest.mark.statement("endpoint.secret-delete")
def test_deleting_and_restoring(endpoint: Served, name: str) -> None:
    client = endpoint.client("secretsmanager")
    client.create_secret(Name=name, SecretString="x")
    client.delete_secret(SecretId=name, RecoveryWindowInDays=7)
    with pytest.raises(ClientError, match="InvalidRequestException"):
        client.get_secret_value(SecretId=name)
    with pytest.raises(ClientError, match="already scheduled for deletion"):
        client.create_secret(Name=name, SecretString="y")
    assert "DeletedDate" in client.describe_secret(SecretId=name)
    assert name not in [each["Name"] for each in client.list_secrets()["SecretList"]]
    client.restore_secret(SecretId=name)
    assert client.get_secret_value(SecretId=name)["SecretString"] == "x"
    client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.describe_secret(SecretId=name)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        client.delete_secret(SecretId=name, RecoveryWindowInDays=6)


@pytest.mark.statement("endpoint.secret-rotation")
def test_rotation_by_a_function(endpoint: Served, name: str) -> None:
    client = endpoint.client("secretsmanager")
    before = client.create_secret(Name=name, SecretString="old")
    version = client.rotate_secret(SecretId=name, RotationLambdaARN=LAMBDA + "rotate")["VersionId"]
    until(lambda: "LastRotatedDate" in client.describe_secret(SecretId=name))
    found = client.get_secret_value(SecretId=name)
    assert (found["VersionId"], len(found["SecretString"])) == (version, 20)
    assert client.describe_secret(SecretId=name)["VersionIdsToStages"][before["VersionId"]] == ["AWSPREVIOUS"]
    with pytest.raises(ClientError, match="AccessDeniedException"):
        client.rotate_secret(SecretId=name, RotationLambdaARN=LAMBDA + "nobody")


@pytest.mark.statement("endpoint.random-password")
def test_random_passwords(endpoint: Served) -> None:
    client = endpoint.client("secretsmanager")
    password = client.get_random_password(PasswordLength=12, ExcludePunctuation=True)["RandomPassword"]
    assert len(password) == 12
    assert password.isalnum()
    assert any(letter.isdigit() for letter in password)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        client.get_random_password(PasswordLength=5000)


@pytest.mark.statement("endpoint.template-values")
def test_parameters_and_secrets_of_the_template(endpoint: Served) -> None:
    secrets = endpoint.client("secretsmanager")
    found = json.loads(secrets.get_secret_value(SecretId="conformance/generated")["SecretString"])
    assert (found["user"], len(found["password"]), found["password"].isalnum()) == ("admin", 24, True)
    assert endpoint.client("ssm").get_parameter(Name="/conformance/greeting")["Parameter"]["Value"].startswith("hello")


@pytest.mark.statement("endpoint.dynamic-references")
def test_dynamic_references_in_variables(endpoint: Served) -> None:
    secret = endpoint.client("secretsmanager").get_secret_value(SecretId="conformance/generated")
    answer = endpoint.run("worker")
    assert answer["greeting"] == "hello from the template"
    assert answer["password"] == json.loads(secret["SecretString"])["password"]
    assert answer["secret_arn"] == secret["ARN"]
