"""Overload: limits are exact, engines that are slow or away cost callers milliseconds, and who does not read holds up nobody."""

import asyncio
import json
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.e2e.patience import AT_ONCE, Patient
from tests.e2e.people import DEADLINE_S, Person
from tests.e2e.running_stack import RunningStack

RATE, BURST = 5, 10
Join = Callable[..., Awaitable[Person]]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack of its own, since these tests break it, with little room for clients that do not read."""
    options = ["--setting=websocket.outgoing_bytes=65536"]
    running = RunningStack(tmp_path_factory.mktemp("overload") / "data", options).start()
    yield running
    running.stop()


@pytest.fixture
async def join(stack: RunningStack) -> AsyncIterator[Join]:
    people: list[Person] = []

    async def register(name: str) -> Person:
        people.append(await Person.join(stack.url("http"), stack.url("websocket", "ws"), name))
        return people[-1]

    yield register
    await stack.command("fault.clear")
    for person in people:
        await person.http.aclose()


async def fault(stack: RunningStack, engine: str, kind: str, **how: float) -> None:
    """As `scripts/fault add engine`."""
    await stack.command("fault.add", target="engine", name=engine, kind=kind, **how)


@dataclass(frozen=True)
class Answer:
    """What came of one send, and when."""

    sender: str
    begun: float
    ended: float
    status: int
    body: dict[str, object]
    retry_after: str | None = None

    @property
    def seconds(self) -> float:
        return self.ended - self.begun


def body(conversation_id: str, content: str) -> dict[str, str]:
    return {"conversation_id": conversation_id, "type": "text", "content": content}


async def post(person: Person, conversation_id: str, content: str, **fields: str) -> Answer:
    """POST /v1/messages once, whatever is answered."""
    begun = time.monotonic()
    answer = await person.http.post("/v1/messages", json=body(conversation_id, content) | fields, extensions=AT_ONCE)
    return Answer(
        person.id, begun, time.monotonic(), answer.status_code, answer.json(), answer.headers.get("retry-after")
    )


# --- limits


async def test_the_rate_limit_is_exact_over_many_environments_and_both_apis(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    answers: list[Answer] = []
    begin = time.monotonic()

    def goes_on() -> bool:
        """Until enough was refused, which takes a while where environments still start."""
        lasts_s = time.monotonic() - begin
        return lasts_s < 3 or (lasts_s < 15 and sum(a.status == 429 for a in answers) < 40)

    async def over_http() -> None:
        while goes_on():
            answers.append(await post(ana, conversation, "hi"))

    async def over_websocket() -> None:
        async with ana.online() as connection:
            while goes_on():
                begun = time.monotonic()
                frame = await connection.request("send", conversation_id=conversation, type="text", content="hi")
                status = 202 if frame["type"] == "ack" else frame["error"]["status"]
                answers.append(Answer(ana.id, begun, time.monotonic(), status, frame))

    await asyncio.gather(*[over_http() for _ in range(12)], *[over_websocket() for _ in range(4)])
    counted = Counter(answer.status for answer in answers)
    busy = counted.pop(503, 0)  # on a machine with other work too
    assert set(counted) == {202, 429}
    accepted = [answer for answer in answers if answer.status == 202]
    # The limit counts at a moment between the begin and the end of each request.
    most = BURST + RATE * (max(a.ended for a in accepted) - min(a.begun for a in accepted))
    assert BURST <= len(accepted) <= most, counted
    last = (await ana.history(conversation, limit=1))["items"][0]["seq"]
    assert len(accepted) <= last <= len(accepted) + busy, "who is refused takes no number"


async def test_a_refusal_says_when_to_come_back_and_then_it_is_let_through(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    refused: list[Answer] = []
    while not refused:  # at the first time, where 20 come in less than 2 s
        answers = await asyncio.gather(*[post(ana, conversation, "hi") for _ in range(BURST + 10)])
        refused = [answer for answer in answers if answer.status == 429]
    assert {answer.retry_after for answer in refused} <= {"1", "2"}
    assert refused[0].body["code"] == "rate_limited"
    await asyncio.sleep(float(refused[-1].retry_after or 0))
    assert (await ana.http.post("/v1/messages", json=body(conversation, "hi"))).status_code == 202


# --- DynamoDB slow or away


SLOW_S = 2.0
"""Of each call to DynamoDB."""


def refusals(answers: list[Answer], since: float = 0.0) -> list[Answer]:
    return [answer for answer in answers if answer.status == 503 and answer.begun > since]


async def test_while_dynamodb_is_slow_callers_are_refused_early_and_soon_after_all_is_well(
    stack: RunningStack, join: Join
) -> None:
    ana = await join("ana")
    people = [await join(f"p{number}") for number in range(8)]
    conversations = [await person.conversation(ana) for person in people]
    answers: list[Answer] = []
    stop = asyncio.Event()

    async def sending(person: Person, conversation: str) -> None:
        while not stop.is_set():
            answers.append(await post(person, conversation, "hi"))
            await asyncio.sleep(0.25)

    under_way = [asyncio.create_task(sending(*pair)) for pair in zip(people, conversations, strict=True)]
    try:
        await fault(stack, "dynamodb", "latency", seconds=SLOW_S)
        begun = time.monotonic()
        while len(later := refusals(answers, begun + 3)) < 40:
            assert time.monotonic() < begun + DEADLINE_S, later
            await asyncio.sleep(0.1)
        await stack.command("fault.clear")
        ended = time.monotonic()
        while {a.sender for a in answers if a.begun > ended and a.status == 202} != {person.id for person in people}:
            assert time.monotonic() < ended + DEADLINE_S, answers[-20:]
            await asyncio.sleep(0.1)
    finally:
        stop.set()
        await asyncio.gather(*under_way)
    # The first of each environment learn it by waiting; they have ended after 3 s. Who is refused does not wait for one call.
    assert sorted(answer.seconds for answer in later)[len(later) // 2] < SLOW_S / 2
    refused = refusals(answers)
    assert {answer.status for answer in answers} == {202, 503}
    assert {answer.body["code"] for answer in refused} <= {"overloaded", "unavailable"}
    assert "overloaded" in {answer.body["code"] for answer in refused}
    assert all(1 <= int(answer.retry_after or 0) <= 3 for answer in refused)


async def test_a_503_repeated_with_its_message_id_is_accepted_once(stack: RunningStack, join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    await fault(stack, "dynamodb", "error", share=0.5)  # each call is tried three times
    refused = 0

    async def persistently(number: int) -> None:
        nonlocal refused
        fields: dict[str, str] = {}
        deadline = time.monotonic() + DEADLINE_S
        while True:
            answer = await post(ana, conversation, f"message {number}", **fields)
            if answer.status == 202:
                return
            assert answer.status in (429, 503), answer
            assert time.monotonic() < deadline, answer
            refused += answer.status == 503
            if "message_id" in answer.body:
                fields = {"message_id": str(answer.body["message_id"])}
            await asyncio.sleep(0.1)

    for group in range(3):
        await asyncio.gather(*[persistently(group * 5 + number) for number in range(5)])
    await stack.command("fault.clear")
    assert refused
    history = await ana.history(conversation, limit=100)
    assert sorted(m["content"] for m in history["items"]) == sorted(f"message {number}" for number in range(15))


# --- Kafka away


AWAY_S = 8.0


async def test_while_kafka_does_not_answer_a_send_does_not_wait_for_it_and_arrives(
    stack: RunningStack, join: Join
) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    async with bob.online() as connection:
        await ana.send(conversation, "warm")
        await connection.event("message.created", content="warm")
        await fault(stack, "kafka", "pause", seconds=AWAY_S)
        seconds = []
        for number in range(5):
            begun = time.monotonic()
            await ana.send(conversation, f"message {number}")
            seconds.append(time.monotonic() - begun)
        assert max(seconds) < AWAY_S / 2, seconds
        for number in range(5):
            await connection.event("message.created", within_s=120, content=f"message {number}")


# --- a client that does not read


async def test_a_client_that_does_not_read_is_closed_holds_up_nobody_and_syncs(stack: RunningStack, join: Join) -> None:
    talkers = [await join(f"t{number}") for number in range(6)]
    bob, carol = await join("bob"), await join("carol")
    conversation = await talkers[0].conversation(*talkers[1:], bob, carol)
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", stack.endpoints["websocket_port"]))
    narrow.setblocking(False)
    long_text = "\N{SPEECH BALLOON}" * 16_000  # 64 KB of UTF-8
    async with (
        bob.online() as reading,
        connect(f"{carol.websocket_url}/?token={carol.token}", sock=narrow, compression=None, max_queue=1) as stalled,
    ):
        sent: dict[str, float] = {}
        seqs: list[int] = []

        async def talk(person: Person) -> None:
            for _ in range(BURST + 5):
                begun = time.monotonic()
                accepted = await person.send(conversation, long_text)
                sent[accepted["message_id"]] = begun
                seqs.append(accepted["seq"])

        await asyncio.gather(*map(talk, talkers))
        for message_id in sent:
            await reading.event("message.created", message_id=message_id)
        arrived = {
            frame["data"]["message_id"]: at
            for frame, at in zip(reading.frames, reading.times, strict=True)
            if frame["type"] == "message.created"
        }
        waits = sorted(arrived[message_id] - begun for message_id, begun in sent.items())
        assert waits[-1] < DEADLINE_S, waits  # a second for each of the messages would be more
        # Only now it reads what had come, and behind it finds the end.
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(read_to_the_end(stalled), DEADLINE_S)
    async with carol.online() as back:
        await back.connection.send(json.dumps({"action": "sync", "data": {"conversations": {conversation: 0}}}))
        done = await back.event("sync.done")
        assert done["data"]["conversations"][conversation] == max(seqs)
        assert [frame["seq"] for frame in back.frames if frame["type"] == "sync.message"] == sorted(seqs)


async def read_to_the_end(connection: ClientConnection) -> None:
    while True:
        await connection.recv()


async def test_requests_with_a_forwarded_address_are_limited_as_what_the_gateway_saw(stack: RunningStack) -> None:
    """The header is the client's to write: the limit of an account holds whatever it says."""
    guess = {"username": f"nobody-{time.time_ns()}", "password": "not the password"}
    codes: list[int] = []
    async with httpx.AsyncClient(base_url=stack.url("http"), timeout=DEADLINE_S, transport=Patient()) as http:
        while 429 not in codes and len(codes) < 5 * BURST:  # one more for each 5 s that it takes
            headers = {"x-forwarded-for": f"192.0.2.{len(codes)}"}
            codes.append((await http.post("/auth/token", json=guess, headers=headers)).status_code)
    assert len(codes) > BURST
    assert codes == [401] * (len(codes) - 1) + [429]
