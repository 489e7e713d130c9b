"""Rules of signing in by a provider, without a provider."""

from typing import Any

import pytest

from chat4all.domain.generated_username import usernames
from chat4all.domain.pkce import challenge_of, derived, is_challenge, proves
from chat4all.domain.provider_answers import NoPerson, person_of_claims, person_of_github
from chat4all.domain.return_address import origins, why_refused
from chat4all.domain.user import Registration


def test_pkce_is_that_of_the_rfc() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert proves(verifier, challenge_of(verifier))
    assert not proves(verifier + "x", challenge_of(verifier))
    assert [is_challenge(one) for one in (challenge_of("x"), "x" * 44, "x" * 42, "x" * 42 + "é", "")] == [
        True,
        *[False] * 4,
    ]
    assert len({derived("a", "verifier"), derived("a", "nonce"), derived("b", "verifier")}) == 3
    assert is_challenge(derived("a", "nonce"))


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ána Lúcia", "ana-lucia"),
        ("octo-cat", "octo-cat"),
        ("Ο Νίκος", "user-1111"),
        (None, "user-1111"),
        ("李", "user-1111"),
        ("--..__", "user-1111"),
        ("a" * 90, "a" * 23),
        ("x y", "x-y"),
        ("user", "user-1111"),
    ],
)
def test_a_username_is_made_of_any_name(name: str | None, first: str) -> None:
    made = list(usernames(name, lambda length: "1" * length))
    assert made[0] == first
    for username in made:
        Registration(username=username, email="ana@example.com", password="long enough")
    assert len(made) >= 4


def test_a_person_of_google_has_an_email_only_if_it_is_verified() -> None:
    claims = {"iss": "https://accounts.google.com", "sub": "1", "email": "ana@example.com", "name": "Ana\nLima"}
    for verified, email in ((True, "ana@example.com"), (False, None), ("true", None), (1, None), (None, None)):
        person = person_of_claims(claims | {"email_verified": verified})
        assert (person.email, person.label, person.display_name) == (email, "ana@example.com", None)
    assert person_of_claims(claims | {"email": "no email", "email_verified": True}).email is None
    assert person_of_claims(claims).key == "google:https://accounts.google.com:1"


def test_a_person_of_github_has_its_primary_email_if_that_is_verified() -> None:
    def email(*emails: Any) -> str | None:
        return person_of_github("https://github.com", {"id": 7, "login": "ana"}, list(emails)).email

    primary = {"email": "ana@example.com", "primary": True, "verified": True}
    assert email(primary) == "ana@example.com"
    assert email({**primary, "verified": False}, {**primary, "primary": False}) is None
    assert email("ana@example.com", None, {**primary, "email": 7}) is None
    assert person_of_github("https://github.com", {"id": 7}, {"message": "x"}).key == "github:https://github.com:7"
    for user in ({}, {"id": "7"}, {"id": True}, {"id": 0}, [], None, "x"):
        with pytest.raises(NoPerson):
            person_of_github("https://github.com", user, [])


def test_a_sign_in_returns_to_origins_that_are_named() -> None:
    allowed = origins("https://api.example.com", ["https://chat.example.com/", "*", "", "https://*.example.com"])
    assert allowed == {"https://api.example.com", "https://chat.example.com"}
    assert why_refused("https://chat.example.com/chat", allowed) is None
    assert why_refused("https://chat.example.com", allowed)
    assert why_refused("https://chat.example.com.evil.example/", allowed)
    assert origins("", ["*"]) == frozenset()
    assert why_refused("/chat", frozenset())
