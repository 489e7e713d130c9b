"""CORS that the gateway answers itself (Developer Guide, "Configure CORS for HTTP APIs")."""

from local.application import Cors
from local.http_api.messages import Headers, Request, Response


def preflight(cors: Cors, request: Request) -> Response | None:
    """Answer to a preflight request, or None when it is none. An origin that is not allowed gets no CORS headers."""
    origin = request.header("origin")
    if request.method != "OPTIONS" or origin is None or request.header("access-control-request-method") is None:
        return None
    headers = _origin_headers(cors, origin)
    if headers:
        if cors.allow_methods:
            headers.append(("access-control-allow-methods", ",".join(cors.allow_methods)))
        if cors.allow_headers:
            headers.append(("access-control-allow-headers", ",".join(cors.allow_headers)))
        if cors.max_age_s is not None:
            headers.append(("access-control-max-age", str(cors.max_age_s)))
    return Response(204, headers)


def override(cors: Cors, request: Request, headers: Headers) -> Headers:
    """Headers of a response with the API's CORS headers in place of the function's, which are ignored."""
    kept = [item for item in headers if not item[0].startswith("access-control-")]
    origin = request.header("origin")
    if origin is None:
        return kept
    added = _origin_headers(cors, origin)
    if added and cors.expose_headers:
        added.append(("access-control-expose-headers", ",".join(cors.expose_headers)))
    return kept + added


def _origin_headers(cors: Cors, origin: str) -> Headers:
    if "*" in cors.allow_origins:
        headers = [("access-control-allow-origin", "*")]
    elif _is_allowed(cors, origin):
        headers = [("access-control-allow-origin", origin), ("vary", "origin")]
    else:
        return []
    if cors.allow_credentials:
        headers.append(("access-control-allow-credentials", "true"))
    return headers


def _is_allowed(cors: Cors, origin: str) -> bool:
    scheme = origin.partition("://")[0]
    return origin in cors.allow_origins or f"{scheme}://*" in cors.allow_origins
