"""Answers of CloudFormation custom resources.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html
"""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

_REASON_MAX = 1024
_TIMEOUT_S = 10


def answer(
    request: Mapping[str, Any], physical_id: str, failure: str | None, data: Mapping[str, Any]
) -> dict[str, Any]:
    """The document of an answer: SUCCESS with `data`, or FAILED with the `failure` as Reason."""
    document: dict[str, Any] = {
        "Status": "SUCCESS" if failure is None else "FAILED",
        "PhysicalResourceId": request.get("PhysicalResourceId") or physical_id,
        "StackId": request.get("StackId", ""),
        "RequestId": request.get("RequestId", ""),
        "LogicalResourceId": request.get("LogicalResourceId", ""),
    }
    return document | ({"Data": dict(data)} if failure is None else {"Reason": failure[:_REASON_MAX]})


def send(url: str, document: Mapping[str, Any]) -> None:
    """PUT the answer to the presigned URL of the request; its signature wants no content type. Raises OSError."""
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"ResponseURL is no http address: {url[:40]!r}")
    body = json.dumps(document).encode()
    request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S):  # noqa: S310
        pass
