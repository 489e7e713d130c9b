"""gRPC on the running stack: a client signs in, sends, and is told what happens, whatever happens to the edge."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from tests.contract.edge.client import OPTIONS, Client, first, info_of, new
from tests.e2e.conftest import Join
from tests.e2e.people import DEADLINE_S, PASSWORD, Person
from tests.e2e.running_stack import ROOT, RunningStack

SERVICES = sum(path.read_text().count("\nservice ") for path in (ROOT / "proto/chat4all/v1").glob("*.proto"))


@pytest.fixture
async def channel(stack: RunningStack) -> AsyncIterator[Any]:
    async with grpc.aio.insecure_channel(stack.grpc(), options=OPTIONS) as opened:
        yield opened


async def signed_in(channel: Any, person: Person) -> Client:
    """A client that has signed in over gRPC."""
    answer = await Client(channel).call("SignIn", new("SignInRequest", username=person.username, password=PASSWORD))
    return Client(channel, answer.grant.access_token)


async def sent(client: Client, conversation_id: str, text: str) -> Any:
    """The answer of SendMessage, waiting out the rate limit."""
    request = new("SendMessageRequest", conversation_id=conversation_id, type="text")
    request.content.string_value = text
    while True:
        try:
            return await client.call("SendMessage", request)
        except grpc.aio.AioRpcError as error:
            if error.code() not in (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE):
                raise
            await asyncio.sleep(0.3)


async def created(stream: Any) -> Any:
    return await asyncio.wait_for(first(stream, "message.created"), DEADLINE_S)


async def test_a_conversation_over_grpc(channel: Any, join: Join) -> None:
    ana, ben = await join("ana"), await join("ben")
    grpc_ana, grpc_ben = await signed_in(channel, ana), await signed_in(channel, ben)
    assert (await grpc_ana.call("GetMe", new("GetMeRequest"))).user.id == ana.id
    stream = grpc_ben.stream()
    await asyncio.wait_for(first(stream, "stream.opened"), DEADLINE_S)
    made = await grpc_ana.call(
        "CreateConversation", new("CreateConversationRequest", type="private", member_ids=[ben.id])
    )
    here = made.conversation.id
    answer = await sent(grpc_ana, here, "hi 👋")
    event = await created(stream)
    assert (event.seq, event.data.fields["content"].string_value) == (answer.seq, "hi 👋")
    await grpc_ben.call("RecordReceipt", new("RecordReceiptRequest", conversation_id=here, read_seq=answer.seq))
    await grpc_ben.call("AddReaction", new("AddReactionRequest", message_id=answer.message_id, emoji="👍"))
    message = (await grpc_ana.call("GetMessage", new("GetMessageRequest", message_id=answer.message_id))).message
    assert [one.string_value for one in message.reactions["👍"].values] == [ben.id]
    status = await grpc_ana.call("GetMessageStatus", new("GetMessageStatusRequest", message_id=answer.message_id))
    assert [recipient.user_id for recipient in status.recipients] == [ben.id]
    page = await grpc_ben.call("ListMessages", new("ListMessagesRequest", conversation_id=here, after_seq=0))
    assert [one.message_id for one in page.items] == [answer.message_id]
    stream.cancel()


async def test_files_and_changes(channel: Any, join: Join) -> None:
    """What is not plain JSON over HTTP: a form with bytes, and null that removes."""
    ana, ben = await join("ana"), await join("ben")
    client = await signed_in(channel, ana)
    request = new(
        "UploadFileRequest", file=b"hello \x00\xff", filename="ä.bin", content_type="application/octet-stream"
    )
    file = (await client.call("UploadFile", request, metadata=(("idempotency-key", "once"),))).file
    assert (file.filename, file.size, file.status) == ("ä.bin", 8, "completed")
    again = (await client.call("UploadFile", request, metadata=(("idempotency-key", "once"),))).file
    assert again.file_id == file.file_id
    assert (await client.call("GetFileDownload", new("GetFileDownloadRequest", file_id=file.file_id))).url
    here = await ana.conversation(ben, title="old", metadata={"a": 1})
    change = new("UpdateConversationRequest", conversation_id=here)
    change.update_mask.paths.extend(["title"])
    changed = (await client.call("UpdateConversation", change)).conversation
    assert (changed.HasField("title"), changed.metadata["a"]) == (False, 1)
    token = await Client(channel).call(
        "CreateToken", new("CreateTokenRequest", username=ana.username, password=PASSWORD)
    )
    assert token.grant.token_type == "bearer"


async def test_what_is_refused_says_why(channel: Any, join: Join) -> None:
    ana = await join("ana")
    client = await signed_in(channel, ana)
    request = new("CreateConversationRequest", type="private", member_ids=["no id"])
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await client.call("CreateConversation", request)
    assert (caught.value.code(), info_of(caught.value).reason) == (grpc.StatusCode.INVALID_ARGUMENT, "invalid")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await Client(channel).call("GetMe", new("GetMeRequest"))
    assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await Client(channel).call("SignIn", new("SignInRequest", username=ana.username, password="wrong one"))
    assert info_of(caught.value).reason == "invalid_credentials"


@dataclass
class Listener:
    """A client that keeps its cursor, and comes back whenever it is cut off."""

    stack: RunningStack
    token: str
    cursor: str = ""
    seqs: list[int] = field(default_factory=list)
    breaks: int = 0

    async def listen(self, count: int) -> None:
        """Until so many messages were told."""
        while len(self.seqs) < count:
            async with grpc.aio.insecure_channel(self.stack.grpc(), options=OPTIONS) as channel:
                stream = Client(channel, self.token).stream(**({"cursor": self.cursor} if self.cursor else {}))
                with contextlib.suppress(grpc.aio.AioRpcError):
                    await self._read(stream, count)
                if len(self.seqs) < count:
                    assert await stream.code() == grpc.StatusCode.UNAVAILABLE, await stream.details()
                    self.breaks += 1
                    await asyncio.sleep(0.2)

    async def _read(self, stream: Any, count: int) -> None:
        async for response in stream:
            self.cursor = response.event.cursor
            if response.event.type == "message.created":
                self.seqs.append(response.event.seq)
            if len(self.seqs) == count:
                return


async def test_a_stream_outlives_the_edge(stack: RunningStack, join: Join) -> None:
    """kill -9 of the edge, again and again: from the last cursor on nothing is missed and nothing comes twice."""
    ana, ben = await join("ana"), await join("ben")
    here = await ana.conversation(ben)
    listener, count = Listener(stack, ben.token), 30

    async def send_all() -> None:
        while not listener.cursor:
            await asyncio.sleep(0.05)
        for number in range(count):
            await ana.send(here, f"number {number}")

    async def kill_twice() -> None:
        for reached in (count // 3, 2 * count // 3):
            while len(listener.seqs) < reached:
                await asyncio.sleep(0.05)
            if pid := stack.engine("gRPC")["pid"]:
                os.kill(pid, signal.SIGKILL)

    async with asyncio.timeout(4 * DEADLINE_S):
        await asyncio.gather(listener.listen(count), send_all(), kill_twice())
    assert listener.seqs == list(range(1, count + 1))
    assert listener.breaks >= 1


async def test_health(channel: Any) -> None:
    stub: Any = health_pb2_grpc.HealthStub(channel)
    for service in ("", "chat4all.v1.MessagesService", "chat4all.v1.EventsService", "live"):
        async with asyncio.timeout(DEADLINE_S):
            while True:
                asked = health_pb2.HealthCheckRequest(service=service)
                # The edge may have been killed just now.
                answer = await stub.Check(asked, timeout=DEADLINE_S, wait_for_ready=True)
                if answer.status == health_pb2.HealthCheckResponse.SERVING:
                    break
                await asyncio.sleep(0.1)


def run(program: Path | str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=DEADLINE_S)


def installed(name: str) -> str:
    """A program of somebody else; the test is skipped, and says so, where it is not here."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), str(Path.home() / "go/bin")]))
    if found is None:
        pytest.skip(f"{name} is not installed: `go install` has it, docs/grpc.md says from where")
    return found


