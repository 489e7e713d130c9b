"""What a template asks for, after SAM's translator and CloudFormation's intrinsic functions have been applied.

Every part of the stack reads these objects; only `local.template` makes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class FunctionLogging:
    """LoggingConfig of a function. The levels count only where `json` is set."""

    json: bool = False
    application_level: str = "INFO"
    """TRACE, DEBUG, INFO, WARN, ERROR or FATAL."""
    system_level: str = "INFO"
    """DEBUG, INFO or WARN."""
    group: str | None = None
    """Name of the log group, where it is not `/aws/lambda/<function>`."""


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function: `AWS::Lambda::Function`."""

    logical_id: str
    name: str
    arn: str
    runtime: str
    handler: str
    code: Path
    """Folder that Lambda would mount as /var/task."""
    layers: tuple[Path, ...]
    """Folders that Lambda would mount under /opt, in order: each holds `python/`, or is itself the import root."""
    environment: Mapping[str, str]
    timeout_s: float
    memory_mb: int
    reserved_concurrency: int | None = None
    maximum_retry_attempts: int = 2
    """Of asynchronous invocations: 0 to 2."""
    on_failure: str | None = None
    """ARN of the destination of failed asynchronous invocations: a function or a bucket."""
    on_success: str | None = None
    """ARN of the destination of successful ones: a function."""
    maximum_event_age_s: float | None = None
    """How old an asynchronous event may become, where the template says."""
    logging: FunctionLogging = FunctionLogging()

    @property
    def log_group(self) -> str:
        """Name of its log group."""
        return self.logging.group or f"/aws/lambda/{self.name}"


@dataclass(frozen=True, slots=True)
class JwtAuthorizer:
    """JWT authorizer of an HTTP API."""

    name: str
    issuer: str
    audience: tuple[str, ...]
    identity_source: str = "$request.header.Authorization"


@dataclass(frozen=True, slots=True)
class Throttle:
    """Token bucket of a route: `ThrottlingRateLimit` and `ThrottlingBurstLimit` of its stage."""

    rate_per_s: float
    burst: int


@dataclass(frozen=True, slots=True)
class HttpRoute:
    """One route of an HTTP API. `route_key` as API Gateway writes it: `GET /pets/{id}`, `ANY /{proxy+}`, `$default`."""

    route_key: str
    function: str
    """Name of the function."""
    payload_version: str = "2.0"
    authorizer: JwtAuthorizer | None = None
    scopes: tuple[str, ...] = ()
    timeout_s: float = 30.0
    throttle: Throttle | None = None


@dataclass(frozen=True, slots=True)
class Cors:
    """CORS that the gateway answers itself."""

    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    max_age_s: int | None = None
    allow_credentials: bool = False


@dataclass(frozen=True, slots=True)
class HttpApi:
    """An HTTP API: `AWS::ApiGatewayV2::Api` with ProtocolType HTTP, its routes and its stage."""

    logical_id: str
    api_id: str
    stage: str
    routes: tuple[HttpRoute, ...]
    cors: Cors | None = None
    stage_variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequestAuthorizer:
    """Lambda authorizer of type REQUEST, on `$connect` only."""

    function: str
    identity_sources: tuple[str, ...] = ()
    """Such as `route.request.querystring.token`; all of them must be present, else 401."""


@dataclass(frozen=True, slots=True)
class WebSocketRoute:
    route_key: str
    function: str
    route_response: bool = False
    """Whether what the function returns reaches the client."""
    timeout_s: float = 29.0
    throttle: Throttle | None = None


