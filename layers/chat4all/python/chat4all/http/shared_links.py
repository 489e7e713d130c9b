"""Answers for the link that a channel's text carries: a page for browsers, an address of the bytes for everything else."""

from collections.abc import Mapping

from aws_lambda_powertools.event_handler import Response

from chat4all.domain.content_negotiation import wants_page
from chat4all.downloads import Downloads
from chat4all.errors import NotFound
from chat4all.ids import is_id
from chat4all.shared_file_page import file_page, gone_page, policy

_KEPT_BY_NOBODY = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Vary": "Accept, Accept-Language",
}
"""The link is the key: it goes to no other site, and into no index."""


def answer(
    downloads: Downloads,
    method: str,
    file_id: str,
    token: str,
    *,
    headers: Mapping[str, str],
    query: Mapping[str, str],
) -> Response[str]:
    """A page where the request names text/html, unless the query says `download`; else 302 to S3, for HEAD to a HEAD.

    Args:
        headers: of the request, their names in lower case.

    Raises:
        NotFound: the link opens nothing, and it is no page that is asked for.
    """
    is_page = wants_page(headers.get("accept"))
    said = headers.get("accept-language")
    try:
        if not is_id(file_id):
            raise NotFound("No such file")
        if is_page and "download" not in query:
            page, language = file_page(downloads.shown(file_id, token), said)
            return _page(200, method, page, language, downloads.origin())
        location = downloads.shared(file_id, token, method=method, to_save="download" in query)
    except NotFound:
        if not is_page:
            raise
        page, language = gone_page(said)
        return _page(404, method, page, language, downloads.origin())
    return Response(302, headers={"Location": location, **_KEPT_BY_NOBODY})


def _page(status: int, method: str, page: str, language: str, storage: str) -> Response[str]:
    headers = _KEPT_BY_NOBODY | {
        "Content-Language": language,
        "Content-Security-Policy": policy(storage),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(status, "text/html; charset=utf-8", "" if method == "HEAD" else page, headers)
