"""A deployment with the simulated providers."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import boto3
import httpx
import pytest

from chat4all import bootstrap
from chat4all.bootstrap import App
from local.simulators import Simulators, start_simulators
from tests.contract.handlers import new_environments
from tests.contract.sign_in.tab import HOME
from tests.serving import in_thread

SECRET = "contract-sign-in"
MakePerson = Callable[..., dict[str, Any]]


@pytest.fixture(scope="package")
def sign_in_secret(signing_secret: str) -> str:
    """Name of the secret with the client secrets."""
    secrets = {"google_client_secret": "simulated", "github_client_secret": "simulated"}
    boto3.client("secretsmanager").create_secret(Name=SECRET, SecretString=json.dumps(secrets))
    return SECRET


@pytest.fixture(scope="package")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulators]:
    folder = tmp_path_factory.mktemp("simulators")

    @asynccontextmanager
    async def running() -> AsyncIterator[Simulators]:
        simulators = await start_simulators("127.0.0.1", 0, folder)
        try:
            yield simulators
        finally:
            await simulators.stop()

    with in_thread(running()) as simulators:
        yield simulators


@pytest.fixture
def variables(providers: Simulators, sign_in_secret: str) -> dict[str, str]:
    """Settings of the deployment."""
    return {
        "PUBLIC_URL": HOME,
        "GOOGLE_CLIENT_ID": "local.apps.googleusercontent.com",
        "GOOGLE_ISSUER": f"{providers.url}/google",
        "GITHUB_CLIENT_ID": "Iv1.local",
        "GITHUB_URL": f"{providers.url}/github",
        "GITHUB_API_URL": f"{providers.url}/github/api",
        "SIGN_IN_SECRET": sign_in_secret,
        "SIGN_IN_ORIGINS": "https://app.example.com,*",
    }


@pytest.fixture
def app(deployed: App, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    new_environments()
    yield bootstrap.app()
    new_environments()


@pytest.fixture
def make_person(providers: Simulators) -> MakePerson:
    """Makes somebody at the providers, whose email is nobody else's."""

    def make(name: str = "Ana Lima", **more: Any) -> dict[str, Any]:
        made = httpx.post(
            f"{providers.url}/sign-in/api/people",
            json={"name": name, "email": f"{uuid4().hex[:16]}@example.com"} | more,
        )
        assert made.status_code == 201, made.text
        return dict(made.json())

    return make
