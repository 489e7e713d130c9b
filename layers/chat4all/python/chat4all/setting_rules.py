"""What each setting may be. Pure; `chat4all.config` reads them.

A number has limits, a text a shape. Whoever adds a setting says here what it may be (tests/unit/test_settings.py).
"""

import math
import re
from collections.abc import Iterator, Mapping

DAY_S = 86_400
YEAR_S = 366 * DAY_S
TIB = 2**40

LIMITS: dict[str, tuple[float, float]] = {
    "channel_pace": (0, 1000),
    "file_url_s": (1, 7 * DAY_S),
    "file_fetch_url_s": (1, 7 * DAY_S),
    "file_max_bytes": (1, 5 * TIB),
    "file_quota_bytes": (1, 1000 * TIB),
    "unfinished_uploads_max": (1, 100_000),
    "upload_days": (1, 365),
    "upload_url_s": (1, 7 * DAY_S),
    "file_check_step_bytes": (1, 5 * TIB),
    "file_check_step_s": (0.1, 900),
    "file_check_wait_s": (0, 29),
    "unused_file_days": (0, 36_500),
    "file_retention_days": (0, 36_500),
    "inbound_media_max_bytes": (1, 5 * TIB),
    "access_token_s": (1, DAY_S),
    "refresh_token_s": (1, YEAR_S),
    "refresh_grace_s": (0, 3600),
    "audit_retention_days": (1, 3650),
    "sends_per_second": (0.001, 100_000),
    "send_burst": (1, 100_000),
    "registrations_per_second": (0.001, 100_000),
    "registration_burst": (1, 1_000_000),
    "request_budget_s": (0.1, 29),
    "engine_timeout_s": (0.05, 60),
    "publish_timeout_s": (0.05, 60),
    "breaker_threshold": (1, 1000),
    "breaker_first_open_s": (0.01, DAY_S),
    "breaker_longest_open_s": (0.01, DAY_S),
    "number_abandoned_after_s": (0.1, DAY_S),
    "unrouted_after_s": (0.1, DAY_S),
    "retry_first_s": (0.001, DAY_S),
    "retry_longest_s": (0.001, DAY_S),
    "retry_max_errors": (1, 1000),
    "retry_max_age_s": (0.1, 30 * DAY_S),
    "retry_pause_s": (0.001, 60),
    "retry_run_s": (0.001, 890),
    "retry_lease_s": (0.1, 900),
    "retry_shards": (1, 1000),
    "outbox_pause_s": (0.001, 900),
    "outbox_run_s": (0.001, 890),
    "outbox_shards": (1, 1000),
    "metrics_interval_s": (0, 3600),
    "trace_sample_ratio": (0, 1),
}
"""Least and most, both allowed. S3 signs addresses for seven days at most (Amazon S3 User Guide, "Presigned URLs")."""

_HOST = r"[A-Za-z0-9_.\-]+|\[[0-9A-Fa-f:.]+\]"
_SERVER = rf"(?:{_HOST}):[0-9]{{1,5}}"
_HOSTS = rf"(?:{_HOST})(?::[0-9]{{1,5}})?"
_SITE = rf"https?://(?:{_HOST})(?::[0-9]{{1,5}})?"
_URL = _SITE + r"(?:/[^\s]*)?"
_BASE, _BASE_SAID = _SITE + r"(?:/[^\s]*[^\s/])?", "an http(s) URL without a slash at its end"
_BUCKET = r"[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]"


def _listed(item: str) -> str:
    return rf"(?:{item})(?:,\s*(?:{item}))*"


