"""The secrets by which providers know this deployment: one secret of Secrets Manager with a member for each."""

import json
import time
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from chat4all.domain.sign_in_provider import Provider
from chat4all.errors import Unavailable
from chat4all.stores.client import SECRETS_MANAGER, WireClient

_KEPT_S = 300.0


class SignInSecret:
    """The secret `secret_id` (its name or ARN): `{"google_client_secret": "…", "github_client_secret": "…"}`."""

    def __init__(self, secret_id: str) -> None:
        self._secret_id = secret_id
        self._read: dict[str, Any] = {}
        self._read_at = -_KEPT_S

    def of(self, provider: Provider) -> str:
        """What the provider gave us, as it was some minutes ago or later.

        Raises:
            Unavailable: it cannot be read, or has no such member; its name is told.
        """
        if time.monotonic() - self._read_at >= _KEPT_S:
            self._read, self._read_at = self._newest(), time.monotonic()
        found = self._read.get(f"{provider}_client_secret")
        if not isinstance(found, str) or not found:
            self.forget()
            raise Unavailable(f"The secret {self._secret_id} has no {provider}_client_secret", retry_after_s=60)
        return found

    def forget(self) -> None:
        """The provider does not take it: it may have been changed."""
        self._read_at = -_KEPT_S

    def _newest(self) -> dict[str, Any]:
        try:
            answer = self._client.call("GetSecretValue", {"SecretId": self._secret_id})
            document = json.loads(answer.get("SecretString") or "")
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(f"The secret {self._secret_id} cannot be read ({type(error).__name__})") from error
        except ValueError as error:
            raise Unavailable(f"The secret {self._secret_id} is no JSON", retry_after_s=60) from error
        return document if isinstance(document, dict) else {}

    @cached_property
    def _client(self) -> WireClient:
        session = Session(include_builtin_handlers=False)
        return WireClient(session, connect_timeout_s=1, read_timeout_s=3, retries=2, pool=4, service=SECRETS_MANAGER)
