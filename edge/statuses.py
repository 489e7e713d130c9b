"""What the HTTP API refuses, as google.rpc.Status: the one table of HTTP statuses to codes of gRPC, and the details.

grpc.io/grpc/core/md_doc_http-grpc-status-mapping.html says it for proxies that know nothing of the answer; google/rpc/code.proto
for services. Details are those of google/rpc/error_details.proto, and the problem of RFC 9457 as it came.
"""

import re
from collections.abc import Mapping
from typing import Any

from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from edge.contract import message_class
from edge.documents import UnfitDocument, fill

DOMAIN = "chat4all"
DETAILS_MAX_BYTES = 5_000
"""Clients take 8 KB of metadata by default, and base64 makes a third more of it."""
_TEXT_MAX = 1_000
"""Of a status's message."""

CODES: Mapping[int, int] = {
    400: code_pb2.INVALID_ARGUMENT,
    401: code_pb2.UNAUTHENTICATED,
    403: code_pb2.PERMISSION_DENIED,
    404: code_pb2.NOT_FOUND,
    405: code_pb2.UNIMPLEMENTED,
    408: code_pb2.DEADLINE_EXCEEDED,
    409: code_pb2.FAILED_PRECONDITION,
    413: code_pb2.RESOURCE_EXHAUSTED,
    415: code_pb2.INVALID_ARGUMENT,
    422: code_pb2.INVALID_ARGUMENT,
    429: code_pb2.RESOURCE_EXHAUSTED,
    500: code_pb2.INTERNAL,
    501: code_pb2.UNIMPLEMENTED,
    502: code_pb2.UNAVAILABLE,
    503: code_pb2.UNAVAILABLE,
    504: code_pb2.DEADLINE_EXCEEDED,
}
CONFLICTS: Mapping[str, int] = {
    "message_id_reused": code_pb2.ALREADY_EXISTS,
    "idempotency_key_reused": code_pb2.ALREADY_EXISTS,
    "already_member": code_pb2.ALREADY_EXISTS,
    "account_taken": code_pb2.ALREADY_EXISTS,
    "address_taken": code_pb2.ALREADY_EXISTS,
    "username_taken": code_pb2.ALREADY_EXISTS,
    "email_taken": code_pb2.ALREADY_EXISTS,
    "edited_meanwhile": code_pb2.ABORTED,
    "conflict": code_pb2.ABORTED,
}
"""Of 409: something is there already, or somebody else was first. All others say that its state does not allow it."""

WORDS: Mapping[int, str] = {
    401: "unauthenticated",
    403: "forbidden",
    404: "no_such_route",
    413: "too_large",
    429: "rate_limited",
    500: "internal",
    503: "unavailable",
    504: "timeout",
}
"""Reasons of answers that name none: the gateway's own."""


def status_of(http_status: int, answer: Any, retry_after: str | None = None) -> status_pb2.Status:
    """The status of an answer that is none of success.

    Args:
        answer: the document: a problem, the gateway's own {"message"}, OAuth's {"error"}, or nothing that is known.
        retry_after: the header, in seconds.
    """
    problem = answer if isinstance(answer, Mapping) else {}
    code, detail = reason_of(http_status, problem), _text(problem)
    status = status_pb2.Status(
        code=_grpc_code(http_status, code, problem), message=(detail or f"HTTP {http_status}")[:_TEXT_MAX]
    )
    details = [_info(http_status, code, problem)]
    wait_s = _seconds(retry_after, problem)
    if wait_s is not None:
        details.append(_retry(wait_s))
    if problem.get("errors"):
        details.append(_bad_request(problem["errors"]))
    if "code" in problem:
        details.append(_problem(problem))
    return _with(status, details)


def status(
    code: int, reason: str, message: str, *, field: str = "", retry_after_s: float | None = None, **metadata: str
) -> status_pb2.Status:
    """A status of the edge's own."""
    details: list[Message] = [error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata)]
    if retry_after_s is not None:
        details.append(_retry(retry_after_s))
    if field:
        violation = error_details_pb2.BadRequest.FieldViolation(field=field, description=message)
        details.append(error_details_pb2.BadRequest(field_violations=[violation]))
    return _with(status_pb2.Status(code=code, message=message[:_TEXT_MAX]), details)


