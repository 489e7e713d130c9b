"""What goes over WebSockets, topics and webhooks as an AsyncAPI 3 document (docs/asyncapi.json)."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from chat4all.contract.documents.events import WebhookDisabledTold
from chat4all.contract.documents.problems import Problem
from chat4all.contract.live import ACTIONS, EVENTS, Event
from chat4all.contract.openapi import VERSION
from chat4all.contract.schemas import Json, Schemas
from chat4all.domain.message import Contact, Location
from chat4all.domain.webhook import EVENTS as HOOKED
from chat4all.domain.webhook import TEST
from chat4all.kafka.schemas import SCHEMAS, TOPIC_TYPES

SOCKET, HOOK = "websocket", "webhook"
_ID: Json = {"type": ["string", "integer"], "description": "Of the client's own choice; it comes back in the reply."}
_TIME: Json = {"type": "string", "format": "date-time"}
_UUID: Json = {"type": "string", "format": "uuid"}


_TRACE: Json = {
    "traceparent": {
        "type": "string",
        "maxLength": 256,
        "description": "W3C Trace Context: the trace that it belongs to",
    },
    "tracestate": {"type": "string", "maxLength": 512},
}


def asyncapi() -> Json:
    """The document, from the view of Chat4All: it receives what clients send, and sends what they are told."""
    schemas = Schemas(_models(), {})
    messages = dict(_messages(schemas))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Chat4All live",
            "version": VERSION,
            "description": "What Chat4All tells while it happens: over WebSockets, to endpoints of webhooks, and on Kafka "
            "topics. The HTTP API is described by OpenAPI. How a client uses all this: docs/clients.md.",
        },
        "defaultContentType": "application/json",
        "channels": {
            SOCKET: _socket(),
            HOOK: _hook(),
            **{str(topic): _topic(str(topic), types) for topic, types in TOPIC_TYPES.items()},
        },
        "operations": dict(_operations()),
        "components": {
            "messages": messages,
            "schemas": schemas.components,
            "securitySchemes": {
                "token": {"type": "httpApiKey", "name": "token", "in": "query", "description": "An access token"},
                "subprotocol": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The subprotocols `chat4all.v1` and `bearer.<access token>`",
                },
            },
        },
    }


def asyncapi_text() -> str:
    """docs/asyncapi.json."""
    return json.dumps(asyncapi(), indent=2, ensure_ascii=False) + "\n"


def hooked() -> tuple[str, ...]:
    """Events that endpoints of webhooks get."""
    return (*HOOKED, TEST)


def _models() -> Iterator[type[BaseModel]]:
    yield from (Problem, Location, Contact)
    for action in ACTIONS.values():
        yield from (action.data, action.ack)
    yield from (event.data for event in EVENTS.values())
    yield from SCHEMAS.values()


def _messages(schemas: Schemas) -> Iterator[tuple[str, Json]]:
    for name, action in ACTIONS.items():
        frame = {"action": {"const": name}, "id": _ID, "data": schemas.ref(action.data)} | _TRACE
        yield f"{name}.request", _message(name, action.summary, frame, ["action"])
        ack = {"type": {"const": "ack"}, "id": _ID, "data": schemas.ref(action.ack)}
        yield f"{name}.ack", _message(f"{name}: ack", f"The answer to `{name}`", ack, ["type", "data"])
    error = {"type": {"const": "error"}, "id": _ID, "error": schemas.ref(Problem)}
    yield "error", _message("error", "The answer to what is refused", error, ["type", "error"])
    for name, event in EVENTS.items():
        yield name, _message(name, event.summary, _frame(name, event, schemas), ["type", "time", "data"])
    for name in hooked():
        event = EVENTS.get(name, Event("Whether the endpoint works", WebhookDisabledTold, of_conversation=False))
        body = {"type": {"const": name}, "timestamp": _TIME, "data": _hooked(name, event, schemas)}
        message = _message(name, event.summary, body, ["type", "timestamp", "data"])
        yield f"webhook.{name}" if not name.startswith("webhook.") else f"{name}.sent", message | {"headers": _HEADERS}
    for kind, model in SCHEMAS.items():
        yield kind, _message(kind, (model.__doc__ or kind).splitlines()[0], _cloud_event(kind, schemas.ref(model)), [])


def _message(title: str, summary: str, properties: Json, required: list[str]) -> Json:
    payload: Json = {"type": "object", "properties": properties}
    return {"title": title, "summary": summary, "payload": payload | ({"required": required} if required else {})}


def _frame(name: str, event: Event, schemas: Schemas) -> Json:
    own = {"conversation_id": _UUID} if event.of_conversation else {}
    seq = {"seq": {"type": "integer", "minimum": 1}} if event.has_seq else {}
    return {"type": {"const": name}} | own | seq | {"time": _TIME, "data": schemas.ref(event.data)}


def _hooked(name: str, event: Event, schemas: Schemas) -> Json:
    """What a WebSocket gets as `data`, with the conversation and the number beside it."""
    if name == TEST:
        return {"type": "object", "properties": {"webhook_id": _UUID}}
    own: Json = {"conversation_id": _UUID} if event.of_conversation else {}
    own |= {"seq": {"type": "integer", "minimum": 1}} if event.has_seq else {}
    return {"allOf": [schemas.ref(event.data), {"type": "object", "properties": own}]}


_HEADERS: Json = {
    "type": "object",
    "description": "Standard Webhooks 1.0",
    "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
    "properties": {
        "webhook-id": {**_UUID, "description": "The same for each attempt and replay."},
        "webhook-timestamp": {"type": "string", "description": "Seconds since 1970 of this attempt."},
        "webhook-signature": {"type": "string", "description": "`v1,` and base64; several with spaces between."},
    },
}


def _cloud_event(kind: str, data: Json) -> Json:
    return {
        "specversion": {"const": "1.0"},
        "id": _UUID,
        "source": {"const": "urn:chat4all"},
        "type": {"const": kind},
        "subject": {"type": "string", "description": "The key: of most the conversation."},
        "time": _TIME,
        "datacontenttype": {"const": "application/json"},
        "data": data,
    }


def _socket() -> Json:
    asked = [f"{name}.request" for name in ACTIONS]
    told = [*(f"{name}.ack" for name in ACTIONS), "error", *EVENTS]
    return {
        "address": "/",
        "title": "WebSocket API",
        "description": "Open it with the subprotocols `chat4all.v1` and `bearer.<access token>`, or with `?token=`.",
        "messages": {name: _from_components(name) for name in (*asked, *told)},
        "bindings": {"ws": {"method": "GET"}},
    }


def _hook() -> Json:
    names = [f"webhook.{name}" if not name.startswith("webhook.") else f"{name}.sent" for name in hooked()]
    return {
        "address": None,
        "title": "Webhooks",
        "description": "A POST to the URL of an endpoint (POST /v1/webhooks). Answer 2xx within 15 s: docs/webhooks.md.",
        "messages": {name: _from_components(name) for name in names},
        "bindings": {"http": {}},
    }


def _topic(name: str, types: frozenset[str]) -> Json:
    return {
        "address": name,
        "title": name,
        "description": "A Kafka topic; CloudEvents 1.0 in JSON structured mode. Owners and consumers: docs/topics.md.",
        "messages": {kind: _from_components(kind) for kind in sorted(types)},
        "bindings": {"kafka": {"topic": name}},
    }


def _operations() -> Iterator[tuple[str, Json]]:
    for name, action in ACTIONS.items():
        yield (
            name,
            _operation("receive", SOCKET, action.summary, [f"{name}.request"])
            | {
                "reply": {
                    "channel": {"$ref": f"#/channels/{SOCKET}"},
                    "messages": [_of_channel(SOCKET, each) for each in (f"{name}.ack", "error")],
                }
            },
        )
    yield "tell", _operation("send", SOCKET, "What happens", list(EVENTS))
    yield "call", _operation("send", HOOK, "What happens, to an endpoint", list(_hook()["messages"]))
    for topic, types in TOPIC_TYPES.items():
        yield f"publish.{topic}", _operation("send", str(topic), f"Records of {topic}", sorted(types))


def _operation(action: str, channel: str, summary: str, messages: list[str]) -> Json:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": summary,
        "messages": [_of_channel(channel, each) for each in messages],
    }


def _from_components(name: str) -> Json:
    return {"$ref": f"#/components/messages/{name}"}


def _of_channel(channel: str, name: Any) -> Json:
    return {"$ref": f"#/channels/{channel}/messages/{name}"}
