"""Wrong settings of providers are told by their names before anybody signs in."""

import dataclasses

import pytest

from chat4all.config import ConfigurationError, Settings
from chat4all.provider_sign_in.configured import configured

GOOD = Settings(
    public_url="https://api.example.com", google_client_id="g", github_client_id="h", sign_in_secret="hub-sign-in"
)


def test_those_are_configured_whose_client_id_is_given() -> None:
    assert [*configured(GOOD)] == ["google", "github"]
    assert [*configured(dataclasses.replace(GOOD, google_client_id=""))] == ["github"]
    assert [*configured(Settings())] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("google_issuer", "http://accounts.google.com"),
        ("google_issuer", "https://accounts.google.com/"),
        ("google_issuer", "accounts.google.com"),
        ("github_url", "ftp://github.com"),
        ("github_url", "https://[github"),
        ("github_api_url", "https://api.github.com?x=1"),
        ("github_api_url", "http://10.0.0.1/api/v3"),
        ("public_url", ""),
        ("public_url", "http://api.example.com"),
        ("sign_in_secret", ""),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name.upper()):
        configured(dataclasses.replace(GOOD, **{name: value}))


def test_the_laptop_needs_no_tls() -> None:
    configured(dataclasses.replace(GOOD, google_issuer="http://127.0.0.1:8080/google", public_url="http://localhost"))
