"""Sending a browser to a provider, and what becomes of it when it comes back."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlencode

from chat4all.domain.pkce import derived
from chat4all.domain.provider_requests import CallbackQuery, LoginQuery
from chat4all.domain.return_address import why_refused
from chat4all.domain.sign_in_provider import Provider
from chat4all.errors import Invalid, NotFound, Unauthenticated, Unavailable
from chat4all.logs import logger
from chat4all.provider_sign_in.asking import ProviderFailed
from chat4all.provider_sign_in.attempts import Attempts, UnknownState
from chat4all.provider_sign_in.provider import Proof, SignInProvider, word_of

FIRST_PAGE = "/chat"
"""Where a browser is sent with which no sign-in was begun."""
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and what its cookie is to hold; no cookie where it is sent back at once."""

    url: str
    browser: str | None


class SentBack(Unauthenticated):
    """The browser that came is not the one that began; it goes to `url`."""

    code = "sign_in_state"

    def __init__(self, url: str) -> None:
        super().__init__("The sign-in was begun in another window, or too long ago")
        self.url = url


class ProviderLogin:
    """Signs people in with `providers`. Pages are at `origins`, and with the API at `public_url`."""

    def __init__(
        self,
        providers: Mapping[Provider, SignInProvider],
        attempts: Attempts,
        origins: Collection[str],
        public_url: str,
    ) -> None:
        self._providers = providers
        self._attempts = attempts
        self._origins = origins
        self._first_page = public_url + FIRST_PAGE

    def provider(self, name: str) -> SignInProvider:
        """By its name; raises NotFound (`sign_in_not_configured`)."""
        found = self._providers.get(Provider(name)) if name in tuple(Provider) else None
        if found is None:
            raise NotFound(f"Nobody signs in here with {name[:20]}", code="sign_in_not_configured")
        return found

    def begin(self, name: str, query: LoginQuery) -> Begun:
        """Send a browser to a provider.

        Raises:
            NotFound: code `sign_in_not_configured`. Invalid: there is nowhere to return to. Unavailable.
        """
        provider = self.provider(name)
        refused = why_refused(query.return_to, self._origins)
        if refused is not None:
            raise Invalid.at("?return_to", refused)
        browser = secrets.token_urlsafe(_BYTES)
        state = self._attempts.begin(provider.provider, browser, query.return_to, query.code_challenge)
        try:
            return Begun(provider.authorization_url(state, _proof(browser)), browser)
        except ProviderFailed as error:
            return Begun(self._failed(provider, query.return_to, "begin", error), None)

    def finish(self, name: str, query: CallbackQuery, browser: str) -> str:
        """Where a browser goes that comes back, with a code in the fragment, or with the word for what went wrong.

        Args:
            browser: what its cookie holds; empty where it has none.

        Raises:
            SentBack. NotFound: code `sign_in_not_configured`. Unavailable: nothing was used up.
        """
        provider = self.provider(name)
        try:
            attempt = self._attempts.take(provider.provider, query.state, browser)
        except UnknownState as error:
            self._send_back(provider, str(error))
        return_to = str(attempt.return_to)
        if query.iss is not None and query.iss != provider.issuer:
            self._send_back(provider, "answer of another issuer")
        if query.error or not query.code:
            return self._refused(provider, return_to, query.error)
        try:
            person = provider.person(query.code, _proof(browser))
        except (ProviderFailed, Unavailable) as error:
            return self._failed(provider, return_to, "finish", error)
        code = self._attempts.give_code(person, str(attempt.challenge))
        return _with_fragment(return_to, {"sign-in": code, "provider": provider.provider})

    def _send_back(self, provider: SignInProvider, why: str) -> NoReturn:
        logger.warning("sign-in sent back", provider=provider.provider, cause=why)
        raise SentBack(_with_error(self._first_page, provider, SentBack.code))

    def _refused(self, provider: SignInProvider, return_to: str, error: str) -> str:
        logger.info("sign-in refused by the provider", provider=provider.provider, cause=word_of(error))
        return _with_error(return_to, provider, "sign_in_cancelled" if error == "access_denied" else "sign_in_failed")

    def _failed(self, provider: SignInProvider, return_to: str, step: str, error: ProviderFailed | Unavailable) -> str:
        logger.error("sign-in provider failed", provider=provider.provider, step=step, cause=str(error))
        return _with_error(return_to, provider, "sign_in_failed")


def _proof(browser: str) -> Proof:
    """What the provider is shown is derived from the cookie's secret: whoever has the state, or our table, has none of it."""
    return Proof(derived(browser, "verifier"), derived(browser, "nonce"))


def _with_error(page: str, provider: SignInProvider, code: str) -> str:
    return _with_fragment(page, {"sign-in-error": code, "provider": provider.provider})


def _with_fragment(page: str, values: Mapping[str, str]) -> str:
    """In the fragment: it is sent to no server, and stands in no log."""
    return f"{page}#{urlencode(values)}"
