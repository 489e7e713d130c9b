"""What an operator does at night: a fault, its alert, its line in the log, its runbook, and that it is over.

Prometheus is Debian's; `scripts/observe` starts it with windows that are twelve times shorter, so that an hour is five minutes.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import boto3
import grpc
import httpx
import pytest
from kafka import KafkaAdminClient

from infra.observability.runbooks import FOLDER
from tests.contract.edge.certificates import certificate
from tests.contract.edge.client import OPTIONS, Client, first, new
from tests.contract.webhook_receiver import Receiver
from tests.e2e.brokers import Brokers
from tests.e2e.observing import MISSING, Prometheus, run_script, script
from tests.e2e.people import PASSWORD, Person, ok
from tests.e2e.phones import Phone, phone, shop
from tests.e2e.receiving import register, takes
from tests.e2e.running_stack import COMPANIONS, ROOT, UNPACED, RunningStack

pytestmark = [pytest.mark.engines, pytest.mark.timeout(600), pytest.mark.skipif(bool(MISSING), reason=MISSING)]

EXCUSED = {
    "chat4all_records_not_parked_total": "DynamoDB would have to take records and no parked ones",
    "chat4all_tombstones_skipped_total": "nobody writes records without a value",
    "chat4all_mirrors_refused_total": "a rule whose owner has left a conversation",
    "chat4all_webhook_deliveries_given_up_total": "after 27 h",
    "emf_documents_refused_total": "an error of ours",
    "chat4all_requests_shed_total": "storage that does not answer at all",
    'chat4all_http_requests_total{status=~"5xx"}': "an error that our own handler answers; a function that dies does not",
    "chat4all_deliveries_total": "reports of providers that have some; Telegram has none",
    "chat4all_records_": "a record of Kafka that a consumer could not take",
    "chat4all_circuits_opened_total": "an account that fails for longer",
    "kafka_producer_record_error_total": "Kafka away",
    "websocket_messages_failed_total": "a push that meets a client just as it leaves",
}
"""Counters of boards that have nothing after the walk, and what it would take."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edge's certificate, which expires tomorrow."""
    made = certificate(tmp_path_factory.mktemp("certificates"))
    made.key.rename(made.key.with_name("key.pem"))
    made.certificate.rename(made.certificate.with_name("certificate.pem"))
    return made.key.parent


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, files: Path) -> Iterator[RunningStack]:
    tls = f" --certificate {files / 'certificate.pem'} --key {files / 'key.pem'}"
    companions = [f"--companion={companion}{tls}" for companion in COMPANIONS]
    options = [UNPACED, "--kafka-security=scram", *companions]
    running = RunningStack(tmp_path_factory.mktemp("walk") / "data", options).start()
    yield running
    running.drop()


@pytest.fixture(scope="module")
def prometheus(stack: RunningStack) -> Iterator[Prometheus]:
    running = Prometheus(stack).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver().serving() as receiver:
        yield receiver


@pytest.fixture
async def people(stack: RunningStack) -> AsyncIterator[tuple[Person, Person, str]]:
    """Two, and their conversation."""
    ana, bob = [await Person.join(stack.url("http"), stack.url("websocket", "ws"), name) for name in ("ana", "bob")]
    yield ana, bob, await ana.conversation(bob)
    for person in (ana, bob):
        await person.http.aclose()


@pytest.fixture
async def console(stack: RunningStack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stack.url("console"), timeout=60) as client:
        yield client


@contextlib.asynccontextmanager
async def sending(person: Person, conversation: str) -> AsyncIterator[None]:
    """Sends as long as the block lasts, whatever is answered."""

    async def send() -> None:
        while True:
            body = {"conversation_id": conversation, "type": "text", "content": "hi"}
            with contextlib.suppress(httpx.HTTPError):
                await person.http.post("/v1/messages", json=body)
            await asyncio.sleep(0.2)

    task = asyncio.create_task(send())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def runbook(annotations: dict[str, str]) -> str:
    """Text of the page that an alert names."""
    return (ROOT / annotations["runbook_url"]).read_text()