def test_grpcurl_lists_and_calls(stack: RunningStack) -> None:
    grpcurl, address = installed("grpcurl"), stack.grpc()
    listed = run(grpcurl, "-plaintext", address, "list").stdout.split()
    assert len([name for name in listed if name.startswith("chat4all.v1.")]) == SERVICES
    assert "grpc.health.v1.Health" in listed
    described = run(grpcurl, "-plaintext", address, "describe", "chat4all.v1.SendMessageRequest")
    assert "conversation_id" in described.stdout, described.stderr
    called = run(grpcurl, "-plaintext", "-d", "{}", address, "chat4all.v1.HealthService/GetHealth")
    assert json.loads(called.stdout) == {"status": "ok"}, called.stderr


def test_a_reflection_client_finds_everything(stack: RunningStack) -> None:
    """That of the grpc library, over v1alpha."""
    with grpc.insecure_channel(stack.grpc(), options=OPTIONS) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        services = set(database.get_services())
        pool = DescriptorPool(database)
        found = pool.FindServiceByName("chat4all.v1.MessagesService")
        assert found.methods_by_name["SendMessage"].input_type.fields_by_name["content"].number == 4
    assert len([name for name in services if name.startswith("chat4all.v1.")]) == SERVICES


def test_the_probe_of_the_container(stack: RunningStack) -> None:
    def probe(port: str) -> int:
        variables = os.environ | {"PYTHONPATH": ".:layers/chat4all/python"}
        command = [sys.executable, "-m", "edge", "--probe", "--port", port]
        return subprocess.run(command, cwd=ROOT, env=variables, check=False, timeout=DEADLINE_S).returncode

    assert probe(stack.grpc().rpartition(":")[2]) == 0
    assert probe("1") == 1
