"""Making keys, and the times of their lives."""

import jwt

from chat4all.domain.signing_key import AHEAD_MS, is_published_long_enough, new_key, retired_until, thumbprint


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


def test_what_a_new_key_signs_its_public_part_verifies() -> None:
    key = new_key()
    assert key.public_jwk.keys() == {"kty", "kid", "use", "alg", "n", "e"}
    assert key.kid == thumbprint(key.public_jwk) == key.public_jwk["kid"]
    token = jwt.encode({"sub": "ana"}, key.private_pem, "RS256")
    assert jwt.decode(token, jwt.PyJWK(key.public_jwk), algorithms=["RS256"]) == {"sub": "ana"}


def test_a_key_waits_longer_than_gateways_keep_the_jwks_and_stays_until_its_last_token_is_over() -> None:
    assert AHEAD_MS > 2 * 3600 * 1000
    assert not is_published_long_enough(1000, 999 + AHEAD_MS)
    assert is_published_long_enough(1000, 1000 + AHEAD_MS)
    # One environment may sign for an hour with a key that it cannot read anew, and its token lives for another half.
    assert retired_until(0, 1800) >= (3600 + 1800) * 1000
