"""Answers of the API that are refusals."""

from collections.abc import Mapping

import httpx

from chat4all_client.errors import ApiError

NO_PROBLEM = "http_error"
"""`code` of a refusal that is not the API's: of a gateway, a proxy, or a server that read half a request."""


def problem(answer: httpx.Response) -> ApiError:
    """What the answer says went wrong. The gateway's own answers have `message` only, those of proxies no JSON at all."""
    try:
        said = answer.json()
    except (ValueError, RecursionError):
        said = {}
    if not isinstance(said, dict):
        said = {}
    if "errors" in said:
        said["errors"] = _texts(said["errors"])
    detail = said.get("detail") or said.get("message") or said.get("title") or answer.reason_phrase
    code = str(said.get("code", NO_PROBLEM))
    return ApiError(answer.status_code, code, str(detail), said, retry_after_s(answer.headers))


def _texts(errors: object) -> list[dict[str, str]]:
    """Wrong fields, as whoever shows them may rely on."""
    found = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    return [{str(name): str(value) for name, value in each.items()} for each in found]


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Seconds of Retry-After; 0 where there is none, or a date."""
    try:
        return max(0.0, float(headers.get("retry-after", 0)))
    except ValueError:
        return 0.0
