"""The wire protocol of DynamoDB and Secrets Manager over signed HTTP, without a botocore client (docs/decisions/0007).

PynamoDB already speaks the wire's JSON, so nothing is left to translate. What botocore would do is done here: regional or
overridden endpoint, Signature Version 4, retries of what was surely not carried out, and its own exceptions.
"""

import json
import math
import random
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError
from botocore.session import Session
from pynamodb.connection import Connection

from chat4all.admission import EngineGuard
from chat4all.domain.backoff import backoff_s
from chat4all.metrics.database import count_error, observe_call, table_of
from chat4all.signed_http import SignedHttp
from chat4all.stores.endpoint import endpoint_url
from chat4all.stores.engine_clock import EngineClock
from chat4all.tracing import spans

_ASKED_TO_RETRY = frozenset(
    {
        "InternalServerError",
        "InternalServiceError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionConflictException",  # a write that meets a transaction on its item, as a send does a change of members
    }
)
"""DynamoDB developer guide, "Error messages and codes", and Secrets Manager API reference, "Common errors": those for which
they say "OK to retry? Yes", before anything was done."""
_OVERLOADED = frozenset({"InternalServerError", "RequestLimitExceeded", "ServiceUnavailable"})
"""Of those what says that DynamoDB itself cannot; the others are about one table, partition or item."""
_WRITES = frozenset({"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"})
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.025, 1.0


@dataclass(frozen=True, slots=True)
class Service:
    """How a service is spoken to (AWS JSON protocol)."""

    name: str
    """For the signature and the endpoint."""
    target: str
    """Before the operation in X-Amz-Target."""
    json_version: str
    rules: str
    """Path of the endpoint rules in botocore's data."""


DYNAMODB = Service("dynamodb", "DynamoDB_20120810", "1.0", "dynamodb/2012-08-10/endpoint-rule-set-1")
SECRETS_MANAGER = Service("secretsmanager", "secretsmanager", "1.1", "secretsmanager/2017-10-17/endpoint-rule-set-1")


class WireClient:
    """Makes calls in the place of a botocore client, as far as PynamoDB uses one. Of `session` it reads the settings.

    Without a `guard` every call is tried, whatever became of those before it.
    """

    def __init__(
        self,
        session: Session,
        connect_timeout_s: float,
        read_timeout_s: float,
        retries: int,
        pool: int,
        guard: EngineGuard | None = None,
        service: Service = DYNAMODB,
    ) -> None:
        self._session = session
        self._service = service
        self._retries = retries
        self._guard = guard
        self.clock = EngineClock()
        self._http = SignedHttp(session, service.name, connect_timeout_s, read_timeout_s, pool)

    def call(self, operation_name: str, operation_kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """One operation: wire JSON in and out.

        Raises:
            Overloaded: it was not tried (admission).
            ClientError: the service refused it (`response` as botocore gives it).
            EndpointConnectionError: it could not be sent. ReadTimeoutError: it was not answered; it may have been done,
            and so is not repeated here.
        """
        if operation_name == "TransactWriteItems":
            operation_kwargs = {"ClientRequestToken": str(uuid.uuid4()), **operation_kwargs}
        body = json.dumps(operation_kwargs, separators=(",", ":")).encode()
        table = table_of(operation_kwargs) if self._service is DYNAMODB else ""
        about = {"rpc.system": "aws-api", "rpc.service": self._service.name, "rpc.method": operation_name}
        with spans.call(f"{self._service.name} {operation_name}", spans.Kind.CLIENT, about) as own:
            if own is not None:
                own.set({"aws.dynamodb.table_names": table or None})
            return self._guarded(operation_name, body, table)

    _make_api_call = call
    """PynamoDB's name for it."""

    def _guarded(self, operation_name: str, body: bytes, table: str) -> dict[str, Any]:
        if self._guard is None:
            return self._measured(operation_name, body, math.inf, table)[0]
        limit_s = self._guard.admit(writes=operation_name in _WRITES)
        with self._guard.watched(_is_unanswered) as answer:
            document, answer.size = self._measured(operation_name, body, limit_s, table)
            return document

    def _measured(self, operation_name: str, body: bytes, limit_s: float, table: str) -> tuple[dict[str, Any], int]:
        """Of what is no table only the call is made."""
        began = time.perf_counter()
        try:
            return self._retried(operation_name, body, limit_s, table)
        finally:
            if table:
                observe_call(table, operation_name, time.perf_counter() - began)

    def _retried(self, operation_name: str, body: bytes, limit_s: float, table: str) -> tuple[dict[str, Any], int]:
        attempt = 0
        while True:
            try:
                return self._once(operation_name, body, limit_s)
            except (ClientError, BotoCoreError) as error:
                if table:
                    count_error(table, error)
                if attempt >= self._retries or not _not_done(error):
                    raise
            attempt += 1
            time.sleep(backoff_s(attempt, _FIRST_DELAY_S, _LONGEST_DELAY_S, random.random()))  # noqa: S311

    def _once(self, operation_name: str, body: bytes, limit_s: float) -> tuple[dict[str, Any], int]:
        """The answer and its bytes."""
        headers = {
            "Content-Type": f"application/x-amz-json-{self._service.json_version}",
            "X-Amz-Target": f"{self._service.target}.{operation_name}",
        }
        answer = self._http.request("POST", self.endpoint_url, headers, body, limit_s)
        self.clock.seen(answer.headers.get("date"))
        if answer.status == 200:
            return dict(json.loads(answer.data)), len(answer.data)
        raise _refusal(operation_name, answer.status, answer.data, dict(answer.headers))

    @cached_property
    def endpoint_url(self) -> str:
        """Ends with a slash. Raises BotoCoreError: the settings name no address."""
        return endpoint_url(self._session, self._http.region, self._service.name, self._service.rules).rstrip("/") + "/"


class WireConnection(Connection):
    """PynamoDB's connection, whose calls a WireClient makes."""

    @cached_property
    def client(self) -> Any:
        """In the place of the botocore client."""
        return WireClient(
            Session(include_builtin_handlers=False),
            self._connect_timeout_seconds,
            self._read_timeout_seconds,
            self._max_retry_attempts_exception,
            self._max_pool_connections,
            EngineGuard(),
        )


def _not_done(error: ClientError | BotoCoreError) -> bool:
    if isinstance(error, ClientError):
        return error.response["Error"].get("Code") in _ASKED_TO_RETRY
    return isinstance(error, EndpointConnectionError)


def _is_unanswered(error: Exception) -> bool:
    """Whether DynamoDB gave no answer, or said that it cannot."""
    return not isinstance(error, ClientError) or error.response["Error"].get("Code") in _OVERLOADED


def _refusal(operation_name: str, status: int, data: bytes, headers: dict[str, str]) -> ClientError:
    """The error as botocore parses it: Code without its namespace, further members of the body beside it."""
    try:
        document = json.loads(data)
    except ValueError:
        document = {}
    kind = str(document.pop("__type", "") or f"HTTP{status}").rpartition("#")[2]
    message = document.pop("message", None) or document.pop("Message", "")
    if status >= 500 and kind.startswith("HTTP"):
        kind = "InternalServerError"
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": {name.lower(): value for name, value in headers.items()}}
    response: Any = {"Error": {"Code": kind, "Message": message}, "ResponseMetadata": metadata, **document}
    return ClientError(response, operation_name)
