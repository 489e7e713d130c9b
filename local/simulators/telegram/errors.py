"""Errors of the Bot API, in its own words (core.telegram.org/bots/api, "Making requests")."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class BotApiError(Exception):
    """An answer with ok false: HTTP status and `error_code` are the same number."""

    code: int
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        document: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return document | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(what: str) -> BotApiError:
    return BotApiError(400, f"Bad Request: {what}")


def too_many_requests(retry_after_s: int) -> BotApiError:
    return BotApiError(429, f"Too Many Requests: retry after {retry_after_s}", {"retry_after": retry_after_s})
