"""Files that Telegram holds (core.telegram.org/bots/api#getfile)."""

from typing import Any
from urllib.parse import quote

import httpx

from chat4all.channels.download import TIMEOUT, Download
from chat4all.channels.fates import NotSent, Permanent, TryAgain

_UNSPECIFIC = ("", "application/octet-stream")
"""What Telegram's file server says of nearly everything."""


def open_file(client: httpx.Client, url: str, said_type: Any, most_bytes: int) -> Download:
    """The file at `url`, which has the token and so is part of no reason; raises NotSent.

    Args:
        said_type: the content type that the update said, if any.
    """
    request = client.build_request("GET", url, timeout=TIMEOUT)
    try:
        answer = client.send(request, stream=True, follow_redirects=False)
    except httpx.HTTPError as error:
        raise NotSent(TryAgain(f"unreachable: {type(error).__name__} at Telegram's files")) from error
    if answer.status_code == 200:
        served = answer.headers.get("content-type", "").partition(";")[0].strip()
        return Download(answer, most_bytes, content_type=(said_type or served) if served in _UNSPECIFIC else served)
    answer.close()
    status = answer.status_code
    if status == 429 or status >= 500:
        raise NotSent(TryAgain(f"unreachable: Telegram's files answer {status}"))
    raise NotSent(Permanent(f"not_available: Telegram's files answer {status}"))


def url_of(token: str, api_base: str, file_path: str) -> str:
    """`<api_base>/file/bot<token>/<file_path>`.

    Raises:
        NotSent: a Bot API server in --local mode keeps files on its own disk, out of our reach.
    """
    if not file_path or file_path.startswith("/") or ".." in file_path.split("/"):
        raise NotSent(Permanent("not_available: Telegram gives no way to download the file"))
    return f"{api_base}/file/bot{token}/{quote(file_path)}"
