"""Where the template can be deployed to, and what each target needs."""

import argparse
import os
import platform
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.deploy.stages import NoStage, Stage, stage, wrong_parameters

_ANSWERS_WITHIN_S = 5
_STACK_NAME = "chat4all"
_LOCAL_ENDPOINT = "http://127.0.0.1:4566"
_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
_DEFAULTS = {"PythonRuntime": "python3.13", "Architecture": "arm64"}
"""Of the template, which decide how its layers are built."""
NO_KAFKA = {
    "EventSourceMappings": "false",
    "WebSocketRouteResponses": "false",
    "KafkaClusterArn": "arn:aws:kafka:us-east-1:000000000000:cluster/none/00000000-0000-4000-8000-000000000000-1",
    "KafkaBootstrapServers": "127.0.0.1:9092",
    "KafkaSecurity": "none",
}
"""What LocalStack-compatible endpoints have not: parameters that leave it out."""


class CannotDeploy(Exception):
    """Why, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One run of `scripts/deploy`."""

    target: str
    """`aws` or `localstack`."""
    stack_name: str
    parameters: Mapping[str, str]
    environment: Mapping[str, str]
    """Over that of this process, for SAM's CLI and boto3."""
    sam_options: tuple[str, ...] = field(default=())

    @property
    def endpoint(self) -> str:
        return self.environment["AWS_ENDPOINT_URL"]

    def layer_environment(self) -> dict[str, str]:
        """What the layers' Makefiles read."""
        chosen = _DEFAULTS | dict(self.parameters)
        return {
            "LAYER_PYTHON": chosen["PythonRuntime"].removeprefix("python"),
            "LAYER_MACHINE": _MACHINES[chosen["Architecture"]],
            "PIP": f"{sys.executable} -m pip",
        }


def deployment(given: argparse.Namespace) -> Deployment:
    """What the command line asks for. Raises CannotDeploy."""
    parameters = dict(_parameter(text) for text in given.parameter)
    if given.target == "aws":
        return _to_aws(given, parameters)
    endpoint = given.endpoint or os.environ.get("AWS_ENDPOINT_URL") or _LOCAL_ENDPOINT
    _check_answers(endpoint)
    local = {
        "PythonRuntime": f"python3.{sys.version_info.minor}",
        "Architecture": "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64",
        "Stage": "localstack",
    }
    environment = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1"),
        "AWS_ACCESS_KEY_ID": os.environ.get("AWS_ACCESS_KEY_ID", "test"),
        "AWS_SECRET_ACCESS_KEY": os.environ.get("AWS_SECRET_ACCESS_KEY", "test"),
    }
    name = given.stack_name or _STACK_NAME
    return Deployment("localstack", name, local | NO_KAFKA | parameters, environment, tuple(given.sam_option))


def _to_aws(given: argparse.Namespace, parameters: Mapping[str, str]) -> Deployment:
    try:
        chosen = stage(given.stage) if given.stage else Stage(_STACK_NAME, {})
    except NoStage as error:
        raise CannotDeploy(str(error)) from error
    merged = {**chosen.parameters, **parameters}
    # The issuer is the API's own address where none is given, which is known only when it is there.
    if "--guided" not in given.sam_option and (
        wrong := wrong_parameters({"Issuer": "https://issuer.invalid"} | merged)
    ):
        raise CannotDeploy(wrong)
    return Deployment("aws", given.stack_name or chosen.stack_name, merged, {}, tuple(given.sam_option))


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.isalnum():
        raise CannotDeploy(f"--parameter {text}: it is Name=value, with a name of the template's Parameters.")
    return name, value


def _check_answers(endpoint: str) -> None:
    try:
        with urllib.request.urlopen(endpoint, timeout=_ANSWERS_WITHIN_S):  # noqa: S310 - the caller's own endpoint
            return
    except urllib.error.HTTPError:
        return  # it answers
    except (OSError, ValueError) as error:
        raise CannotDeploy(
            f"Nothing answers at {endpoint} ({error}). Start LocalStack or MiniStack there "
            "(pip install ministack aws-sam-translator cryptography; ministack), or name another with --endpoint."
        ) from error
