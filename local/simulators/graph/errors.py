"""Errors of the Graph API: HTTP status and body, and those that several methods give.

Sources: providers.md; developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes (codes, titles,
details, HTTP status); .../messenger-platform/error-codes. Texts marked (unverified) are from reports of users.
"""

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any


@dataclass
class GraphError(Exception):
    """An answer {"error": ...}. `details` makes the error_data of WhatsApp; `data` is added to the error as it is."""

    status: int
    code: int
    message: str
    subcode: int | None = None
    kind: str = "OAuthException"
    details: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    retry_after_s: int | None = None

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code, **self.data}
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        trace = base64.urlsafe_b64encode(secrets.token_bytes(17)).decode().rstrip("=")
        return {"error": error | {"fbtrace_id": "A" + trace[:22]}}


def invalid_parameter(text: str, details: str | None = None) -> GraphError:
    """100: something in the request is missing, unknown or of the wrong form."""
    return GraphError(400, 100, f"(#100) {text}", details=details)


def unknown_object(method: str, object_id: str) -> GraphError:
    """100/33: the token's account does not have this object, or it has no such edge."""
    return GraphError(
        400,
        100,
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing"
        " permissions, or does not support this operation. Please read the Graph API documentation at"
        " https://developers.facebook.com/docs/graph-api",
        subcode=33,
        kind="GraphMethodException",
    )


def no_token() -> GraphError:
    return GraphError(400, 104, "An access token is required to request this resource.")


def wrong_token() -> GraphError:
    """401, as the table of WhatsApp's errors says; (unverified) for Messenger and Instagram."""
    return GraphError(401, 190, "Invalid OAuth access token - Cannot parse access token")


def wrong_proof() -> GraphError:
    """The call's `appsecret_proof` is not of this token and the secret of its app."""
    text = "Invalid appsecret_proof provided in the API argument"
    return GraphError(400, 100, text, kind="GraphMethodException")


def transient(status: int = 500) -> GraphError:
    return GraphError(
        status, 2, "An unexpected error has occurred. Please retry your request later.", data={"is_transient": True}
    )


_WHATSAPP: dict[int, tuple[int, str, str]] = {
    130429: (
        429,
        "Rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number in a short period of time",
    ),
    131008: (400, "Required parameter is missing", ""),
    131009: (400, "Parameter value is not valid", ""),
    131021: (400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
    131026: (400, "Message undeliverable", "Message Undeliverable."),
    131047: (
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
    131051: (400, "Unsupported message type", "Message type is not currently supported."),
    131053: (400, "Media upload error", "Unable to upload the media used in the message."),
    131056: (
        429,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number to the same phone number in"
        " a short period of time.",
    ),
    131062: (400, "Business-scoped User ID recipients are not supported for this message.", ""),
    132000: (400, "Number of parameters does not match the expected number of params", ""),
    132001: (404, "Template name does not exist in the translation", ""),
    132012: (400, "Parameter format does not match format in the created template", ""),
    132015: (
        400,
        "Template is Paused",
        "Template is paused due to low quality so it cannot be sent in a template message.",
    ),
}
ERROR_CODES_URL = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


def whatsapp_error(code: int, details: str = "") -> GraphError:
    """An error of WhatsApp by its code, as the answer of a request."""
    status, title, usual = _WHATSAPP[code]
    return GraphError(status, code, f"(#{code}) {title}", details=details or usual)


def status_error(code: int, details: str = "") -> dict[str, Any]:
    """The same as `errors[]` of a failed status has it."""
    _, title, usual = _WHATSAPP[code]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or usual},
        "href": ERROR_CODES_URL,
    }
