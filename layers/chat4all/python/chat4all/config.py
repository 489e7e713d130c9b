"""Settings: the only place that reads the environment."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import get_type_hints

from chat4all import setting_rules
from chat4all.domain.retry import RetryRules


class ConfigurationError(Exception):
    """Environment variables are missing or wrong; the message names each."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides. Each field is read from the environment variable of its name in upper case."""

    stage: str = "local"
    """Name of the deployment; also a label of logs and metrics."""
    table_prefix: str = "chat4all-"
    """Every DynamoDB table is named `<table_prefix><noun>`."""
    kafka_bootstrap_servers: str = ""
    """host:port, comma separated."""
    kafka_security: str = "none"
    """How Kafka is signed in to: none, scram (SCRAM-SHA-512 over TLS) or iam (this function's role, over TLS)."""
    kafka_scram_secret: str = ""
    """ARN of the secret of Secrets Manager with the sign-in data of `scram`."""
    kafka_ca_file: str = ""
    """Certificates of the authorities of Kafka's TLS, a PEM file; the system's where it is empty."""
    issuer: str = ""
    """`iss` of access tokens: the base URL under which /.well-known/openid-configuration is served."""
    audience: str = "chat4all"
    """`aud` of access tokens."""
    public_url: str = ""
    """Base URL of the HTTP API as providers reach it (for webhooks)."""
    websocket_callback_url: str = ""
    """https address of the WebSocket API's stage, for @connections."""
    websocket_url: str = ""
    """wss address of the WebSocket API for clients, which pages are told."""
    provider_hosts: str = ""
    """host[:port], comma separated, which an account's `api_base` may name; none by default."""
    webhook_hosts: str = ""
    """host (any port) or host:port, comma separated, of endpoints that may be private and without TLS; none by default."""
    unknown_payloads_bucket: str = ""
    """S3 bucket that keeps provider payloads of kinds we do not know."""
    channel_accounts: str = "administrators"
    """Who may have channel accounts: administrators (all accounts are theirs to manage), or everybody (each their own)."""
    channel_pace: float = 1.0
    """Factor on the rates at which channels are sent to; 0: as fast as it goes."""
    files_bucket: str = ""
    """S3 bucket with the bytes of files."""
    file_url_s: int = 300
    """How long the address of a download is good, seconds."""
    file_fetch_url_s: int = 3600
    """How long the address is good from which a provider fetches a file that we send, seconds."""
    file_max_bytes: int = 2_147_483_648
    """Largest file that is taken; at most 5 TiB, which is S3's own limit (Amazon S3 User Guide, "Multipart upload limits")."""
    file_quota_bytes: int = 107_374_182_400
    """What the files of one user may take."""
    unfinished_uploads_max: int = 200
    """Uploads that one user may have begun and not finished."""
    upload_days: int = 7
    """How long an upload may take; then it is removed."""
    upload_url_s: int = 3600
    """How long the address of a part is good, seconds."""
    file_check_step_bytes: int = 536_870_912
    """How much of an upload one step of its verification reads."""
    file_check_step_s: float = 25.0
    """How long such a step reads; the next one goes on."""
    file_scan_function: str = ""
    """Lambda function that judges files before anybody gets them (chat4all.file_scan); none by default."""
    file_check_wait_s: float = 5.0
    """How long POST /v1/files/complete waits for the verification before it answers 202."""
    unused_file_days: int = 30
    """How long a file is kept that no message shows, days; 0: for ever."""
    file_retention_days: int = 0
    """How long any file is kept, days; 0: as long as a message shows it."""
    inbound_media_max_bytes: int = 100_000_000
    """Largest file that is fetched from a provider; above 500 MB the function media_fetch needs more /tmp."""
    signing_secret: str = ""
    """Secret of Secrets Manager (its name) that holds the keys of access tokens."""
    google_client_id: str = ""
    """As whom Google knows this deployment; empty: nobody signs in with Google."""
    google_issuer: str = "https://accounts.google.com"
    """`iss` of its ID tokens, below which its discovery document is."""
    github_client_id: str = ""
    """As whom GitHub knows this deployment; empty: nobody signs in with GitHub."""
    github_url: str = "https://github.com"
    """Where people sign in; that of a GitHub Enterprise Server."""
    github_api_url: str = "https://api.github.com"
    """Of such a server its address with /api/v3."""
    sign_in_secret: str = ""
    """Secret of Secrets Manager (its name) with what these two have given us (chat4all.provider_sign_in.secret)."""
    sign_in_origins: str = ""
    """Origins, comma separated, to whose pages a sign-in returns, beside that of `public_url`; `*` names nobody."""
    edge_secret: str = ""
    """What CloudFront and the gRPC edge show the HTTP API (chat4all.http.viewer); empty: nothing stands before it."""
    access_token_s: int = 1800
    """Lifetime of access tokens, seconds."""
    refresh_token_s: int = 30 * 24 * 3600
    """Lifetime of refresh tokens, seconds."""
    refresh_grace_s: int = 30
    """How long a refresh token that was just used is answered with its successor once more, seconds."""
    audit_retention_days: int = 365
    """How long entries of the audit log are kept, days."""
    sends_per_second: float = 5.0
    """Rate of POST /v1/messages a user, in the long run."""
    send_burst: int = 10
    """Sends a user may make at once after a pause."""
    registrations_per_second: float = 0.2
    """Rate of registrations from one address, in the long run."""
    registration_burst: int = 100
    """Registrations from one address at once after a pause."""
    request_budget_s: float = 3.0
    """Longest time of an HTTP request or WebSocket action until it is refused with 503."""
    engine_timeout_s: float = 1.5
    """Longest time that one call to DynamoDB is waited for."""
    publish_timeout_s: float = 0.8
    """Longest time that a request waits for Kafka to acknowledge what is durable already; then the outbox does it."""
    breaker_threshold: int = 5
    """Failures in a row that open the circuit breaker of a provider account."""
    breaker_first_open_s: float = 5.0
    """How long it is open at first; it doubles with each probe that fails."""
    breaker_longest_open_s: float = 300.0
    """How long it is open at most."""
    number_abandoned_after_s: float = 20.0
    """Age of a successor at which a missing seq becomes void: above the timeout of every function that writes messages, and
    5 s for clocks that differ."""
    unrouted_after_s: float = 5.0
    """Age at which the outbox takes a message that is not routed for lost on its way to Kafka."""
    retry_first_s: float = 1.0
    """Delay before a record that failed is tried again; it doubles with each try."""
    retry_longest_s: float = 600.0
    """Longest delay between two tries."""
    retry_max_errors: int = 10
    """Tries that may end in an error of ours before a record is a dead letter."""
    retry_max_age_s: float = 86_400.0
    """How long a record is tried while others, such as a provider, are at fault."""
    retry_pause_s: float = 2.0
    """Between two looks of the retrier at what is due."""
    retry_run_s: float = 58.0
    """How long one invocation of the retrier goes on (it is scheduled each minute)."""
    retry_lease_s: float = 90.0
    """How long a lane belongs to the retrier that works on it: above the timeout of every consumer."""
    retry_shards: int = 4
    """Partitions of the index of lanes that are due."""
    retry_functions: str = ""
    """<consumer>=<function name>, comma separated: whom the retrier invokes."""
    outbox_pause_s: float = 10.0
    """From the beginning of one pass of the outbox sweeper to that of the next."""
    outbox_run_s: float = 115.0
    """Length of one run of the sweeper, which is scheduled each minute: two are always at it."""
    outbox_shards: int = 4
    """Partitions of the outbox index; more for more than 1,000 messages a second."""
    metrics_interval_s: float = 0.0
    """How long an environment keeps what it counts, to write it in fewer lines; 0: to the end of each invocation."""
    otlp_endpoint: str = ""
    """Base URL of a collector that takes traces by OTLP over HTTP (`<endpoint>/v1/traces`); empty: none are exported."""
    trace_sample_ratio: float = 1.0
    """Share of new traces that are exported, 0 to 1; who is asked within a trace does as who asks."""

    @property
    def retry_rules(self) -> RetryRules:
        """When records that failed are tried again."""
        return RetryRules(self.retry_first_s, self.retry_longest_s, self.retry_max_errors, self.retry_max_age_s)

    @property
    def sign_in_providers(self) -> tuple[str, ...]:
        """Those that are configured: google, github."""
        return tuple(
            name for name, known in (("google", self.google_client_id), ("github", self.github_client_id)) if known
        )

    @property
    def functions_by_consumer(self) -> dict[str, str]:
        """`retry_functions` by consumer."""
        return dict(pair.split("=", 1) for pair in self.retry_functions.split(",") if "=" in pair)


