"""Files that Messenger and Instagram name by a URL of Meta's CDN, which is good for a while and asks for no token.

The URL stands in a webhook, and whoever knows the account's secret can write one. So it is followed over https and to public
addresses alone; the one exception is what lies below the account's `api_base`, whose host the deployment allows: beside it may be
what is nobody's to read.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import httpx

from chat4all.channels.download import TIMEOUT, Download
from chat4all.channels.fates import Fate, NotSent, Permanent, ThrottledUntil, TryAgain
from chat4all.public_addresses import PrivateAddress
from chat4all.public_network import PublicTransport

_REDIRECTS = 3
_RESERVE_MS = 3_000
"""Kept of the invocation's time for what is written after it."""
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity"}
_TOO_MUCH = 429


class Downloads:
    """Clients that are kept: one for the public, one for the hosts of an `api_base`."""

    def __init__(self) -> None:
        self._public: httpx.Client | None = None
        self._own: httpx.Client | None = None

    def open(self, url: str, *, own_base: str | None, most_bytes: int, remaining_ms: Callable[[], int]) -> Download:
        """The file at `url`, to be closed by the caller.

        Args:
            own_base: the account's `api_base`, whose host may be anything.

        Raises:
            NotSent: Permanent where it is gone, too large, or may not be fetched from there.
        """
        until = time.monotonic() + (remaining_ms() - _RESERVE_MS) / 1000
        for _ in range(_REDIRECTS + 1):
            answer = self._asked(url, own_base)
            if answer.status_code == 200:
                return Download(answer, most_bytes, until=until)
            answer.close()
            if not answer.has_redirect_location:
                raise NotSent(_fate_of(answer.status_code))
            url = _joined(url, answer.headers["location"])
        raise NotSent(Permanent(f"media_refused: more than {_REDIRECTS} redirects"))

    def close(self) -> None:
        """Close connections; the next file opens new ones."""
        for client in (self._public, self._own):
            if client is not None:
                client.close()
        self._public = self._own = None

    def _asked(self, url: str, own_base: str | None) -> httpx.Response:
        with _fates_told():
            client = self._client(url, own_base)
            return client.send(client.build_request("GET", url, headers=_HEADERS), stream=True)

    def _client(self, url: str, own_base: str | None) -> httpx.Client:
        asked = _split(url)
        if own_base is not None and _is_below(asked, _split(own_base)):
            self._own = self._own or httpx.Client(timeout=TIMEOUT)
            return self._own
        if asked.scheme != "https":
            raise NotSent(Permanent("media_refused: its URL is not https"))
        self._public = self._public or httpx.Client(timeout=TIMEOUT, transport=PublicTransport())
        return self._public


@contextmanager
def _fates_told() -> Iterator[None]:
    """Troubles as fates; URLs stay out of the reasons, because whoever has one has the file."""
    try:
        yield
    except PrivateAddress:
        raise NotSent(Permanent("media_refused: its host has no public address")) from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, UnicodeError):
        raise NotSent(Permanent("media_refused: its URL cannot be asked")) from None
    except httpx.HTTPError as error:
        raise NotSent(TryAgain(f"media_unreachable: {type(error).__name__}")) from None


def _fate_of(status: int) -> Fate:
    if status == _TOO_MUCH:
        return ThrottledUntil("media_throttled: HTTP 429", 30.0)
    if status >= 500:
        return TryAgain(f"media_unreachable: HTTP {status}")
    return Permanent(f"media_gone: HTTP {status}")


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise NotSent(Permanent("media_refused: a redirect cannot be read")) from None


def _split(url: str) -> SplitResult:
    try:
        found = urlsplit(url)
        if found.hostname and found.port != 0 and url.isprintable():
            return found
    except ValueError:
        pass
    raise NotSent(Permanent("media_refused: its URL cannot be read"))


def _is_below(asked: SplitResult, base: SplitResult) -> bool:
    steps = unquote(asked.path).replace("\\", "/").split("/")
    return (
        _place(asked) == _place(base)
        and (asked.path or "/").startswith(base.path.rstrip("/") + "/")
        and ".." not in steps
    )


def _place(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or {"https": 443, "http": 80}.get(url.scheme)
