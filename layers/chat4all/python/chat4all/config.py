"""Settings: the only place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import get_type_hints


class ConfigurationError(Exception):
    """An environment variable is missing or cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides. Each field is read from the environment variable of its name in upper case."""

    stage: str = "local"
    """Name of the deployment; also a label of logs and metrics."""
    table_prefix: str = "chat4all-"
    """Every DynamoDB table is named `<table_prefix><noun>`."""
    kafka_bootstrap_servers: str = ""
    """host:port, comma separated."""
    issuer: str = ""
    """`iss` of access tokens: the base URL under which /.well-known/openid-configuration is served."""
    audience: str = "chat4all"
    """`aud` of access tokens."""
    public_url: str = ""
    """Base URL of the HTTP API as providers reach it (for webhooks)."""
    websocket_callback_url: str = ""
    """https address of the WebSocket API's stage, for @connections."""
    provider_hosts: str = ""
    """host[:port], comma separated, which an account's `api_base` may name; none by default."""
    unknown_payloads_bucket: str = ""
    """S3 bucket that keeps provider payloads of kinds we do not know."""
    access_token_s: int = 1800
    """Lifetime of access tokens, seconds."""
    refresh_token_s: int = 30 * 24 * 3600
    """Lifetime of refresh tokens, seconds."""
    sends_per_second: float = 5.0
    """Rate of POST /v1/messages a user, in the long run."""
    send_burst: int = 10
    """Sends a user may make at once after a pause."""
    request_budget_s: float = 3.0
    """Longest time of an HTTP request or WebSocket action until it is refused with 503."""
    engine_timeout_s: float = 1.5
    """Longest time that one call to DynamoDB is waited for."""
    number_abandoned_after_s: float = 40.0
    """Age of a successor at which a missing seq becomes void: above the timeout of every function that writes messages."""
    unrouted_after_s: float = 5.0
    """Age at which the outbox takes a message that is not routed for lost on its way to Kafka."""
    publish_timeout_s: float = 0.8
    """Longest time that a request waits for Kafka to acknowledge what is durable already; then the outbox does it."""
    outbox_passes: int = 4
    """Passes of the outbox sweeper in one invocation (it is scheduled each minute)."""
    outbox_shards: int = 4
    """Partitions of the outbox index; more for more than 1,000 messages a second."""


@cache
def settings() -> Settings:
    """Settings of this process, read once."""
    return load(os.environ)


def load(environment: Mapping[str, str]) -> Settings:
    """Read settings from `environment`.

    Raises:
        ConfigurationError: a value does not fit its type.
    """
    hints = get_type_hints(Settings)
    values: dict[str, object] = {}
    for field in fields(Settings):
        raw = environment.get(field.name.upper())
        if raw is None or raw == "":
            continue
        kind = hints[field.name]
        try:
            values[field.name] = kind(raw)
        except ValueError as error:
            raise ConfigurationError(f"{field.name.upper()}={raw!r} is not a {kind.__name__}") from error
    return Settings(**values)  # type: ignore[arg-type]