@dataclass(frozen=True, slots=True)
class WebSocketApi:
    """A WebSocket API: `AWS::ApiGatewayV2::Api` with ProtocolType WEBSOCKET."""

    logical_id: str
    api_id: str
    stage: str
    route_selection_expression: str
    routes: Mapping[str, WebSocketRoute]
    authorizer: RequestAuthorizer | None = None
    stage_variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KafkaMapping:
    """A Kafka event source mapping: `AWS::Lambda::EventSourceMapping` on MSK or a self-managed cluster."""

    logical_id: str
    uuid: str
    function: str
    topic: str
    group_id: str
    event_source_arn: str | None
    """None for a self-managed cluster."""
    starting_position: str = "TRIM_HORIZON"
    starting_position_timestamp: float | None = None
    batch_size: int = 100
    batching_window_s: float = 0.5
    enabled: bool = True
    provisioned: bool = False
    """ProvisionedPollerConfig is there; without it the next five have no effect on AWS."""
    maximum_retry_attempts: int = -1
    maximum_record_age_s: int = -1
    bisect_on_error: bool = False
    report_batch_item_failures: bool = False
    on_failure_topic: str | None = None
    """Topic of `kafka://topic`."""
    filter_patterns: tuple[str, ...] = ()
    scram_secret: str | None = None
    """ARN of the secret of SASL_SCRAM_512_AUTH; None where Kafka is asked for no sign-in."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """An EventBridge rule or schedule that invokes a function asynchronously."""

    logical_id: str
    name: str
    arn: str
    expression: str
    function: str
    input: str | None = None
    """JSON text given to the function instead of the scheduled event."""
    enabled: bool = True
    timezone: str = "UTC"
    """Of cron(…) and at(…): a name of the IANA time zone database."""
    starts: datetime | None = None
    ends: datetime | None = None
    """StartDate and EndDate of EventBridge Scheduler, with a time zone."""


@dataclass(frozen=True, slots=True)
class Table:
    """A DynamoDB table; `properties` are those of CloudFormation with intrinsics resolved."""

    logical_id: str
    name: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bucket:
    """An S3 bucket; `properties` are those of CloudFormation with intrinsics resolved."""

    logical_id: str
    name: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BucketNotification:
    """A function that is invoked when objects of a bucket change: one of `LambdaConfigurations`."""

    bucket: str
    """Its name."""
    configuration_id: str
    event: str
    """`s3:ObjectCreated:*`, `s3:ObjectCreated:Put`, `s3:ObjectRemoved:Delete`, …"""
    function: str
    """Name of the function."""
    prefix: str = ""
    suffix: str = ""
    """What keys must begin and end with."""


@dataclass(frozen=True, slots=True)
class CustomResource:
    """A resource that a function of the template makes (`Custom::…`, `ServiceToken`)."""

    logical_id: str
    type: str
    function: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SsmParameter:
    """A parameter of SSM Parameter Store: `AWS::SSM::Parameter`."""

    logical_id: str
    name: str
    type: str
    """`String` or `StringList`."""
    value: str
    description: str = ""
    pattern: str = ""
    tier: str = "Standard"


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret of Secrets Manager: `AWS::SecretsManager::Secret`; without a value and without `generate` it is empty."""

    logical_id: str
    name: str
    arn: str
    description: str = ""
    value: str | None = None
    generate: Mapping[str, Any] | None = None
    """GenerateSecretString of CloudFormation: the value is generated once."""


LEFT_OUT = "left out by --without"
"""Reason of what a person leaves out on purpose."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A resource or property that the stack leaves out because it cannot change behaviour here, with the reason."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Application:
    """The whole template, resolved."""

    template: Path
    functions: Mapping[str, Function]
    """By function name."""
    http_apis: tuple[HttpApi, ...] = ()
    websocket_apis: tuple[WebSocketApi, ...] = ()
    kafka_mappings: tuple[KafkaMapping, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    tables: tuple[Table, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    bucket_notifications: tuple[BucketNotification, ...] = ()
    custom_resources: tuple[CustomResource, ...] = ()
    ssm_parameters: tuple[SsmParameter, ...] = ()
    secrets: tuple[Secret, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[Ignored, ...] = ()
    stack_name: str = "local"
    """Begins every generated name: `stack_name` of samconfig.toml, environment `local`."""
    stack_id: str = ""
    """ARN of the CloudFormation stack that this would be."""
