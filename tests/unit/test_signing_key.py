"""Periods and ids of signing keys."""

from chat4all.signing_keys import PERIOD_MS, new_key, period_of, thumbprint


def test_the_thumbprint_is_that_of_the_example_in_rfc_7638() -> None:
    jwk = {
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
        "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n9"
        "1CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    }
    assert thumbprint(jwk) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_key_is_published_until_its_last_token_is_over() -> None:
    now = 1_795_235_400_000
    key = new_key(period_of(now), 1800, now)
    assert period_of(now) * PERIOD_MS <= now < (period_of(now) + 1) * PERIOD_MS
    assert key.not_after >= (period_of(now) + 1) * PERIOD_MS + 1800 * 1000
    assert key.public_jwk.keys() == {"kty", "kid", "use", "alg", "n", "e"}
    assert key.kid == thumbprint(key.public_jwk) == key.public_jwk["kid"]
