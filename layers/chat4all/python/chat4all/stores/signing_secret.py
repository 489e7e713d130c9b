"""The secret that signing keys are kept in: one version for each key, in AWS Secrets Manager.

AWSCURRENT signs, AWSPENDING is the next one, AWSPREVIOUS was the last ("What's in a Secrets Manager secret?", Version). Version
ids are made of generations, so that of two who make the same generation one wins, whatever each read before.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from chat4all.errors import Unavailable
from chat4all.stores.client import SECRETS_MANAGER, WireClient

CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key as the secret holds it."""

    generation: int
    """1, 2, 3…: each key's place in their order."""
    kid: str
    """JWK thumbprint (RFC 7638)."""
    private_pem: str
    """PKCS #8."""
    public_jwk: dict[str, Any]
    """RFC 7517, with kid, use and alg."""
    created_at: int
    """Milliseconds since 1970."""

    @property
    def version_id(self) -> str:
        """ClientRequestToken of PutSecretValue: 32 to 64 characters."""
        return version_id(self.generation)


def version_id(generation: int) -> str:
    """Id of the version that holds the key of `generation`."""
    return f"signing-key-generation-{generation:012d}"


class SigningSecret:
    """The secret `secret_id` (its name or ARN). Each call raises Unavailable where Secrets Manager does not answer."""

    def __init__(self, secret_id: str) -> None:
        self._secret_id = secret_id

    def read(self, stage: str) -> SigningKey | None:
        """The key with this staging label; None where there is none yet."""
        try:
            answer = self._call("GetSecretValue", VersionStage=stage)
        except ClientError as error:
            if _code(error) == "ResourceNotFoundException":
                return None
            raise _unavailable(error) from error
        return _key(answer.get("SecretString") or "")

    def put(self, key: SigningKey) -> bool:
        """Keep a new key as the next one; the first is the current one at once. False where its generation is taken."""
        stages = [CURRENT if key.generation == 1 else PENDING]
        members = ("generation", "kid", "private_pem", "public_jwk", "created_at")
        text = json.dumps({name: getattr(key, name) for name in members})
        try:
            self._call("PutSecretValue", SecretString=text, ClientRequestToken=key.version_id, VersionStages=stages)
        except ClientError as error:
            if _code(error) == "ResourceExistsException":
                return False
            raise _unavailable(error) from error
        return True

    def promote(self, key: SigningKey, after: SigningKey) -> bool:
        """Let `key` sign in the place of `after`; False where another key signs by now."""
        try:
            self._call(
                "UpdateSecretVersionStage",
                VersionStage=CURRENT,
                MoveToVersionId=key.version_id,
                RemoveFromVersionId=after.version_id,
            )
        except ClientError as error:
            if _code(error) in ("InvalidParameterException", "InvalidRequestException"):
                return False
            raise _unavailable(error) from error
        return True

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        try:
            return self._client.call(operation, {"SecretId": self._secret_id, **arguments})
        except BotoCoreError as error:
            raise _unavailable(error) from error

    @cached_property
    def _client(self) -> WireClient:
        session = Session(include_builtin_handlers=False)
        return WireClient(session, connect_timeout_s=1, read_timeout_s=3, retries=2, pool=4, service=SECRETS_MANAGER)


def _key(text: str) -> SigningKey | None:
    """None for a value that is none of ours: not every target leaves a new secret without one."""
    try:
        return SigningKey(**json.loads(text))
    except (ValueError, TypeError):
        return None


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code"))


def _unavailable(error: Exception) -> Unavailable:
    # The text of an answer may hold what was sent: only the kind of error goes on.
    kind = _code(error) if isinstance(error, ClientError) else type(error).__name__
    return Unavailable(f"The signing keys cannot be read or changed ({kind}); try again")