async def test_what_people_do_is_on_the_boards(
    stack: RunningStack,
    prometheus: Prometheus,
    people: tuple[Person, Person, str],
    console: httpx.AsyncClient,
    receiver: Receiver,
    files: Path,
) -> None:
    ana, bob, conversation = people
    await register(receiver, bob, "customer")
    receiver.statuses["gone"] = lambda number: 200 if number == 0 else 410
    await register(receiver, bob, "gone")
    carla = await phone(console, await shop(console, ana))
    async with ana.online() as socket, bob.online() as theirs:
        await carla.write("Do you have bread?")
        asked = await socket.event("message.created", content="Do you have bread?")
        await ana.send(asked["conversation_id"], "Yes")
        await carla.receives("Yes")
        for _ in range(5):
            await ana.send(conversation, "hello")
            await socket.request("send", conversation_id=conversation, type="text", content="by socket")
        await theirs.event("message.created", content="by socket")
        await socket.request("typing", conversation_id=conversation)
        upload = await ana.http.post("/v1/files", files={"file": ("a.txt", b"text", "text/plain")})
        await ana.send(conversation, "a file", type="file", file_id=ok(upload, 201)["file_id"])
        await upload_by_parts(ana)
        burst = [
            ana.http.post("/v1/messages", json={"conversation_id": conversation, "type": "text", "content": "x"})
            for _ in range(30)
        ]
        assert 429 in {answer.status_code for answer in await asyncio.gather(*burst)}
    await takes(receiver, "customer", "hello")
    account = ok(await ana.http.get("/v1/accounts"), 200)["items"][0]["id"]
    wrong = await ana.http.post(
        f"/channels/telegram/{account}/webhook", json={"update_id": 1}, headers={"x-telegram-bot-api-secret-token": "x"}
    )
    assert wrong.status_code >= 400
    await calls(stack, ana, files)
    for name in ("chat4all_messages_sent_total", "chat4all_messages_delivered_total", "grpc_server_handled_total"):
        await prometheus.until_has(name)


async def upload_by_parts(person: Person) -> None:
    """What is uploaded so is checked afterwards, by a consumer."""
    body = b"text " * 1000
    begun = ok(await person.http.post("/v1/files/initiate", json={"filename": "b.txt", "size": len(body)}), 201)
    (part,) = begun["parts"]
    async with httpx.AsyncClient(timeout=60) as s3:
        assert (await s3.put(part["url"], headers=part.get("headers", {}), content=body)).status_code == 200
    completed = await person.http.post("/v1/files/complete", json={"file_id": begun["file_id"]}, timeout=30)
    assert completed.status_code in (200, 202), completed.text


async def calls(stack: RunningStack, person: Person, files: Path) -> None:
    """gRPC, by TLS: a unary call and a stream."""
    trusted = grpc.ssl_channel_credentials((files / "certificate.pem").read_bytes())
    address = stack.grpc().replace("127.0.0.1", "localhost")
    async with grpc.aio.secure_channel(address, trusted, options=OPTIONS) as channel:
        signed_in = await Client(channel).call(
            "SignIn", new("SignInRequest", username=person.username, password=PASSWORD)
        )
        stream = Client(channel, signed_in.grant.access_token).stream()
        await asyncio.wait_for(first(stream, "stream.opened"), 60)
        stream.cancel()


async def test_a_throttled_table(
    stack: RunningStack, prometheus: Prometheus, people: tuple[Person, Person, str]
) -> None:
    ana, _, conversation = people
    script(stack, "fault", "add", "engine", "dynamodb", "throttle", "--share", "0.2")
    async with sending(ana, conversation):
        annotations = await prometheus.until_fires("TableThrottled page")
    assert "scripts/fault clear" in runbook(annotations)
    assert "dynamodb: throttle" in script(stack, "fault", "list")
    script(stack, "fault", "clear")
    await prometheus.until_ends("TableThrottled page")


async def test_a_function_that_fails_is_found_by_its_trace(
    stack: RunningStack, prometheus: Prometheus, people: tuple[Person, Person, str]
) -> None:
    ana, _, conversation = people
    script(stack, "fault", "add", "function", "MessagesSendFunction", "error", "--share", "0.5")
    async with sending(ana, conversation):
        await prometheus.until_fires("FunctionFails page")
        annotations = await prometheus.until_fires("ApiAvailabilityBurn page")
    assert "scripts/logs --level ERROR" in runbook(annotations)
    script(stack, "fault", "clear")
    lines = [
        json.loads(line)
        for line in script(stack, "logs", "messages_send", "--since", "10m", "--json").splitlines()
        if line.startswith("{")
    ]
    traces = [line["trace_id"] for line in lines if line.get("trace_id")]
    assert traces
    whole = script(stack, "logs", "--trace", traces[-1])
    assert traces[-1] in whole
    async with sending(ana, conversation):
        await prometheus.until_ends("FunctionFails page")
        await prometheus.until_ends("ApiAvailabilityBurn page", within_s=300)  # its half hour is 150 s here


