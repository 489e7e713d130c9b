"""DynamoDB units of what people do, counted from ConsumedCapacity on the real engine: send, limit, router."""

import random
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat4all.bootstrap import App
from chat4all.changing import Edit, Unsend
from chat4all.rate_limits import RateLimiter
from chat4all.reactions import React
from chat4all.sending import Send
from chat4all.stores.members import Member
from chat4all.stores.rate_limits import RateLimit
from chat4all.stores.table import bind
from chat4all.websocket.actions import Actions
from tests.benchmarks.units import CountedUnits
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, connected, new_user

TEXT = "A text of an ordinary length, as people send them."


class World:
    """A conversation whose router is warm, and the units since."""

    def __init__(self, people: int = 2) -> None:
        self.messaging = Messaging()
        self.users = [new_user() for _ in range(people)]
        roles = ["owner", *(["member"] * (people - 1))]  # whose routing rules hold, and are looked at
        self.conversation = self.messaging.conversation(*self.users, roles=roles)
        self.send()
        self.route()

    def send(self, sender: int = 0, **fields: object) -> str:
        """Send as a person does who has not sent for a while."""
        user = self.users[sender]
        self.rest(user)
        command = Send(user, self.conversation, "text", TEXT, **fields)  # type: ignore[arg-type]
        return self.messaging.sending.send(command).message_id

    def rest(self, user: str) -> None:
        """Let the user's bucket run empty."""
        RateLimit(f"send:{user}").delete()
        self.messaging.limiter._tats.clear()

    def route(self) -> None:
        """Give the router what was published since."""
        self.messaging.route(self.messaging.publisher.take())


@pytest.fixture(autouse=True)
def tables(dynamodb: DynamoDb) -> Iterator[None]:
    bind(dynamodb.table_prefix)
    return


def units(act: Callable[[], object]) -> tuple[float, float]:
    """Write and read units of `act`, without what the test itself deletes."""
    with CountedUnits(Member.client()) as counted:
        act()
    return counted.units["write"] - counted.calls["DeleteItem"], counted.units["read"]


@pytest.mark.parametrize("people", [2, 100])
def test_a_text_costs_6_writes_and_2_reads_in_a_group_of_any_size(people: int) -> None:
    world = World(people)
    assert units(lambda: (world.send(), world.route())) == (6, 2)


def test_with_an_id_of_the_callers_it_costs_half_a_read_more() -> None:
    world = World()
    assert units(lambda: (world.send(message_id=str(uuid.uuid4())), world.route())) == (6, 2.5)


def test_an_answer_costs_3_reads_more() -> None:
    """The two places of a claim, and what stands at it."""
    world = World()
    message_id = world.send(1)
    world.route()
    assert units(lambda: (world.send(reply_to=message_id), world.route())) == (6, 5)


def test_by_websocket_it_costs_the_same(deployed: App, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    deployed.__dict__["sending"] = world.messaging.sending
    bind("contract-")
    frame = '{"action": "send", "data": {"conversation_id": "%s", "type": "text", "content": "%s"}}'
    body = frame % (world.conversation, TEXT)
    world.rest(world.users[0])

    def send() -> None:
        assert Actions(deployed).answer(connected(world.users[0]), body)["type"] == "ack"
        world.route()

    assert units(send) == (6, 2)


def test_a_repeat_writes_nothing() -> None:
    world = World()
    message_id = world.send(message_id=str(uuid.uuid4()))
    world.route()

    # The claim, the message and the head: the router, which has passed it, is not woken.
    assert units(lambda: world.send(message_id=message_id)) == (0, 2)
    assert world.messaging.publisher.take() == []


def test_three_tries_at_once_cost_a_refused_write_more_each_at_most() -> None:
    world = World()
    message_id = str(uuid.uuid4())
    command = Send(world.users[0], world.conversation, "text", TEXT, message_id=message_id)

    def three() -> None:
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda _: world.messaging.sending.send(command), range(3)))
        world.route()

    writes, reads = units(three)
    assert writes <= 3 * 7
    assert reads <= 3 * 5


def test_a_burst_costs_no_more() -> None:
    """The limiter remembers that the sender is not idle; otherwise its first guess would be a refused write, a seventh unit."""
    world = World()
    command = Send(world.users[0], world.conversation, "text", TEXT)
    world.messaging.sending.send(command)
    world.route()
    assert units(lambda: (world.messaging.sending.send(command), world.route()))[0] == 6


def test_a_busy_conversation_costs_no_more_writes_and_at_most_one_read_more() -> None:
    """8 at once, whose records come one by one and in any order: a gap is looked for in the table."""
    world = World(8)
    events = []

    def send(number: int) -> None:
        RateLimiter().take(f"send:{uuid.uuid4()}", 5, 10)
        command = Send(world.users[number % 8], world.conversation, "text", TEXT)
        world.messaging.sending.send(command, limited=False)

    def all_of_it() -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(send, range(64)))
        events.extend(world.messaging.publisher.take())
        random.Random(7).shuffle(events)
        for event in events:
            world.messaging.route([event])

    writes, reads = units(all_of_it)
    assert writes / 64 <= 6
    assert reads / 64 <= 3


def test_a_batch_of_one_conversation_costs_less() -> None:
    world = World()

    def batch() -> None:
        for _ in range(10):
            world.send()
        world.route()

    writes, reads = units(batch)
    assert (writes / 10, reads / 10) == (5.1, 1.1)


def test_an_edit_costs_6_writes_and_6_reads_and_an_unsend_too() -> None:
    world = World()
    message_id = world.send()
    world.route()
    world.rest(world.users[0])

    def edit() -> None:
        world.messaging.changing.edit(Edit(world.users[0], message_id, "other"))
        world.route()

    assert units(edit) == (6, 6)
    world.rest(world.users[0])

    def unsend() -> None:
        world.messaging.changing.unsend(Unsend(world.users[0], message_id))
        world.route()

    writes, reads = units(unsend)
    assert writes == 7  # and one for each earlier state that is erased
    assert reads <= 8


@pytest.mark.parametrize("remove", [False, True])
def test_a_reaction_costs_as_much_as_an_edit(remove: bool) -> None:
    world = World()
    message_id = world.send()
    world.route()
    for user in world.users:
        world.messaging.reactions.react(React(user, message_id, "👍"))
    world.route()
    world.rest(world.users[0])
    changed = React(world.users[0], message_id, "👍" if remove else "😂", remove)
    assert units(lambda: (world.messaging.reactions.react(changed), world.route())) == (6, 6)


def test_the_first_reaction_of_a_message_costs_no_more() -> None:
    world = World()
    message_id = world.send(1)
    world.route()
    react = React(world.users[0], message_id, "👍")
    world.rest(world.users[0])
    assert units(lambda: (world.messaging.reactions.react(react), world.route())) == (6, 6)
    assert units(lambda: world.messaging.reactions.react(react)) == (0, 4)
