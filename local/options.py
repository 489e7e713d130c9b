"""What a stack is asked to run, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from local.application import Application
from local.endpoints import Endpoints
from local.engines.dynamodb import Choice
from local.ports import free_ports, require_free


@dataclass(frozen=True, slots=True)
class StackOptions:
    """Everything that `python -m local run` can be told."""

    template: Path
    data: Path
    """Folder of the stack's data."""
    endpoints: Endpoints = field(default_factory=Endpoints)
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Of the template; they go over those of samconfig.toml."""
    dynamodb_engine: Choice = "auto"
    simulators: bool = True


PORT_OPTIONS: Mapping[str, tuple[str, str]] = {
    "http_port": ("--http-port", "the HTTP API"),
    "websocket_port": ("--websocket-port", "the WebSocket API"),
    "aws_port": ("--aws-port", "the AWS endpoint"),
    "kafka_port": ("--kafka-port", "Kafka"),
    "kafka_controller_port": ("--kafka-controller-port", "Kafka's controller"),
    "console_port": ("--console-port", "the console"),
    "dynamodb_port": ("--dynamodb-port", "DynamoDB"),
    "s3_port": ("--s3-port", "S3"),
}
"""Ports of `Endpoints`: the option of each and what listens there."""


def choose_ports(asked: Mapping[str, int], endpoints: Endpoints) -> Endpoints:
    """`endpoints` with the ports asked for, by field, and a free one for each 0."""
    zeros = [name for name, port in asked.items() if port == 0]
    chosen = dict(zip(zeros, free_ports(len(zeros)), strict=True))
    ports: dict[str, Any] = {**asked, **chosen}
    return replace(endpoints, **ports)


def needed_ports(application: Application, options: StackOptions) -> list[tuple[str, int]]:
    """Ports that running this application takes: the name of each in `PORT_OPTIONS` and its number."""
    endpoints = options.endpoints
    needed = [("http_port", endpoints.http_port + index) for index, _ in enumerate(application.http_apis)]
    needed += [
        ("websocket_port", endpoints.websocket_port + index) for index, _ in enumerate(application.websocket_apis)
    ]
    needed.append(("aws_port", endpoints.aws_port))
    if options.simulators:
        needed.append(("console_port", endpoints.console_port))
    if application.kafka_mappings and not endpoints.external_kafka_servers:
        needed += [("kafka_port", endpoints.kafka_port), ("kafka_controller_port", endpoints.kafka_controller_port)]
    if application.tables and not endpoints.external_dynamodb_url:
        needed.append(("dynamodb_port", endpoints.dynamodb_port))
    if application.buckets and not endpoints.external_s3_url:
        needed.append(("s3_port", endpoints.s3_port))
    return needed


def check_ports(application: Application, options: StackOptions) -> None:
    """Raise StartError for the first port that is taken."""
    for name, port in needed_ports(application, options):
        option, purpose = PORT_OPTIONS[name]
        require_free(port, purpose, option, options.endpoints.host)
