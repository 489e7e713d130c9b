"""Who calls which service, as the signature of a request says (Signature Version 4).

The signature's form, scope and time are checked; its bytes are not, because any key may be used here, so that no secret
is known to check them with. The S3 engine has keys and does check them.
docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html has the errors.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from local.aws_endpoint.errors import AwsError

_ALGORITHM = "AWS4-HMAC-SHA256"
_SCOPE = re.compile(r"([^/,\s]+)/(\d{8})/([^/,\s]*)/([^/,\s]+)/aws4_request")
_PARAMETER = re.compile(r"(\w+)=([^,\s]*)")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_SKEW = timedelta(minutes=15)
_TIME = "%Y%m%dT%H%M%SZ"
_HTTP_TIME = "%a, %d %b %Y %H:%M:%S GMT"


@dataclass(frozen=True, slots=True)
class Caller:
    """Credential scope of a request."""

    access_key: str
    region: str
    service: str
    """Signing name, such as `lambda`, `dynamodb`, `s3`, `execute-api`, `sts`."""
    date: str = ""
    """Of the scope: `YYYYMMDD`."""
    presigned: bool = False


def caller_of(headers: Mapping[str, str], query: Mapping[str, str]) -> Caller | None:
    """None for a request that is not signed. Signature Version 2 (`AWS key:…`, or `AWSAccessKeyId`) is S3's.

    Raises AwsError for a signature that lacks a part.
    """
    authorization = headers.get("Authorization", "")
    if authorization.startswith("AWS4-"):
        return _signed(authorization)
    if authorization.startswith("AWS ") and ":" in authorization:
        return Caller(authorization[4:].partition(":")[0], "", "s3")
    found = _SCOPE.fullmatch(query.get("X-Amz-Credential", ""))
    if found and "X-Amz-Signature" in query:
        return Caller(found[1], found[3], found[4], found[2], presigned=True)
    if "AWSAccessKeyId" in query and "Signature" in query:
        return Caller(query["AWSAccessKeyId"], "", "s3", presigned=True)
    return None


def _signed(authorization: str) -> Caller:
    algorithm, _, rest = authorization.partition(" ")
    parameters = dict(_PARAMETER.findall(rest))
    if algorithm != _ALGORITHM:
        raise _incomplete(f"Unsupported AWS 'algorithm': '{algorithm}'.")
    missing = [name for name in ("Credential", "Signature", "SignedHeaders") if not parameters.get(name)]
    if missing:
        raise _incomplete(" ".join(f"Authorization header requires '{name}' parameter." for name in missing))
    scope = _SCOPE.fullmatch(parameters["Credential"])
    if scope is None:
        text = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term"
        raise _incomplete(f"{text}, got '{parameters['Credential']}'.")
    if not _SIGNATURE.fullmatch(parameters["Signature"]):
        raise _incomplete("The Signature is not 64 hexadecimal digits.")
    return Caller(scope[1], scope[3], scope[4], scope[2])


def check_scope(caller: Caller, headers: Mapping[str, str], service: str, region: str) -> None:
    """Raise AwsError for a signature for another service or region, or of another time, as AWS answers it."""
    if caller.service != service:
        raise _invalid(f"Credential should be scoped to correct service: '{service}'.")
    if caller.region != region:
        raise _invalid(f"Credential should be scoped to a valid region: the local stack is '{region}'.")
    if caller.presigned:
        return
    stamp, signed = _time(headers)
    if stamp[:8] != caller.date:
        text = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP"
        raise _invalid(f"{text}: '{caller.date}' != '{stamp[:8]}', from '{stamp}'.")
    now = datetime.now(UTC)
    if signed < now - _SKEW:
        limit = f"{(now - _SKEW).strftime(_TIME)} ({now.strftime(_TIME)} - 15 min.)"
        raise _invalid(f"Signature expired: {stamp} is now earlier than {limit}")
    if signed > now + _SKEW:
        limit = f"{(now + _SKEW).strftime(_TIME)} ({now.strftime(_TIME)} + 15 min.)"
        raise _invalid(f"Signature not yet current: {stamp} is still later than {limit}")


def _time(headers: Mapping[str, str]) -> tuple[str, datetime]:
    """Of the signature, as ISO 8601 writes it."""
    for value, form in ((headers.get("X-Amz-Date"), _TIME), (headers.get("Date"), _HTTP_TIME)):
        if value is not None:
            try:
                return _read_time(value, form)
            except ValueError:
                raise _incomplete(f"Date must be in ISO-8601 'basic format'. Got '{value}'.") from None
    raise _incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")


@lru_cache(maxsize=16)
def _read_time(value: str, form: str) -> tuple[str, datetime]:
    """Kept, since all requests of a second have the same and reading it is an eighth of a small answer's cost."""
    signed = datetime.strptime(value, form).replace(tzinfo=UTC)
    return signed.strftime(_TIME), signed


def _incomplete(text: str) -> AwsError:
    return AwsError(403, "IncompleteSignatureException", text)


def _invalid(text: str) -> AwsError:
    return AwsError(403, "InvalidSignatureException", text)
