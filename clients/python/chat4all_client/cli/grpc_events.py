"""Events by gRPC (`StreamEvents`): the server tells its own contract by reflection, so nothing of it is kept here."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from chat4all_client.api import Api
from chat4all_client.backoff import delay_s
from chat4all_client.cli.exit_codes import WrongUse
from chat4all_client.errors import ApiError, NotSignedIn, Unreachable

Json = dict[str, Any]
_METHOD = "/chat4all.v1.EventsService/StreamEvents"
OF_THE_STREAM = frozenset({"stream.opened", "stream.checkpoint", "stream.closing", "token.expiring"})
"""Events that tell how the stream itself stands."""


async def events(
    api: Api, target: str, *, is_plain: bool, kinds: Sequence[str], conversations: Sequence[str], cursor: str | None
) -> AsyncIterator[Json]:
    """What the caller is told, from `cursor` on or from now on; across ends of the stream, each event with its `cursor`.

    Raises:
        WrongUse: grpcio is not installed. ApiError: refused. NotSignedIn. Unreachable: for as long as the API's patience.
    """
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # what it logs by itself would stand between the lines of JSON
    try:
        import grpc
    except ImportError as error:
        raise WrongUse("--grpc needs grpcio: pipx install --force './clients/python[grpc]'") from error
    wanted = {"types": list(kinds), "conversation_ids": list(conversations)}
    loop, tries = asyncio.get_running_loop(), 0
    failing_since: float | None = None
    credentials = None if is_plain else grpc.ssl_channel_credentials(_authorities())
    while True:
        was_open = False
        channel = (
            grpc.aio.insecure_channel(target) if credentials is None else grpc.aio.secure_channel(target, credentials)
        )
        async with channel:
            try:
                async for event in _stream(
                    api, channel, target, credentials, wanted | ({"cursor": cursor} if cursor else {})
                ):
                    cursor, tries, was_open = event.get("cursor") or cursor, 0, True
                    yield event
            except grpc.RpcError as error:
                if was_open or failing_since is None:
                    failing_since = loop.time()
                _judge(error, grpc.StatusCode, loop.time() - failing_since, api.patience_s, was_open=was_open)
        tries += 1
        await asyncio.sleep(delay_s(tries))


async def _stream(api: Api, channel: Any, target: str, credentials: Any, wanted: Json) -> AsyncIterator[Json]:
    from google.protobuf.json_format import MessageToDict, ParseDict

    request, response = await asyncio.to_thread(_messages, target, credentials)
    call = channel.unary_stream(
        _METHOD,
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=response.FromString,
    )
    await api.call("GET", "/v1/users/me")  # renews the token where it is about to be refused
    metadata = [("authorization", f"Bearer {await api.token()}")]
    async for answer in call(ParseDict(wanted, request()), metadata=metadata):
        yield with_whole_numbers(MessageToDict(answer, preserving_proto_field_name=True)["event"])


def with_whole_numbers(event: Json) -> Json:
    """The event as a WebSocket tells it: protobuf's JSON has an int64 as a text, and each number of a Struct as a double."""
    whole: Json = _whole(event)
    return whole | ({"seq": int(whole["seq"])} if "seq" in whole else {})


def _whole(value: Any) -> Any:
    match value:
        case dict():
            return {name: _whole(each) for name, each in value.items()}
        case list():
            return [_whole(each) for each in value]
        case float() if value.is_integer():
            return int(value)
    return value


def _messages(target: str, credentials: Any) -> tuple[Any, Any]:
    """Classes of request and response, as the server says; in a thread, since reflection blocks."""
    import grpc
    from google.protobuf.descriptor_pool import DescriptorPool
    from google.protobuf.message_factory import GetMessageClass
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

    channel = grpc.insecure_channel(target) if credentials is None else grpc.secure_channel(target, credentials)
    with channel:
        pool = DescriptorPool(ProtoReflectionDescriptorDatabase(channel))
        method = pool.FindServiceByName("chat4all.v1.EventsService").FindMethodByName("StreamEvents")
        return GetMessageClass(method.input_type), GetMessageClass(method.output_type)


def _authorities() -> bytes | None:
    """Those that HTTPS trusts too: of the file that SSL_CERT_FILE names, else grpc's own. Raises OSError."""
    name = os.environ.get("SSL_CERT_FILE")
    return Path(name).read_bytes() if name else None


def _judge(error: Any, codes: Any, failing_s: float, patience_s: float, *, was_open: bool) -> None:
    """Whether to go on: with the same cursor, a moment later."""
    code, detail = error.code(), str(error.details())
    passing = (codes.UNAVAILABLE, codes.DEADLINE_EXCEEDED, codes.RESOURCE_EXHAUSTED, codes.INTERNAL, codes.UNKNOWN)
    if code in (*passing, codes.CANCELLED):  # so a server of grpc's ends calls when a thousand wait for it
        if failing_s > patience_s:
            raise Unreachable(f"gRPC: {detail}{_hint(detail)}")
        return
    if code is codes.UNAUTHENTICATED:
        if was_open:
            return  # the token of the stream has ended: the next one has another
        raise NotSignedIn(detail)
    raise ApiError(0, code.name.lower(), detail)


def _hint(detail: str) -> str:
    """What else to say of a connection that TLS has ended."""
    if "WRONG_VERSION_NUMBER" in detail:
        return " (no TLS is spoken there: --grpc-plain)"
    if "CERTIFICATE_VERIFY_FAILED" in detail:
        return " (SSL_CERT_FILE names a file with the certificate of an authority of your own)"
    return ""
