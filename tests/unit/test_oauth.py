"""Errors of the token endpoint (RFC 6749, section 5.2)."""

import json
import re

import pytest

from chat4all.errors import DomainError, Invalid, RateLimited, Unauthenticated, Unavailable
from chat4all.http.oauth import oauth_error, unsupported_grant_type


@pytest.mark.parametrize(
    ("error", "status", "word"),
    [
        (Unauthenticated("wrong", code="invalid_credentials"), 400, "invalid_grant"),
        (Invalid("/username: missing"), 400, "invalid_request"),
        (unsupported_grant_type("implicit"), 400, "unsupported_grant_type"),
        (RateLimited("slowly", retry_after_s=4.2, limit=10, window_s=50), 429, "temporarily_unavailable"),
        (Unavailable("later"), 503, "temporarily_unavailable"),
    ],
)
def test_an_error_has_the_words_of_both_documents(error: DomainError, status: int, word: str) -> None:
    answer = oauth_error(error, "/token")
    document = json.loads(str(answer.body))
    assert (answer.status_code, document["status"], document["error"]) == (status, status, word)
    assert document["code"] == error.code
    assert answer.headers["Cache-Control"] == "no-store"
    assert "WWW-Authenticate" not in answer.headers
    assert ("Retry-After" in answer.headers) == (status in (429, 503))


def test_a_description_has_only_the_characters_it_may_have() -> None:
    document = json.loads(str(oauth_error(unsupported_grant_type('"\\é\n'), "/token").body))
    assert re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]+", document["error_description"])
