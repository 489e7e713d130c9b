"""DynamoDB's wire protocol with botocore's credentials and signer on a urllib3 pool, for half the processor time of a call.

A botocore call spends 0.8 ms, most of it in hooks that this product does not use; a message makes eight (docs/decisions/0007).
PynamoDB already speaks the wire's JSON, so nothing is left to translate. What botocore would do is done here: regional or
overridden endpoint, Signature Version 4, retries of what was surely not carried out, and its own exceptions.
"""

import json
import random
import time
import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, EnvProvider
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ReadTimeoutError,
)
from botocore.session import Session, get_session
from pynamodb.connection import Connection
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as PoolTimeoutError

from chat4all.stores.endpoint import endpoint_url

_ASKED_TO_RETRY = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
    }
)
"""DynamoDB developer guide, "Error messages and codes": those for which it says "OK to retry? Yes", before anything was done."""
_FIRST_DELAY_S = 0.025


class WireClient:
    """Makes calls in the place of a botocore client, as far as PynamoDB uses one. Of `session` it reads the settings."""

    def __init__(
        self, session: Session, connect_timeout_s: float, read_timeout_s: float, retries: int, pool: int
    ) -> None:
        self._session = session
        self._retries = retries
        self._pool = PoolManager(
            maxsize=pool,
            block=False,
            retries=Retry(0, read=0, redirect=0, connect=0),
            timeout=Timeout(connect=connect_timeout_s, read=read_timeout_s),
        )

    def call(self, operation_name: str, operation_kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """One operation: wire JSON in and out.

        Raises:
            ClientError: DynamoDB refused it (`response` as botocore gives it).
            EndpointConnectionError: it could not be sent. ReadTimeoutError: it was not answered; it may have been done,
            and so is not repeated here.
        """
        if operation_name == "TransactWriteItems":
            operation_kwargs = {"ClientRequestToken": str(uuid.uuid4()), **operation_kwargs}
        body = json.dumps(operation_kwargs, separators=(",", ":")).encode()
        attempt = 0
        while True:
            try:
                return self._once(operation_name, body)
            except (ClientError, EndpointConnectionError) as error:
                if attempt >= self._retries or not _not_done(error):
                    raise
            time.sleep(random.uniform(0.5, 1) * _FIRST_DELAY_S * 2**attempt)  # noqa: S311
            attempt += 1

    _make_api_call = call
    """PynamoDB's name for it."""

    def _once(self, operation_name: str, body: bytes) -> dict[str, Any]:
        url = self.endpoint_url
        request = AWSRequest(
            "POST",
            url,
            {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation_name}"},
            body,
        )
        self._sign(request)
        try:
            answer = self._pool.urlopen("POST", url, body=body, headers=dict(request.headers.items()))
        except NewConnectionError as error:
            raise EndpointConnectionError(endpoint_url=url, error=error) from error
        except PoolTimeoutError as error:
            raise ReadTimeoutError(endpoint_url=url, error=error) from error
        except HTTPError as error:  # cut off in the middle: it may have been done
            raise ReadTimeoutError(endpoint_url=url, error=error) from error
        if answer.status == 200:
            return dict(json.loads(answer.data))
        raise _refusal(operation_name, answer.status, answer.data, dict(answer.headers))

    def _sign(self, request: AWSRequest) -> None:
        SigV4Auth(self._credentials.get_frozen_credentials(), "dynamodb", self._region).add_auth(request)

    @cached_property
    def _credentials(self) -> Credentials:
        """Variables first, as botocore's chain has it. On Lambda they are there, and making the chain costs 3 MB."""
        credentials = EnvProvider().load() or get_session().get_credentials()
        if credentials is None:
            raise NoCredentialsError
        return credentials

    @cached_property
    def _region(self) -> str:
        region = self._session.get_config_variable("region")
        if not region:
            raise NoRegionError
        return str(region)

    @cached_property
    def endpoint_url(self) -> str:
        """Ends with a slash. Raises BotoCoreError: the settings name no address."""
        return endpoint_url(self._session, self._region).rstrip("/") + "/"


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
        )


def _not_done(error: ClientError | EndpointConnectionError) -> bool:
    return isinstance(error, EndpointConnectionError) or error.response["Error"].get("Code") in _ASKED_TO_RETRY


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
