"""Google, or any other OpenID provider that has a discovery document (OpenID Connect Core 1.0 and Discovery 1.0).

Source: developers.google.com/identity/openid-connect/openid-connect.
"""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import jwt

from chat4all.domain.id_token import NotThisToken, claims_of
from chat4all.domain.pkce import challenge_of
from chat4all.domain.provider_answers import person_of_claims
from chat4all.domain.sign_in_provider import Person, Provider
from chat4all.provider_sign_in.asking import ProviderFailed, ProviderHttp
from chat4all.provider_sign_in.provider import Client, Proof, code_form, text_of, token_of

_KEPT_S = 3600.0
"""How long its document and keys are kept; Google itself says some hours."""
_ASKED_AGAIN_S = 10.0
"""For a key that is not known: keys change before their time only rarely."""
_SCOPE = "openid email profile"


class Google:
    """The provider whose issuer is `issuer`, for `client`."""

    provider = Provider.GOOGLE

    def __init__(self, issuer: str, client: Client, http: ProviderHttp) -> None:
        self.issuer = issuer
        self._client = client
        self._http = http
        self._found: Mapping[str, str] = {}
        self._found_at = -_KEPT_S
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._keys_at = -_KEPT_S

    def authorization_url(self, state: str, proof: Proof) -> str:
        """Where a browser signs in. Raises ProviderFailed."""
        query = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": self._client.redirect_uri,
            "scope": _SCOPE,
            "state": state,
            "nonce": proof.nonce,
            "code_challenge": challenge_of(proof.verifier),
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        return f"{self._endpoints()['authorization_endpoint']}?{urlencode(query)}"

    def person(self, code: str, proof: Proof) -> Person:
        """Who has signed in there, by the code that came back. Raises ProviderFailed, Unavailable."""
        status, answer = self._http.post(self._endpoints()["token_endpoint"], code_form(self._client, code, proof))
        token_of(self._client, status, answer)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderFailed("no id_token")
        try:
            claims = claims_of(token, self._key, issuer=self.issuer, client_id=self._client.id, nonce=proof.nonce)
        except NotThisToken as error:
            raise ProviderFailed(f"id_token: {error}") from error
        return person_of_claims(claims)

    def _endpoints(self) -> Mapping[str, str]:
        if time.monotonic() - self._found_at >= _KEPT_S:
            document = self._http.get(f"{self.issuer}/.well-known/openid-configuration")
            if not isinstance(document, dict) or document.get("issuer") != self.issuer:
                raise ProviderFailed("the discovery document is of another issuer")
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            self._found = {name: _address(self.issuer, text_of(document, name)) for name in names}
            self._found_at = time.monotonic()
        return self._found

    def _key(self, kid: str) -> jwt.PyJWK | None:
        age_s = time.monotonic() - self._keys_at
        if age_s >= _KEPT_S or (kid not in self._keys and age_s >= _ASKED_AGAIN_S):
            self._keys = _keys_of(self._http.get(self._endpoints()["jwks_uri"]))
            self._keys_at = time.monotonic()
        return self._keys.get(kid)


def _address(issuer: str, url: str) -> str:
    """An endpoint without TLS where the issuer has it would be somebody else's word."""
    if not url.startswith(("https://", "http://") if issuer.startswith("http://") else "https://"):
        raise ProviderFailed("an endpoint without TLS")
    return url


def _keys_of(document: Any) -> Mapping[str, jwt.PyJWK]:
    """Those that sign, by their kid; what is no key is left out (RFC 7517, section 5)."""
    found = {}
    for one in document.get("keys") or () if isinstance(document, dict) else ():
        if isinstance(one, dict) and one.get("kty") == "RSA" and one.get("use", "sig") == "sig" and one.get("kid"):
            try:
                found[str(one["kid"])] = jwt.PyJWK(one, algorithm="RS256")
            except (jwt.PyJWTError, ValueError, TypeError):
                continue
    return found