def reason_of(http_status: int, problem: Mapping[str, Any]) -> str:
    """The stable word: the problem's code, OAuth's error, or what the HTTP status means."""
    found = problem.get("code") or problem.get("error")
    return found if isinstance(found, str) and found else WORDS.get(http_status, f"http_{http_status}")


def _grpc_code(http_status: int, code: str, problem: Mapping[str, Any]) -> int:
    if http_status == 409:
        return CONFLICTS.get(code, CODES[409])
    if http_status == 400 and problem.get("error") == "invalid_grant":  # RFC 6749, 5.2: wrong credentials
        return int(code_pb2.UNAUTHENTICATED)
    if http_status == 404 and "code" not in problem:  # of the gateway, not of a function
        return int(code_pb2.UNIMPLEMENTED)
    if http_status in CODES:
        return CODES[http_status]
    return int(code_pb2.INTERNAL if 500 <= http_status < 600 else code_pb2.UNKNOWN)


def _text(problem: Mapping[str, Any]) -> str:
    words = (problem.get(name) for name in ("detail", "error_description", "message", "title"))
    return next((word for word in words if isinstance(word, str) and word), "")


def _info(http_status: int, code: str, problem: Mapping[str, Any]) -> Any:
    known = {name: str(problem[name]) for name in ("type", "instance", "message_id") if problem.get(name)}
    return error_details_pb2.ErrorInfo(
        reason=code[:100], domain=DOMAIN, metadata={"http_status": str(http_status)} | known
    )


def _seconds(retry_after: str | None, problem: Mapping[str, Any]) -> float | None:
    """The header counts; a date in it is of no use, as nobody here sends one."""
    for found in (retry_after, problem.get("retry_after")):
        try:
            seconds = float(found)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            continue
        return min(max(seconds, 0.0), 86_400.0) if seconds == seconds else None
    return None


def _retry(wait_s: float) -> Any:
    retry = error_details_pb2.RetryInfo()
    retry.retry_delay.FromNanoseconds(int(wait_s * 1e9))
    return retry


def _bad_request(errors: Any) -> Any:
    violations = [
        error_details_pb2.BadRequest.FieldViolation(
            field=field_path(str(error.get("pointer", ""))), description=str(error.get("detail", ""))
        )
        for error in (errors if isinstance(errors, list) else [])
        if isinstance(error, Mapping)
    ]
    return error_details_pb2.BadRequest(field_violations=violations)


def field_path(pointer: str) -> str:
    """`/settings/api_base` as `settings.api_base`, `/numbers/1` as `numbers[1]`, `?limit` as `limit`, a header as it is."""
    if pointer.startswith("?"):
        return pointer[1:]
    if not pointer.startswith("/"):
        return pointer
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]
    return re.sub(r"\.\[", "[", ".".join(f"[{step}]" if step.isdecimal() else step for step in steps))


def _problem(problem: Mapping[str, Any]) -> Message:
    message = message_class("Problem")()
    try:
        fill(message, problem)
    except UnfitDocument:
        message = message_class("Problem")()  # in part: ErrorInfo has said what counts
    return message


def _with(status: status_pb2.Status, details: list[Message]) -> status_pb2.Status:
    """As many details as fit; a list of wrong fields is cut rather than left out."""
    for detail in details:
        while detail.ByteSize() + status.ByteSize() > DETAILS_MAX_BYTES and _shortened(detail):
            pass
        if detail.ByteSize() + status.ByteSize() <= DETAILS_MAX_BYTES:
            status.details.add().Pack(detail)
    return status


def _shortened(detail: Message) -> bool:
    for name in ("field_violations", "errors"):
        entries = getattr(detail, name, None)
        if entries:
            del entries[len(entries) // 2 :]
            return True
    return False