async def test_a_deleted_topic(stack: RunningStack, prometheus: Prometheus, people: tuple[Person, Person, str]) -> None:
    ana, bob, conversation = people
    admin: Any = KafkaAdminClient(**Brokers(stack).settings)
    admin.delete_topics(["chat4all.events"])
    admin.close()
    annotations = await prometheus.until_fires("TopicMissing page")
    assert "chat4all.events" in annotations["summary"]
    assert "scripts/admin topics ensure" in runbook(annotations)
    listed = run_script(stack, "admin", "topics", "list")
    assert "1 not ok" in listed.stdout
    assert "chat4all.events made" in script(stack, "admin", "topics", "ensure")
    await prometheus.until_ends("TopicMissing page")
    async with bob.online() as socket:
        sent = await ana.send(conversation, "it goes on")
        await socket.event("message.created", within_s=120, message_id=sent["message_id"])


async def test_a_providers_token_that_was_rotated(
    stack: RunningStack,
    prometheus: Prometheus,
    people: tuple[Person, Person, str],
    console: httpx.AsyncClient,
) -> None:
    ana, *_ = people
    bot = await shop(console, ana)
    carla: Phone = await phone(console, bot)
    async with ana.online() as socket:
        await carla.write("hello")
        conversation = (await socket.event("message.created", content="hello"))["conversation_id"]
    token = ok(await console.post(f"/phones/api/bots/{bot['id']}/token", json={}), 201)["token"]
    async with sending(ana, conversation):
        annotations = await prometheus.until_fires("ProviderRefusesAccount page")
    assert "chat4all accounts update" in runbook(annotations)
    account = bot["account"]["id"]
    ok(await ana.http.patch(f"/v1/accounts/{account}", json={"settings": {"bot_token": token}}), 200)
    closed = run_script(stack, "admin", "breakers", "close", account)
    assert closed.returncode == 0 or "nothing is known" in closed.stderr
    script(stack, "admin", "parked", "release", "--cause", "account_refused")
    await ana.send(conversation, "again")
    await carla.receives("again")
    await prometheus.until_ends("ProviderRefusesAccount page")


async def test_a_secret_of_kafka_that_was_rotated_on_one_side(
    stack: RunningStack, prometheus: Prometheus, people: tuple[Person, Person, str]
) -> None:
    ana, bob, conversation = people
    secrets = aws(stack, "secretsmanager")
    (arn,) = [
        secret["ARN"] for secret in secrets.list_secrets()["SecretList"] if secret["Name"].startswith("AmazonMSK_")
    ]
    right = secrets.get_secret_value(SecretId=arn)["SecretString"]
    secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(json.loads(right) | {"password": "another"}))
    async with sending(ana, conversation):
        for _ in range(3):
            script(stack, "fault", "add", "function", "MessagesSendFunction", "kill", "--count", "3")
            with contextlib.suppress(AssertionError):
                annotations = await prometheus.until_fires("KafkaSignInRefused page", within_s=40)
                break
        else:
            pytest.fail("KafkaSignInRefused did not fire")
    assert "secret" in runbook(annotations)
    secrets.put_secret_value(SecretId=arn, SecretString=right)
    script(stack, "fault", "clear")
    await prometheus.until_ends("KafkaSignInRefused page")
    async with bob.online() as socket:
        sent = await ana.send(conversation, "it goes on")
        await socket.event("message.created", within_s=120, message_id=sent["message_id"])


async def test_a_certificate_that_expires(
    stack: RunningStack, prometheus: Prometheus, people: tuple[Person, Person, str], files: Path, tmp_path: Path
) -> None:
    annotations = await prometheus.until_fires("CertificateExpires page")
    assert "replace both files" in runbook(annotations)
    better = certificate(tmp_path, days=365)
    better.key.replace(files / "key.pem")
    better.certificate.replace(files / "certificate.pem")
    await calls(stack, people[0], files)  # the next connection gets the new pair
    await prometheus.until_ends("CertificateExpires page")
    await prometheus.until_ends("CertificateExpires ticket")


async def test_every_rule_and_every_query_of_the_boards_has_data(prometheus: Prometheus) -> None:
    assert prometheus.broken_rules() == {}
    lacking = {
        where: expr for where, expr in prometheus.without_data().items() if not any(name in expr for name in EXCUSED)
    }
    assert lacking == {}
    assert {path.stem for path in FOLDER.glob("*.md")} > {alert.split()[0] for alert in prometheus.firing()}


def aws(stack: RunningStack, service: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    return boto3.client(service, endpoint_url=stack.url("aws"), **keys)  # type: ignore[call-overload]
