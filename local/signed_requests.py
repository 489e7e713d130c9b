"""Signed requests to the engines of DynamoDB and S3. botocore signs; its clients would take the stack 50 MB."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

_TIMEOUT_S = 10.0


class EngineRefused(Exception):
    """An engine does not answer, or answers with an error; the text says which."""

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status
        """Of the answer; None without one."""


async def dynamodb(url: str, region: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """One operation of DynamoDB's JSON protocol. Raises EngineRefused."""
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
    data = await _send("dynamodb", region, "POST", url, headers, json.dumps(request).encode())
    answer: dict[str, Any] = json.loads(data)
    return answer


async def s3(
    url: str, region: str, bucket: str, query: Mapping[str, str], *, method: str = "GET", key: str = ""
) -> bytes:
    """A request about a bucket, or an object of it: XML. Raises EngineRefused."""
    address = f"{url}/{bucket}/{quote(key)}" if key else f"{url}/{bucket}"
    return await _send("s3", region, method, f"{address}?{urlencode(sorted(query.items()), quote_via=quote)}", {}, b"")


async def _send(service: str, region: str, method: str, url: str, headers: Mapping[str, str], body: bytes) -> bytes:
    signed = _signed(service, region, method, url, headers, body)
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S)) as session,
            session.request(method, URL(url, encoded=True), headers=signed, data=body or None) as answer,
        ):
            data = await answer.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise EngineRefused(f"{service} does not answer: {str(error) or 'timeout'}") from error
    if answer.status not in (200, 204):
        said = data[:300].decode(errors="replace")
        raise EngineRefused(f"{service} answers {answer.status}: {said}", answer.status)
    return data


def _signed(
    service: str, region: str, method: str, url: str, headers: Mapping[str, str], body: bytes
) -> dict[str, str]:
    from botocore.auth import S3SigV4Auth, SigV4Auth  # only where somebody looks: it takes 6 MB
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest(method, url, dict(headers), body)
    signer = (S3SigV4Auth if service == "s3" else SigV4Auth)(Credentials("test", "test"), service, region)
    signer.add_auth(request)
    return dict(request.headers.items())