@cache
def settings() -> Settings:
    """Settings of this process, read once."""
    return load(os.environ)


def exports_traces() -> bool:
    """Whether this process is to load what exports traces: asked while modules are loaded, before there are settings."""
    return bool(os.environ.get("OTLP_ENDPOINT"))


def check_environment(service: str) -> None:
    """In Lambda's init phase: the settings are read, and those that the function `service` needs are there.

    An init that fails is an error of the deployment, seen at once; the tenth request would be one of somebody else's.

    Raises:
        ConfigurationError: a variable is missing or wrong.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return  # imported by a test or a tool, which sets what it uses
    values = {field.name: getattr(settings(), field.name) for field in fields(Settings)}
    given = {name: value for name, value in values.items() if name.upper() in os.environ}
    _refuse(setting_rules.missing(given, service))


def load(environment: Mapping[str, str]) -> Settings:
    """Read settings from `environment`.

    Raises:
        ConfigurationError: values do not fit their types or limits (`chat4all.setting_rules`); names all of them.
    """
    hints = get_type_hints(Settings)
    values: dict[str, object] = {}
    wrong: list[str] = []
    for field in fields(Settings):
        raw = environment.get(field.name.upper())
        if raw is None or raw == "":
            continue
        kind = hints[field.name]
        try:
            values[field.name] = kind(raw)
        except ValueError:
            wrong.append(f"{field.name.upper()}={raw!r} is not a {kind.__name__}")
    loaded = Settings(**values)  # type: ignore[arg-type]
    known = {field.name: getattr(loaded, field.name) for field in fields(Settings)}
    _refuse([*wrong, *setting_rules.problems(known)])
    return loaded


def _refuse(problems: Iterable[str]) -> None:
    if said := "; ".join(problems):
        raise ConfigurationError(said)
