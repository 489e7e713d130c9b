"""Signed calls to AWS: botocore's credentials and signer on a urllib3 pool.

For less than half the processor time of a botocore client, which spends 0.8 ms a call, most of it in hooks that this product does
not use (docs/decisions/0007).
"""

import math
from dataclasses import dataclass
from functools import cached_property

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, EnvProvider
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, NoRegionError, ReadTimeoutError
from botocore.session import Session, get_session
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as PoolTimeoutError


@dataclass
class SignedHttp:
    """Calls to one service, by the name that its signature has. Of `session` it reads the region. Threads may share it."""

    session: Session
    service: str
    connect_timeout_s: float
    read_timeout_s: float
    connections: int
    """Kept open."""

    def __post_init__(self) -> None:
        self._manager = PoolManager(
            maxsize=self.connections, block=False, retries=Retry(0, read=0, redirect=0, connect=0)
        )
        self._pools: dict[str, HTTPConnectionPool] = {}

    def request(
        self, method: str, url: str, headers: dict[str, str], body: bytes = b"", limit_s: float = math.inf
    ) -> BaseHTTPResponse:
        """One try, whatever is answered; no timeout is longer than `limit_s`.

        Raises:
            EndpointConnectionError: it could not be sent. ReadTimeoutError: it was not answered; it may have been done.
        """
        request = AWSRequest(method, url, headers, body)
        SigV4Auth(self._credentials.get_frozen_credentials(), self.service, self.region).add_auth(request)
        timeout = Timeout(connect=min(self.connect_timeout_s, limit_s), read=min(self.read_timeout_s, limit_s))
        signed = dict(request.headers.items())
        pool, target = self._pool_of(url)
        try:
            return pool.urlopen(method, target, body=body, headers=signed, timeout=timeout, redirect=False)
        except NewConnectionError as error:
            raise EndpointConnectionError(endpoint_url=url, error=error) from error
        except PoolTimeoutError as error:
            raise ReadTimeoutError(endpoint_url=url, error=error) from error
        except HTTPError as error:  # cut off in the middle: it may have been done
            raise ReadTimeoutError(endpoint_url=url, error=error) from error

    def _pool_of(self, url: str) -> tuple[HTTPConnectionPool, str]:
        """The connections to its host, and what is asked of it. The manager itself would read the whole URL for every call."""
        scheme, _, rest = url.partition("://")
        host, _, path = rest.partition("/")
        origin = f"{scheme}://{host}"
        pool = self._pools.get(origin)
        if pool is None:
            pool = self._pools[origin] = self._manager.connection_from_url(origin)
        return pool, f"/{path}"

    @cached_property
    def _credentials(self) -> Credentials:
        """Variables first, as botocore's chain has it. On Lambda they are there, and making the chain costs 3 MB."""
        credentials = EnvProvider().load() or get_session().get_credentials()
        if credentials is None:
            raise NoCredentialsError
        return credentials

    @cached_property
    def region(self) -> str:
        """Raises NoRegionError."""
        region = self.session.get_config_variable("region")
        if not region:
            raise NoRegionError
        return str(region)
