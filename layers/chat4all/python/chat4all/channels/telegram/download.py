"""Files that Telegram holds (core.telegram.org/bots/api#getfile), read piece by piece."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from chat4all.channels.fates import NotSent, Permanent, TryAgain

_TIMEOUT = httpx.Timeout(connect=3.0, read=8.0, write=5.0, pool=3.0)
_UNSPECIFIC = ("", "application/octet-stream")
"""What Telegram's file server says of nearly everything."""
_CHUNK = 65_536


class Download:
    """A file that is being read. Its URL has the token, so no URL is ever part of a reason."""

    def __init__(self, client: httpx.Client, url: str, media: Mapping[str, Any], most_bytes: int) -> None:
        self._response = _opened(client, url)
        length = self._response.headers.get("content-length", "")
        said = self._response.headers.get("content-type", "").partition(";")[0].strip()
        self.content_type: str = (media.get("content_type") or said) if said in _UNSPECIFIC else said
        self.content_type = self.content_type or "application/octet-stream"
        self.size = int(length) if length.isdecimal() else None
        self._left = most_bytes
        self._chunks: Iterator[bytes] = self._response.iter_bytes(_CHUNK)
        self._rest = b""
        if self.size is not None and self.size > most_bytes:
            self.close()
            raise too_large(self.size, most_bytes)

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; empty at the end. Raises NotSent, also where more come than may."""
        try:
            chunk = self._rest or next(self._chunks, b"")
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise NotSent(TryAgain(f"unreachable: {type(error).__name__} while Telegram's file was read")) from error
        piece, self._rest = chunk[:size], chunk[size:]
        self._left -= len(piece)
        if self._left < 0:
            raise too_large(None, None)
        return piece

    def close(self) -> None:
        """Let go of the connection."""
        self._response.close()


def url_of(token: str, api_base: str, file_path: str) -> str:
    """`<api_base>/file/bot<token>/<file_path>`.

    Raises:
        NotSent: a Bot API server in --local mode keeps files on its own disk, out of our reach.
    """
    if not file_path or file_path.startswith("/") or ".." in file_path.split("/"):
        raise NotSent(Permanent("not_available: Telegram gives no way to download the file"))
    return f"{api_base}/file/bot{token}/{quote(file_path)}"


def too_large(size: int | None, most_bytes: int | None) -> NotSent:
    """What is said of a file that is larger than it may be."""
    facts = f"{size} bytes, at most {most_bytes} are taken" if size is not None else "more bytes than are taken"
    return NotSent(Permanent(f"too_large: the file has {facts}"))


def _opened(client: httpx.Client, url: str) -> httpx.Response:
    request = client.build_request("GET", url, timeout=_TIMEOUT)
    try:
        response = client.send(request, stream=True, follow_redirects=False)
    except httpx.HTTPError as error:
        raise NotSent(TryAgain(f"unreachable: {type(error).__name__} at Telegram's files")) from error
    if response.status_code == 200:
        return response
    response.close()
    status = response.status_code
    if status == 429 or status >= 500:
        raise NotSent(TryAgain(f"unreachable: Telegram's files answer {status}"))
    raise NotSent(Permanent(f"not_available: Telegram's files answer {status}"))
