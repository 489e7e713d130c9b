"""Who calls which service, as the signature of a request says (Signature Version 4).

Credentials are not checked: whoever reaches loopback may call. But there have to be some, as on AWS.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SCOPE = re.compile(r"Credential=([^/,\s]+)/(\d{8})/([^/,\s]*)/([^/,\s]+)/aws4_request")
_QUERY_SCOPE = re.compile(r"([^/]+)/(\d{8})/([^/]*)/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Caller:
    """Credential scope of a request."""

    access_key: str
    region: str
    service: str
    """Signing name, such as `lambda`, `dynamodb`, `s3`, `execute-api`, `sts`."""
    presigned: bool = False


def caller_of(headers: Mapping[str, str], query: Mapping[str, str]) -> Caller | None:
    """None for a request that is not signed. Signature Version 2 in a query is S3's (`AWSAccessKeyId`)."""
    found = _SCOPE.search(headers.get("Authorization", ""))
    if found:
        return Caller(found[1], found[3], found[4])
    found = _QUERY_SCOPE.fullmatch(query.get("X-Amz-Credential", ""))
    if found and "X-Amz-Signature" in query:
        return Caller(found[1], found[3], found[4], presigned=True)
    if "AWSAccessKeyId" in query and "Signature" in query:
        return Caller(query["AWSAccessKeyId"], "", "s3", presigned=True)
    return None
