"""Health, and how tokens are checked."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from chat4all.contract.documents.document import Document, example


class Alive(Document):
    """The process answers."""

    model_config = example({"status": "ok"})

    status: Literal["ok"]


class DependencyState(Document):
    """Whether a dependency answers."""

    status: Literal["up", "down"]
    latency_ms: Annotated[int, Field(ge=0)]
    error: str | None = None
    """A word for the cause."""


class Readiness(Document):
    """Whether everything answers."""

    model_config = example({"status": "ready", "dependencies": {"dynamodb": {"status": "up", "latency_ms": 3}}})

    status: Literal["ready", "degraded"]
    dependencies: dict[str, DependencyState]


class OpenIdConfiguration(Document):
    """OpenID Connect Discovery 1.0, section 3."""

    issuer: str
    jwks_uri: str
    token_endpoint: str
    token_endpoint_auth_methods_supported: list[str]
    grant_types_supported: list[str]
    response_types_supported: list[str]
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]
    scopes_supported: list[str]
    claims_supported: list[str]


class Key(Document):
    """A JSON Web Key (RFC 7517)."""

    model_config = ConfigDict(extra="allow")

    kty: str
    kid: str


class KeySet(Document):
    """Every key whose tokens may live."""

    keys: list[Key]
