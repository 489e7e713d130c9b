"""What browsers are told with every answer of the API and with every page; and which pages of others may ask."""

import pytest

from chat4all.http.security_headers import HSTS, SECURITY_HEADERS, secured
from tests.template_file import template


def test_what_an_answer_says_itself_stays_and_the_rest_is_added() -> None:
    answer = {"statusCode": 200, "headers": {"cache-control": "public", "ETag": "1"}, "body": ""}
    headers = secured(answer, is_https=False)["headers"]
    assert headers["cache-control"] == "public"
    assert headers.keys() == (SECURITY_HEADERS.keys() - {"Cache-Control"}) | {"cache-control", "ETag"}
    assert secured(answer, is_https=True)["headers"]["Strict-Transport-Security"] == HSTS


def test_an_answer_without_headers_gets_them_all() -> None:
    assert secured({"statusCode": 204}, is_https=False)["headers"] == SECURITY_HEADERS


@pytest.mark.parametrize("policy", ["PageHeaders", "PageFileHeaders"])
def test_cloudfront_sends_the_same_names(policy: str) -> None:
    given = template()["Resources"][policy]["Properties"]["ResponseHeadersPolicyConfig"]
    custom = {each["Header"] for each in given["CustomHeadersConfig"]["Items"]}
    assert "Cross-Origin-Opener-Policy" in custom
    assert given["SecurityHeadersConfig"].keys() >= {"ContentSecurityPolicy", "StrictTransportSecurity"}


def test_only_named_origins_may_call_and_never_with_credentials() -> None:
    parsed = template()
    condition, named, none_named = parsed["Resources"]["HttpApi"]["Properties"]["CorsConfiguration"]
    assert parsed["Parameters"]["AllowedOrigins"]["Default"] == ""
    assert (condition, named["AllowOrigins"], none_named["AllowOrigins"]) == (
        "HasAllowedOrigins",
        "AllowedOrigins",
        ["Issuer"],
    )
    for cors in (named, none_named):
        assert cors.get("AllowCredentials", False) is False
        assert "*" not in (*cors["AllowHeaders"], *cors["AllowMethods"], *cors["ExposeHeaders"])
        assert set(cors["ExposeHeaders"]) >= {"retry-after", "ratelimit", "ratelimit-policy"}
