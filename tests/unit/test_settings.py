"""Missing and wrong settings are named, before anything runs."""

import subprocess
import sys
from dataclasses import fields
from typing import Any, get_type_hints

import pytest

from chat4all import setting_rules
from chat4all.config import ConfigurationError, Settings, check_environment, load, settings
from tests.environment import without_aws
from tests.unit.test_repository import IN_TEMPLATE, ROOT, TEMPLATE

HINTS = get_type_hints(Settings)
NUMBERS = [field.name for field in fields(Settings) if HINTS[field.name] in (int, float)]
TEXTS = [field.name for field in fields(Settings) if HINTS[field.name] is str]
WHOLE = {
    "STAGE": "prod",
    "TABLE_PREFIX": "hub-",
    "KAFKA_BOOTSTRAP_SERVERS": "b-1.example.com:9098,b-2.example.com:9098",
    "KAFKA_SECURITY": "iam",
    "ISSUER": "https://api.example.com",
    "AUDIENCE": "chat4all",
    "PUBLIC_URL": "https://api.example.com",
    "FILES_BUCKET": "hub-files-123456789012",
    "UNKNOWN_PAYLOADS_BUCKET": "hub-unknown-payloads-123456789012",
    "SIGNING_SECRET": "hub-signing-keys",
}


def test_every_setting_has_its_rule_and_every_rule_its_setting() -> None:
    assert setting_rules.LIMITS.keys() == set(NUMBERS)
    assert setting_rules.SHAPES.keys() == set(TEXTS)


def test_what_is_not_set_has_its_default_and_what_is_set_is_taken() -> None:
    assert load({}) == Settings()
    given = load(WHOLE | {"SENDS_PER_SECOND": "2.5", "ISSUER": "http://127.0.0.1:8000"})
    assert (given.sends_per_second, given.issuer) == (2.5, "http://127.0.0.1:8000")


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_beyond_its_limits_is_named(name: str) -> None:
    least, most = setting_rules.LIMITS[name]
    kind: Any = HINTS[name]
    beyond = [str(kind(most) + 1), "much"]
    beyond += ["nan", "inf"] if kind is float else ["1.5"]
    beyond += [str(kind(least) - 1)]
    for value in beyond:
        with pytest.raises(ConfigurationError, match=f"^{name.upper()}="):
            load({name.upper(): value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAFKA_BOOTSTRAP_SERVERS", "b-1"),
        ("KAFKA_BOOTSTRAP_SERVERS", "b-1:9098;b-2:9098"),
        ("KAFKA_BOOTSTRAP_SERVERS", "https://b-1:9098"),
        ("KAFKA_SECURITY", "tls"),
        ("KAFKA_SCRAM_SECRET", "AmazonMSK_hub"),
        ("ISSUER", "api.example.com"),
        ("ISSUER", "https://api.example.com/"),
        ("PUBLIC_URL", "ftp://api.example.com"),
        ("WEBSOCKET_CALLBACK_URL", "wss://live.example.com"),
        ("WEBSOCKET_URL", "https://live.example.com"),
        ("PROVIDER_HOSTS", "http://127.0.0.1"),
        ("FILES_BUCKET", "Files"),
        ("STAGE", "my stage"),
        ("RETRY_FUNCTIONS", "router"),
        ("OTLP_ENDPOINT", "127.0.0.1:4318"),
        ("TABLE_PREFIX", "hub/"),
    ],
)
def test_a_text_of_another_shape_is_named_and_shown(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load({name: value})
    assert str(refused.value).startswith(f"{name}={value!r} is not ")


def test_a_secret_is_not_shown() -> None:
    with pytest.raises(ConfigurationError, match=r"^EDGE_SECRET=… is not one line of text$"):
        load({"EDGE_SECRET": "hunter2\nhunter3"})


@pytest.mark.parametrize(("lower", "higher"), setting_rules.ORDERED)
def test_settings_that_contradict_one_another_are_named_together(lower: str, higher: str) -> None:
    least = setting_rules.LIMITS[higher][0]
    kind: Any = HINTS[higher]
    value = kind(max(least, 1))
    above = kind(value * 2)
    with pytest.raises(ConfigurationError, match=f"{lower.upper()}={above}.* is above {higher.upper()}={value}"):
        load({lower.upper(): str(above), higher.upper(): str(value)})


def test_scram_needs_its_secret() -> None:
    with pytest.raises(ConfigurationError, match="KAFKA_SCRAM_SECRET is not set"):
        load({"KAFKA_SECURITY": "scram"})


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ConfigurationError, match=r"STAGE=.*; SEND_BURST=.*"):
        load({"SEND_BURST": "0", "STAGE": "a b"})


MAY_BE_EMPTY = {
    "ptb_timedelta", "google_client_id", "google_issuer", "github_client_id", "github_url", "github_api_url",
    "sign_in_origins",
}  # fmt: skip
"""Of the variables that single functions have."""


def test_functions_need_what_the_template_gives_them() -> None:
    everywhere = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    assert {name.upper() for name in setting_rules.NEEDED} <= everywhere.keys()
    own = {
        name: {variable.lower() for variable in properties.get("Environment", {}).get("Variables", {})} - MAY_BE_EMPTY
        for name, properties in IN_TEMPLATE.items()
    }
    assert {name: set(needed) for name, needed in setting_rules.NEEDED_BY.items()} == {
        k: v for k, v in own.items() if v
    }


@pytest.fixture
def in_lambda(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    settings.cache_clear()
    for field in fields(Settings):
        monkeypatch.delenv(field.name.upper(), raising=False)
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "hub-UsersFunction")
    monkeypatch.setenv("WEBSOCKET_CALLBACK_URL", "https://abc.execute-api.eu-west-1.amazonaws.com/live")
    yield monkeypatch
    settings.cache_clear()


@pytest.mark.parametrize("missing", [*WHOLE, "WEBSOCKET_CALLBACK_URL"])
def test_a_function_without_what_it_needs_does_not_start(in_lambda: pytest.MonkeyPatch, missing: str) -> None:
    check_environment("users")
    settings.cache_clear()
    in_lambda.delenv(missing)
    with pytest.raises(ConfigurationError, match=f"^{missing} is not set$"):
        check_environment("users")


def test_nothing_is_asked_for_outside_of_lambda(in_lambda: pytest.MonkeyPatch) -> None:
    in_lambda.delenv("AWS_LAMBDA_FUNCTION_NAME")
    in_lambda.delenv("ISSUER")
    check_environment("users")


_IMPORT_ALL = """
import importlib.util, pathlib, sys
for folder in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("app", pathlib.Path(folder, "app.py"))
    try:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        print(folder, "starts")
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
"""


def test_every_function_asks_in_its_init() -> None:
    """In a process of Lambda's kind, in which nothing is set."""
    folders = [str(ROOT / "functions" / name) for name in sorted(IN_TEMPLATE)]
    environment = without_aws(AWS_LAMBDA_FUNCTION_NAME="hub", PYTHONPATH=str(ROOT / "layers/chat4all/python"))
    command = [sys.executable, "-c", _IMPORT_ALL, *folders]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True).stdout
    assert len(said.splitlines()) == len(folders)
    for line in said.splitlines():
        assert line.startswith("ConfigurationError: STAGE is not set; TABLE_PREFIX is not set; KAFKA_BOOTSTRAP"), line
