"""The AsyncAPI document as a page to read (docs/asyncapi.md)."""

from collections.abc import Iterator

from chat4all.contract.live import ACTIONS, EVENTS
from chat4all.contract.schemas import REF, Json
from interfaces.asyncapi import asyncapi, hooked

_HEAD = """# Live interfaces

What Chat4All tells while it happens, written by `scripts/write-contract` from the code; [asyncapi.json](asyncapi.json) is the same as an AsyncAPI 3 document. How a client uses it: [clients.md](clients.md);
endpoints of webhooks: [webhooks.md](webhooks.md); topics: [topics.md](topics.md), whose records' `data` is in [schemas/](schemas/). A `?` marks what may be left out.
"""  # noqa: E501 - a paragraph of Markdown


def asyncapi_page() -> str:
    """docs/asyncapi.md."""
    document = asyncapi()
    return "\n".join([_HEAD, *_actions(document), *_events(document), *_topics(document)]) + "\n"


def _actions(document: Json) -> Iterator[str]:
    yield "## Actions over WebSockets\n"
    yield 'A frame `{"action", "id", "data"}` is answered by `{"type": "ack", "id", "data"}`,'
    yield 'or by `{"type": "error", "id", "error"}`. It may carry `traceparent` and `tracestate` (W3C Trace Context).\n'
    yield "| action | | data | data of the ack |\n|---|---|---|---|"
    for name, action in ACTIONS.items():
        asked, told = (
            _fields(document, document["components"]["messages"][f"{name}.{end}"]["payload"]["properties"]["data"])
            for end in ("request", "ack")
        )
        yield f"| `{name}` | {action.summary} | {asked} | {told} |"
    yield ""


def _events(document: Json) -> Iterator[str]:
    yield "## Events\n"
    yield 'A frame `{"type", "conversation_id"?, "seq"?, "time", "data"}`; a webhook has `{"type", "timestamp", "data"}`,'
    yield "with the conversation and the number in `data`.\n"
    yield "| type | | data | over |\n|---|---|---|---|"
    for name, event in EVENTS.items():
        shown = _fields(document, document["components"]["messages"][name]["payload"]["properties"]["data"])
        over = [
            "WebSocket",
            *(["webhook"] if name in hooked() else []),
            *([] if event.is_for_connections else ["gRPC"]),
        ]
        yield f"| `{name}` | {event.summary} | {shown} | {', '.join(over)} |"
    yield "| `webhook.test` | Somebody tries an endpoint out | | webhook |\n"


def _topics(document: Json) -> Iterator[str]:
    yield "## Topics\n"
    yield "| topic | types |\n|---|---|"
    for name, channel in document["channels"].items():
        if "kafka" in channel["bindings"]:
            yield f"| `{name}` | {', '.join(f'[`{kind}`](schemas/{kind}.json)' for kind in channel['messages'])} |"


def _fields(document: Json, reference: Json) -> str:
    schema = document["components"]["schemas"][reference["$ref"].removeprefix(REF)]
    required = schema.get("required", ())
    return " ".join(f"`{name}`" + ("" if name in required else "?") for name in schema.get("properties", {}))
