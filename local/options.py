"""What a stack is asked to run, and how."""

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from local import ports
from local.application import Application
from local.companions import CompanionOption
from local.endpoints import Endpoints
from local.engines.dynamodb import Choice
from local.start_error import StartError

_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class StackOptions:
    """Everything that `python -m local run` can be told."""

    template: Path
    data: Path
    """Folder of the stack's data."""
    endpoints: Endpoints = field(default_factory=Endpoints)
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Of the template; they go over those of samconfig.toml."""
    without: Sequence[str] = ()
    """Resources of the template to leave out: logical ids, or types with `*`."""
    dynamodb_engine: Choice = "auto"
    simulators: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)
    """Values over the defaults of the parts' own settings, by `part.name`, such as `lambda.init_timeout_s`."""
    companions: Sequence[CompanionOption] = ()


PORT_OPTIONS: Mapping[str, tuple[str, str]] = {
    "http_port": ("--http-port", "the HTTP API"),
    "websocket_port": ("--websocket-port", "the WebSocket API"),
    "aws_port": ("--aws-port", "the AWS endpoint"),
    "kafka_port": ("--kafka-port", "Kafka"),
    "kafka_controller_port": ("--kafka-controller-port", "Kafka's controller"),
    "kafka_2_port": ("--kafka-2-port", "Kafka's second broker"),
    "kafka_2_controller_port": ("--kafka-2-controller-port", "its controller"),
    "kafka_3_port": ("--kafka-3-port", "Kafka's third broker"),
    "kafka_3_controller_port": ("--kafka-3-controller-port", "its controller"),
    "console_port": ("--console-port", "the console"),
    "dynamodb_port": ("--dynamodb-port", "DynamoDB"),
    "s3_port": ("--s3-port", "S3"),
}
"""Ports of `Endpoints`: the option of each and what listens there."""


def choose_ports(asked: Mapping[str, int], endpoints: Endpoints) -> Endpoints:
    """`endpoints` with the ports asked for, by field, and a free one for each 0."""
    zeros = [name for name, port in asked.items() if port == 0]
    free = [port for port in ports.free_ports(len(asked)) if port not in asked.values()]
    chosen = dict(zip(zeros, free, strict=False))
    numbers: dict[str, Any] = {**asked, **chosen}
    return replace(endpoints, **numbers)


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
        names = [name for name in PORT_OPTIONS if name.startswith("kafka_")]
        needed += [(name, getattr(endpoints, name)) for name in names[: 2 * endpoints.kafka_brokers]]
    if application.tables and not endpoints.external_dynamodb_url:
        needed.append(("dynamodb_port", endpoints.dynamodb_port))
    if application.buckets and not endpoints.external_s3_url:
        needed.append(("s3_port", endpoints.s3_port))
    return needed


def check_ports(application: Application, options: StackOptions) -> None:
    """Raise StartError for ports that are asked for twice, may not be bound, or are taken: then all of them."""
    needed = [(port, PORT_OPTIONS[name][1], PORT_OPTIONS[name][0]) for name, port in needed_ports(application, options)]
    needed += [(one.port, f"the companion {one.name}", f"--companion-port {one.name}=…") for one in options.companions]
    _check_numbers(needed)
    refused = {port: ports.bind_error(port, options.endpoints.host) for port, _, _ in needed}
    for port, purpose, option in needed:
        if refused[port] == errno.EACCES:
            raise StartError(ports.not_privileged(port, purpose, option))
    taken = [one for one in needed if refused[one[0]] is not None]
    if len(taken) == 1:
        raise StartError(ports.taken(*taken[0], ports.holder(taken[0][0])))
    if taken:
        raise StartError(ports.all_taken(taken, {port: ports.holder(port) for port, _, _ in taken}))


def _check_numbers(needed: Sequence[tuple[int, str, str]]) -> None:
    first: dict[int, tuple[str, str]] = {}
    for port, purpose, option in needed:
        if port > _HIGHEST_PORT:
            raise StartError(f"{purpose} needs port {port}, and there is none above {_HIGHEST_PORT}: lower {option}.")
        if port in first:
            other_purpose, other_option = first[port]
            raise StartError(
                f"Port {port} is asked for twice, by {other_option} for {other_purpose} and by {option} for {purpose}: "
                "give one of them another (0 takes a free one)."
            )
        first[port] = purpose, option
