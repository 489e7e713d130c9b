"""The services of the endpoint by signing name, and what they are made of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from local.api_gateway import TokenBucket
from local.application import Application
from local.aws_endpoint import sts
from local.aws_endpoint.apigateway_api import ApiGatewayApi
from local.aws_endpoint.broker_reboots import BrokerReboots, WatchedEngine
from local.aws_endpoint.caller import Caller
from local.aws_endpoint.cloudformation_api import CloudFormationApi
from local.aws_endpoint.engine_proxy import EngineFault, EngineProxy
from local.aws_endpoint.kafka_api import KafkaApi
from local.aws_endpoint.lambda_api import LambdaApi
from local.aws_endpoint.logs_api import LogsApi
from local.aws_endpoint.mappings_api import MappingControl, MappingsApi
from local.aws_endpoint.secret_rotation import Rotations
from local.aws_endpoint.secrets_api import SecretsApi
from local.aws_endpoint.ssm_api import SsmApi
from local.endpoints import Endpoints
from local.lambda_service.service import LambdaService
from local.stored_values.documents import Documents
from local.stored_values.parameters import ParameterStore
from local.stored_values.secrets import SecretStore
from local.websocket_api.connections import Connections

Handler = Callable[[web.Request, Caller], Awaitable[web.StreamResponse]]
"""Raises AwsError."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the endpoint serves."""

    application: Application
    endpoints: Endpoints
    lambda_service: LambdaService
    mappings: MappingControl
    function_logs: Path
    """Folder of the functions' logs."""
    documents: Documents
    """Parameters and secrets."""
    websocket_connections: Mapping[str, Connections] = field(default_factory=dict)
    """By API id."""
    deliver_custom_resource: Callable[[str, bytes], bool] = lambda _token, _body: False
    """Called with token and body; tells whether anything waits for that token."""
    throttle: TokenBucket | None = None
    """The account's, which @connections shares with the APIs."""
    engine_fault: EngineFault | None = None
    objects_changed: Callable[[str, bytes], Awaitable[bool]] | None = None
    """Called with the token and the body of what the S3 engine posts; tells whether the token is right."""
    brokers: Sequence[WatchedEngine] = ()
    """Kafka's, in the order of their ids."""


def rotations_of(parts: Parts) -> Rotations:
    """For the running event loop."""
    functions = {function.arn: name for name, function in parts.application.functions.items()}
    return Rotations(_secrets(parts), functions, parts.lambda_service.invoke)


def handlers(parts: Parts, proxy: EngineProxy, rotations: Rotations) -> dict[str, Handler]:
    """By signing name, but for `execute-api`."""
    application, endpoints = parts.application, parts.endpoints
    mappings = MappingsApi(parts.mappings, application, endpoints)
    plain = {
        "lambda": LambdaApi(parts.lambda_service, application, endpoints, mappings).handle,
        "kafka": KafkaApi(application, endpoints, BrokerReboots(parts.brokers)).handle,
        "apigateway": ApiGatewayApi(application, endpoints).handle,
        "cloudformation": CloudFormationApi(application).handle,
        "logs": LogsApi(application, endpoints, parts.function_logs).service().handle,
        "ssm": SsmApi(ParameterStore(parts.documents), endpoints).service().handle,
        "secretsmanager": SecretsApi(parts.documents, _secrets(parts), rotations).service().handle,
        "dynamodb": lambda request: proxy.forward(request, endpoints.dynamodb_url, "dynamodb"),
        "s3": lambda request: proxy.forward(request, endpoints.s3_url, "s3"),
    }
    found: dict[str, Handler] = {name: _without_caller(handle) for name, handle in plain.items()}
    found["sts"] = lambda request, caller: sts.handle(request, caller, endpoints.account_id)
    return found


def _without_caller(handle: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Handler:
    return lambda request, _caller: handle(request)


def _secrets(parts: Parts) -> SecretStore:
    return SecretStore(parts.documents, parts.endpoints.region, parts.endpoints.account_id)
