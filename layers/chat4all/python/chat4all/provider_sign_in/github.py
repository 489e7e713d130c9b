"""GitHub, or GitHub Enterprise Server, which is no OpenID provider: who it is, its API says.

Source: docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps and docs.github.com/rest/users/emails.
"""

from urllib.parse import urlencode

from chat4all.domain.pkce import challenge_of
from chat4all.domain.provider_answers import NoPerson, person_of_github
from chat4all.domain.sign_in_provider import Person, Provider
from chat4all.provider_sign_in.asking import ProviderFailed, ProviderHttp
from chat4all.provider_sign_in.provider import Client, Proof, code_form, token_of

_SCOPE = "read:user user:email"


class GitHub:
    """The server at `issuer`, whose API is at `api_url`, for `client`."""

    provider = Provider.GITHUB

    def __init__(self, issuer: str, api_url: str, client: Client, http: ProviderHttp) -> None:
        self.issuer = issuer
        self._api_url = api_url
        self._client = client
        self._http = http

    def authorization_url(self, state: str, proof: Proof) -> str:
        """Where a browser signs in."""
        query = {
            "client_id": self._client.id,
            "redirect_uri": self._client.redirect_uri,
            "scope": _SCOPE,
            "state": state,
            "code_challenge": challenge_of(proof.verifier),
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        return f"{self.issuer}/login/oauth/authorize?{urlencode(query)}"

    def person(self, code: str, proof: Proof) -> Person:
        """Who has signed in there, by the code that came back. Raises ProviderFailed, Unavailable."""
        form = code_form(self._client, code, proof)
        status, answer = self._http.post(f"{self.issuer}/login/oauth/access_token", form)
        token = token_of(self._client, status, answer)
        user = self._http.get(f"{self._api_url}/user", token)
        emails = self._http.get(f"{self._api_url}/user/emails", token)
        try:
            return person_of_github(self.issuer, user, emails)
        except NoPerson as error:
            raise ProviderFailed(str(error)) from error
