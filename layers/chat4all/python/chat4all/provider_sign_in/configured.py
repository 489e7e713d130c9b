"""The providers that a deployment has configured."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from chat4all.config import ConfigurationError, Settings
from chat4all.domain.return_address import origins
from chat4all.domain.sign_in_provider import Provider
from chat4all.provider_sign_in.asking import ProviderHttp
from chat4all.provider_sign_in.github import GitHub
from chat4all.provider_sign_in.google import Google
from chat4all.provider_sign_in.provider import Client, SignInProvider
from chat4all.provider_sign_in.secret import SignInSecret

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def configured(settings: Settings) -> Mapping[Provider, SignInProvider]:
    """Those whose client id the deployment has been given.

    Raises:
        ConfigurationError: an address is none, or has no TLS and is not of this machine; the setting is named.
    """
    http, secret = ProviderHttp(), SignInSecret(settings.sign_in_secret)

    def client(provider: Provider, client_id: str) -> Client:
        redirect_uri = f"{settings.public_url}/auth/{provider}/callback"
        return Client(client_id, redirect_uri, lambda: secret.of(provider), secret.forget)

    found: dict[Provider, SignInProvider] = {}
    if settings.google_client_id:
        issuer = _address("GOOGLE_ISSUER", settings.google_issuer)
        found[Provider.GOOGLE] = Google(issuer, client(Provider.GOOGLE, settings.google_client_id), http)
    if settings.github_client_id:
        own, api = _address("GITHUB_URL", settings.github_url), _address("GITHUB_API_URL", settings.github_api_url)
        found[Provider.GITHUB] = GitHub(own, api, client(Provider.GITHUB, settings.github_client_id), http)
    if found:
        _address("PUBLIC_URL", settings.public_url)
        _named("SIGN_IN_SECRET", settings.sign_in_secret)
    return found


def origins_of(settings: Settings) -> frozenset[str]:
    """Origins of the pages to which a sign-in returns."""
    return origins(settings.public_url, settings.sign_in_origins.split(","))


def _address(name: str, value: str) -> str:
    try:
        parts = urlsplit(value)
        is_one = bool(parts.hostname) and parts.scheme in ("http", "https") and not parts.query and not parts.fragment
        is_safe = parts.scheme == "https" or parts.hostname in _LOOPBACK
    except ValueError:
        is_one = is_safe = False
    if not is_one or value.endswith("/"):
        raise ConfigurationError(f"{name}={value!r} must be an https address without a slash at its end")
    if not is_safe:
        raise ConfigurationError(f"{name}={value!r} must have https: it is not of this machine")
    return value


def _named(name: str, value: str) -> None:
    if not value:
        raise ConfigurationError(f"{name} is not set: it names the secret with the client secrets of providers")