_ANYTHING = (r"[^\n]+", "one line of text")
SHAPES: dict[str, tuple[str, str]] = {
    "stage": (r"[A-Za-z0-9_.\-]{1,64}", "1 to 64 letters, digits, _ . and -"),
    "table_prefix": (r"[A-Za-z0-9_.\-]{1,200}", "the first letters of the names of tables"),
    "kafka_bootstrap_servers": (_listed(_SERVER), "host:port, comma separated"),
    "kafka_security": (r"none|scram|iam", "none, scram or iam"),
    "kafka_scram_secret": (r"arn:aws[a-z\-]*:secretsmanager:.+", "the ARN of a secret"),
    "kafka_ca_file": _ANYTHING,
    "issuer": (_BASE, _BASE_SAID),
    "audience": _ANYTHING,
    "public_url": (_URL, "an http(s) URL"),
    "websocket_callback_url": (_URL, "an http(s) URL"),
    "websocket_url": (_URL.replace("https?", "wss?"), "a ws(s) URL"),
    "provider_hosts": (_listed(_HOSTS), "host or host:port, comma separated"),
    "webhook_hosts": (_listed(_HOSTS), "host or host:port, comma separated"),
    "unknown_payloads_bucket": (_BUCKET, "the name of a bucket"),
    "files_bucket": (_BUCKET, "the name of a bucket"),
    "file_scan_function": (r"[A-Za-z0-9\-_:]{1,140}", "the name of a Lambda function"),
    "signing_secret": _ANYTHING,
    "google_client_id": _ANYTHING,
    "google_issuer": (_BASE, _BASE_SAID),
    "github_client_id": _ANYTHING,
    "github_url": (_BASE, _BASE_SAID),
    "github_api_url": (_BASE, _BASE_SAID),
    "sign_in_secret": _ANYTHING,
    "sign_in_origins": _ANYTHING,
    "edge_secret": _ANYTHING,
    "retry_functions": (_listed(r"[a-z_]+=[A-Za-z0-9\-_:]+"), "<consumer>=<function>, comma separated"),
    "channel_accounts": (r"administrators|everybody", "administrators or everybody"),
    "otlp_endpoint": (_URL, "an http(s) URL"),
}
"""A regular expression of the whole text, and how it is told. An empty text is a setting that is not set."""

_HIDDEN = {"edge_secret"}

ORDERED = (
    ("retry_first_s", "retry_longest_s"),
    ("breaker_first_open_s", "breaker_longest_open_s"),
    ("access_token_s", "refresh_token_s"),
    ("engine_timeout_s", "request_budget_s"),
    ("publish_timeout_s", "request_budget_s"),
    ("retry_run_s", "retry_lease_s"),
)
"""The first is not above the second."""

NEEDED = (
    "stage", "table_prefix", "kafka_bootstrap_servers", "kafka_security", "issuer", "audience", "public_url", "files_bucket",
    "unknown_payloads_bucket", "signing_secret",
)  # fmt: skip
"""Set for every function."""
NEEDED_BY: dict[str, tuple[str, ...]] = {
    "users": ("websocket_callback_url",),
    "tokens": ("websocket_callback_url",),
    "websocket_actions": ("websocket_callback_url",),
    "realtime": ("websocket_callback_url",),
    "pages": ("websocket_url",),
    "retrier": ("retry_functions",),
    "sign_in": ("sign_in_secret",),
}
"""And for single ones."""


def problems(values: Mapping[str, object]) -> Iterator[str]:
    """Say what is wrong with settings, by field: each with its variable's name and value. `values` have their types."""
    for name, value in values.items():
        if isinstance(value, str):
            yield from _of_text(name, value)
        elif isinstance(value, int | float):
            yield from _of_number(name, value)
    for lower, higher in ORDERED:
        low, high = values.get(lower), values.get(higher)
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            yield f"{lower.upper()}={low} is above {higher.upper()}={high}"
    if values.get("kafka_security") == "scram" and not values.get("kafka_scram_secret"):
        yield "KAFKA_SCRAM_SECRET is not set, and KAFKA_SECURITY=scram needs it"


def missing(values: Mapping[str, object], service: str) -> Iterator[str]:
    """Say which settings the function `service` needs and has not."""
    for name in (*NEEDED, *NEEDED_BY.get(service, ())):
        if not values.get(name):
            yield f"{name.upper()} is not set"


def _of_number(name: str, value: float) -> Iterator[str]:
    least, most = LIMITS.get(name, (-math.inf, math.inf))
    if not math.isfinite(value) or not least <= value <= most:
        yield f"{name.upper()}={value} is not {least:,} to {most:,}"


def _of_text(name: str, value: str) -> Iterator[str]:
    pattern, said = SHAPES.get(name, _ANYTHING)
    if value and not re.fullmatch(pattern, value):
        shown = "…" if name in _HIDDEN else repr(value)
        yield f"{name.upper()}={shown} is not {said}"
