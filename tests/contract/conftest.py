"""A real dynoxide with the tables of template.yaml, one for all contract tests. Tests use new ids, and so do not meet."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from chat4all import admission, bootstrap, config
from chat4all.bootstrap import App
from local.application import Table
from local.engines.dynamodb_build import dynoxide_path
from local.engines.process import http_answers
from local.ports import free_ports
from local.provisioning.tables import ensure_table
from tests.contract.s3_engine import s3_engine
from tests.contract.secrets_manager import secrets_manager

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "contract-"


@dataclass(frozen=True, slots=True)
class DynamoDb:
    """A running engine. boto3 and PynamoDB find it by the environment, as functions do."""

    endpoint: str
    table_prefix: str
    client: Any
    """A boto3 client."""

    def clear(self, noun: str) -> None:
        """Delete every item of the table `<prefix><noun>`."""
        table = self.table_prefix + noun
        keys = [key["AttributeName"] for key in self.client.describe_table(TableName=table)["Table"]["KeySchema"]]
        for page in self.client.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                self.client.delete_item(TableName=table, Key={key: item[key] for key in keys})


@pytest.fixture(scope="package")
def credentials() -> Iterator[None]:
    """What AWS clients want to have. Of all folders together: one that took them away would take them from the others, too."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "ACCESS_KEY_ID": "test",
            "SECRET_ACCESS_KEY": "test",
            "DEFAULT_REGION": "us-east-1",
        }.items():
            environment.setenv(f"AWS_{name}", value)
        yield


@pytest.fixture(scope="package")
def dynamodb(credentials: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DynamoDb]:
    """The engine, with every table that has been imported bound to it; tables imported later: `stores.table.bind`."""
    program = dynoxide_path()
    if not program.exists():
        pytest.skip(f"dynoxide is not built: python -m local.engines.dynamodb_build puts it at {dynoxide_path()}")
    folder = tmp_path_factory.mktemp("dynamodb")
    port = free_ports(1)[0]
    arguments = [
        str(program),
        "serve",
        "--host",
        "127.0.0.1",
        "-p",
        str(port),
        "--db-path",
        str(folder / "tables.sqlite"),
    ]
    with pytest.MonkeyPatch.context() as environment, (folder / "log").open("w") as log:
        environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{port}")
        # A machine that is busy with other tests is not what these tests are about.
        environment.setattr(admission, "SLOW_S", 30.0)
        environment.setenv("REQUEST_BUDGET_S", "14")
        with subprocess.Popen(arguments, stdout=log, stderr=log) as engine:
            try:
                _wait(engine, port, folder / "log")
                yield _with_tables(port)
            finally:
                engine.terminate()


@pytest.fixture(scope="package")
def signing_secret(dynamodb: DynamoDb, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Name of the secret with the signing keys, in which a first key is."""
    from chat4all.key_rotation import KeyRotation
    from chat4all.stores.signing_secret import SigningSecret
    from chat4all.stores.table import bind

    with secrets_manager(tmp_path_factory.mktemp("secrets")) as url, pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", url)
        name = f"{dynamodb.table_prefix}signing-keys"
        boto3.client("secretsmanager").create_secret(Name=name)
        bind(dynamodb.table_prefix)
        KeyRotation(SigningSecret(name), 1800).advance()
        yield name


@pytest.fixture(scope="package")
def files_bucket(dynamodb: DynamoDb, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Name of a bucket on a real S3 engine."""
    with s3_engine(tmp_path_factory.mktemp("s3")) as url, pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL_S3", url)
        name = "contract-files"
        boto3.client("s3").create_bucket(Bucket=name)
        yield name


@pytest.fixture
def deployed(dynamodb: DynamoDb, signing_secret: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """The services of a deployment over the engine; functions called in this process use them."""
    variables = {"TABLE_PREFIX": dynamodb.table_prefix, "ISSUER": "http://127.0.0.1:8000", "AUDIENCE": "chat4all"}
    variables["SIGNING_SECRET"] = signing_secret
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    config.settings.cache_clear()
    bootstrap.app.cache_clear()
    yield bootstrap.app()
    config.settings.cache_clear()
    bootstrap.app.cache_clear()


def _wait(engine: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    while not asyncio.run(http_answers("127.0.0.1", port)):
        assert engine.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.01)


def _with_tables(port: int) -> DynamoDb:
    from chat4all.stores.table import Table as StoredTable
    from chat4all.stores.table import bind

    client = boto3.client("dynamodb")
    resources = yaml.load((ROOT / "template.yaml").read_text(), _Tags)["Resources"]
    for logical_id, resource in resources.items():
        if resource["Type"] == "AWS::DynamoDB::Table":
            ensure_table(client, Table(logical_id, resource["Properties"]["TableName"], resource["Properties"]))
    bind(PREFIX, timeout_s=60)
    StoredTable.client()  # made once, so its timeout stays whatever services bind later
    return DynamoDb(f"http://127.0.0.1:{port}", PREFIX, client)


class _Tags(yaml.SafeLoader):
    """YAML with CloudFormation's short tags; tables use only !Sub with the stack's name."""


def _value(loader: _Tags, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return str(loader.construct_scalar(node)).replace("${AWS::StackName}-", PREFIX)
    return None


_Tags.add_multi_constructor("!", _value)
