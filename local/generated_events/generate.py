"""The event of a function's own event source."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.application import Application
from local.endpoints import Endpoints
from local.generated_events.asked import Asked
from local.generated_events.http import http_event
from local.generated_events.kafka import kafka_event
from local.generated_events.s3 import s3_event
from local.generated_events.websocket import authorization_event, route_event
from local.schedules.event import payload
from local.start_error import StartError


def generate(application: Application, function: str, asked: Asked, endpoints: Endpoints) -> bytes:
    """JSON. Raises StartError when the function has no event source that takes what was asked."""
    found = sources(application, function)
    for source in asked.hints():
        if source in found:
            return _made(source, application, function, asked, endpoints)
    if not found:
        raise StartError(f"{function} has no event source to make an event of: write one, and name it with --event.")
    wanted = " or ".join(asked.hints())
    raise StartError(f"{function} is not invoked by {wanted}; its event sources are: {', '.join(found)}.")


def sources(application: Application, function: str) -> list[str]:
    """Those of `asked.SOURCES` that invoke the function."""
    known = {
        "http": any(route.function == function for api in application.http_apis for route in api.routes),
        "kafka": any(mapping.function == function for mapping in application.kafka_mappings),
        "websocket": any(
            route.function == function for api in application.websocket_apis for route in api.routes.values()
        ),
        "authorizer": any(api.authorizer and api.authorizer.function == function for api in application.websocket_apis),
        "schedule": any(schedule.function == function for schedule in application.schedules),
        "s3": any(one.function == function for one in application.bucket_notifications),
    }
    return [name for name, there in known.items() if there]


def _made(source: str, application: Application, function: str, asked: Asked, endpoints: Endpoints) -> bytes:
    match source:
        case "http":
            return _json(http_event(application.http_apis, function, asked, endpoints))
        case "kafka":
            mappings = tuple(mapping for mapping in application.kafka_mappings if mapping.function == function)
            return kafka_event(mappings, asked, endpoints)
        case "schedule":
            schedule = next(schedule for schedule in application.schedules if schedule.function == function)
            return payload(schedule, datetime.now(UTC))
        case "s3":
            told = tuple(one for one in application.bucket_notifications if one.function == function)
            return s3_event(told, asked, endpoints)
    for index, api in enumerate(application.websocket_apis):
        port = endpoints.websocket_port + index
        if source == "authorizer" and api.authorizer and api.authorizer.function == function:
            return _json(authorization_event(api, port, asked, endpoints))
        if source == "websocket" and any(route.function == function for route in api.routes.values()):
            return _json(route_event(api, port, function, asked, endpoints))
    raise AssertionError(source)


def _json(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
