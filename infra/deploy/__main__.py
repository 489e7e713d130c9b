"""`scripts/deploy`: builds and deploys template.yaml by SAM's CLI, to AWS or to a LocalStack-compatible endpoint."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chat4all.http.static_files import StaticFiles
from infra.deploy import pages
from infra.deploy.http_definition import UnknownDefinition
from infra.deploy.http_routes import complete
from infra.deploy.release import release_name, released
from infra.deploy.targets import NO_KAFKA, CannotDeploy, Deployment, deployment

ROOT = Path(__file__).parents[2]
SAM = Path(sys.executable).parents[2] / ".venv-sam" / "bin" / "sam"
_NOT_YET_KNOWN = "https://issuer.invalid"
_MISSING = """What this target does not have, so what is left out there:
  Kafka's event source mappings: messages are accepted, stored and listed; nothing routes, pushes or forwards them
    (EventSourceMappings=false)
  answers to WebSocket requests (WebSocketRouteResponses=false)"""


def main(given: list[str] | None = None) -> int:
    try:
        asked = deployment(_arguments(given))
        os.environ.update(asked.environment)
        _deploy(asked)
    except CannotDeploy as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError, UnknownDefinition) as error:
        print(f"error: the stack is deployed, but not complete: {error}", file=sys.stderr)
        return 1
    return 0


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/deploy", description=__doc__.partition(": ")[2])
    parser.add_argument(
        "--target", choices=("aws", "localstack"), required=True, help="AWS, or LocalStack and the like"
    )
    parser.add_argument(
        "--stage", help="of samconfig.toml, whose parameters and stack name are taken: dev, staging, prod"
    )
    parser.add_argument(
        "--stack-name", help="CloudFormation stack; also begins the tables' names (default: the stage's, or chat4all)"
    )
    parser.add_argument("--endpoint", help="of the localstack target (default: $AWS_ENDPOINT_URL, or port 4566 here)")
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="NAME=VALUE", help="of the template; may be repeated"
    )
    parser.add_argument(
        "--sam-option", action="append", default=[], metavar="OPTION",
        help="passed to `sam deploy`, such as --sam-option=--guided; may be repeated",
    )  # fmt: skip
    return parser.parse_args(given)


def _deploy(asked: Deployment) -> None:
    build = ROOT / ".aws-sam" / asked.target
    _sam(asked, "build", "--template-file", str(ROOT / "template.yaml"), "--build-dir", str(build),
         "--parameter-overrides", *_overrides(asked.parameters))  # fmt: skip
    issuer = asked.parameters.get("Issuer") or _present_issuer(asked.stack_name)
    _sam_deploy(asked, build, issuer or _NOT_YET_KNOWN)
    address = _http_address(asked)
    if "Issuer" not in asked.parameters and issuer != address:
        # Tokens name the API's own address, which is known only now.
        _sam_deploy(asked, build, address)
    if asked.target == "localstack" and (made := complete(asked.stack_name)):
        print(
            f"The target did not read the API's OpenAPI definition: {len(made)} routes were made by the API Gateway API."
        )
    _publish_pages(asked)
    print(f"\nHTTP API: {address}   (try: curl '{address}/health')")
    if asked.target == "localstack" and NO_KAFKA.items() <= asked.parameters.items():
        print(_MISSING)


def _sam_deploy(asked: Deployment, build: Path, issuer: str) -> None:
    template, release = build / "template.yaml", release_name(datetime.now(UTC))
    template.write_text(released(template.read_text(), release))
    parameters = {**asked.parameters, "Issuer": issuer, "Release": release}
    _sam(asked, "deploy", "--template-file", str(template), "--stack-name", asked.stack_name,
         "--resolve-s3", "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--no-fail-on-empty-changeset",
         "--parameter-overrides", *_overrides(parameters), *asked.sam_options)  # fmt: skip


def _overrides(parameters: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in parameters.items()] or ["Stage=prod"]


def _sam(asked: Deployment, *arguments: str) -> None:
    environment = {**os.environ, **asked.layer_environment(), "SAM_CLI_TELEMETRY": "0", "PYTHONPATH": ""}
    command = [str(SAM), *arguments, *(["--no-confirm-changeset"] * (arguments[0] == "deploy"))]
    ended = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603
    if ended.returncode != 0:
        raise CannotDeploy(f"`sam {arguments[0]}` ended with {ended.returncode}: what it printed says why.")


def _stack(name: str) -> Mapping[str, Any]:
    client = boto3.client("cloudformation")
    return dict(client.describe_stacks(StackName=name)["Stacks"][0])


def _present_issuer(stack_name: str) -> str | None:
    """Of an earlier deployment."""
    try:
        parameters = _stack(stack_name).get("Parameters", [])
    except (BotoCoreError, ClientError):
        return None
    return next((one["ParameterValue"] for one in parameters if one["ParameterKey"] == "Issuer"), None)


def _outputs(asked: Deployment) -> dict[str, str]:
    return {one["OutputKey"]: one["OutputValue"] for one in _stack(asked.stack_name).get("Outputs", [])}


def _publish_pages(asked: Deployment) -> None:
    """Where CloudFront serves them (PagesFromCloudFront)."""
    outputs = _outputs(asked)
    if bucket := outputs.get("PagesBucketName"):
        count = pages.publish(boto3.client("s3"), bucket, StaticFiles(pages.SITE), outputs, datetime.now(UTC))
        print(f"\nPages: {outputs['PagesUrl']}   ({count} files in {bucket})")


def _http_address(asked: Deployment) -> str:
    """Of the HTTP API: on AWS the output of the stack, elsewhere the path by which LocalStack serves it."""
    if asked.target == "localstack":
        client = boto3.client("cloudformation")
        found = client.describe_stack_resource(StackName=asked.stack_name, LogicalResourceId="HttpApi")
        api_id = found["StackResourceDetail"]["PhysicalResourceId"]
        return f"{asked.endpoint}/_aws/execute-api/{api_id}/$default"
    return _outputs(asked)["HttpApiUrl"]


if __name__ == "__main__":
    sys.exit(main())
