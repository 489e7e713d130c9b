"""Whether a handshake carries what its authorizer asks for."""

from collections.abc import Mapping
from typing import Any


def has_identity(sources: tuple[str, ...], event: Mapping[str, Any]) -> bool:
    """Whether every identity source has a value in the authorizer's event; one that is missing or empty is a 401.

    Raises ValueError for a source of another form than AWS has.
    """
    return all(_value(source, event) for source in sources)


def check_identity_sources(sources: tuple[str, ...]) -> None:
    """Raise ValueError for a source that this gateway does not know."""
    for source in sources:
        _value(source, {"requestContext": {}})


def _value(source: str, event: Mapping[str, Any]) -> Any:
    place, _, name = source.rpartition(".")
    match place:
        case "route.request.header" | "route.request.multivalueheader":
            headers = event.get("headers", {})
            return next((value for key, value in headers.items() if key.lower() == name.lower()), None)
        case "route.request.querystring" | "route.request.multivaluequerystring":
            return event.get("queryStringParameters", {}).get(name)
        case "context":
            return event["requestContext"].get(name)
        case "stageVariables":
            return event.get("stageVariables", {}).get(name)
    raise ValueError(f"identity source {source!r} is none of route.request.header.x, route.request.querystring.x, ...")
