"""From events to deliveries: to whom, once, at what cost, and nobody else's."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chat4all.client_events import (
    member_updated,
    message_changed,
    message_created,
    presence_updated,
    reaction_updated,
    receipt_updated,
    typing,
)
from chat4all.clock import rfc3339
from chat4all.domain.webhook import WebhookChanges
from chat4all.errors import Conflict, Unauthenticated
from chat4all.ids import new_id
from chat4all.kafka.events import Event
from chat4all.stores.users import User
from chat4all.stores.webhooks import Webhook, WebhookDelivery
from chat4all.webhooks.dispatch import Dispatcher
from chat4all.webhooks.ownership import remove_all
from tests.benchmarks.units import CountedUnits
from tests.contract.conftest import DynamoDb
from tests.contract.consumer_events import as_raws, event_of
from tests.contract.handlers import invoke
from tests.contract.messaging import records
from tests.contract.outgoing_world import OutgoingWorld, outgoing_world

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def world(dynamodb: DynamoDb) -> Iterator[OutgoingWorld]:
    with outgoing_world(dynamodb) as world:
        yield world


def dispatched(world: OutgoingWorld, *events: Event) -> list[tuple[str, str]]:
    """(webhook, event type) of what is requested of these, in order."""
    world.publisher.take()
    assert invoke("webhook_dispatch", event_of(as_raws(events))) == {"batchItemFailures": []}
    requests = [event.data for event in world.publisher.take()]
    return [(r["webhook_id"], WebhookDelivery.get(r["webhook_id"], r["delivery_id"]).event_type) for r in requests]


def test_each_endpoint_gets_what_it_has_chosen_of_what_its_owner_is_told(world: OutgoingWorld) -> None:
    ana, ben, conversation = world.user(), world.user(), new_id()
    all_of_it = world.endpoint(ana, "all")["id"]
    receipts = world.endpoint(ana, "receipts", ["receipt.updated"])["id"]
    bens = world.endpoint(ben, "ben", ["message.created", "member.updated"])["id"]
    told = dispatched(
        world,
        world.message(conversation, "to both", ana, ben),
        world.message(conversation, "to ben", ben),
        receipt_updated(conversation, [ana, ben], {"user_id": ben, "delivered_seq": 1, "read_seq": 1}),
        typing(conversation, [ana, ben], ben, 5),
        presence_updated(ben, [ana], {"user_id": ben, "status": "online", "version": 1}, world.now_ms()),
        member_updated(conversation, [ben], {"user_id": ana, "role": "member", "joined": False}),
    )
    assert sorted(told) == sorted(
        [
            (all_of_it, "message.created"),
            (bens, "message.created"),
            (bens, "message.created"),
            (all_of_it, "receipt.updated"),
            (receipts, "receipt.updated"),
            (bens, "member.updated"),
        ]
    )


def test_who_was_removed_is_told_nothing_of_what_comes_later(world: OutgoingWorld) -> None:
    """The audience is that of the event: whoever is no member at that moment is not in it."""
    ana, ben, conversation = world.user(), world.user(), new_id()
    hook = world.endpoint(ana, "a")["id"]
    told = dispatched(world, world.message(conversation, "1", ana, ben), world.message(conversation, "2", ben, seq=2))
    assert told == [(hook, "message.created")]


def test_an_event_that_comes_twice_is_one_delivery(world: OutgoingWorld) -> None:
    ana = world.user()
    hook = world.endpoint(ana, "a")["id"]
    event = world.message(new_id(), "once", ana)
    assert dispatched(world, event, event) == dispatched(world, event) * 2
    assert WebhookDelivery.count(hook, consistent_read=True) == 1


def test_what_the_router_tells_twice_is_one_event(world: OutgoingWorld) -> None:
    """Where Kafka did not acknowledge the first, a moment later, as another record: receivers know it by its `webhook-id`."""
    ana, conversation = world.user(), new_id()
    hook = world.endpoint(ana, "a")["id"]
    created = {"message_id": new_id(), "conversation_id": conversation, "seq": 1, "created_at": rfc3339(world.now_ms())}
    changed = created | {"revision": 2}
    reactions = {"message_id": created["message_id"], "conversation_id": conversation, "reactions": {}}
    tells: list[Callable[[], Event]] = [
        lambda: message_created(created, [ana]),
        lambda: message_changed(changed, [ana]),
        lambda: reaction_updated(reactions, [ana], 3),
    ]
    for tell in tells:
        first = tell()
        again = replace(tell(), time_ms=first.time_ms + 16_000)
        assert len(dispatched(world, first)) == len(dispatched(world, again)) == 1
    ids = [(each.event_type, each.event_id) for each in WebhookDelivery.query(hook, consistent_read=True)]
    assert len(set(ids)) == len({event_id for _, event_id in ids}) == 3
    assert [kind for kind, _ in ids].count("message.created") == 1


def test_what_happened_before_the_registration_is_not_sent(world: OutgoingWorld) -> None:
    ana = world.user()
    event = world.message(new_id(), "before", ana)
    earlier = Event(event.topic, event.type, event.conversation_id, event.data, event.time_ms - 120_000)
    world.endpoint(ana, "a")
    assert dispatched(world, earlier) == []
    assert len(dispatched(world, event)) == 1, "clocks may differ a little"


def test_changes_hold_from_the_next_event_on(world: OutgoingWorld) -> None:
    ana, conversation = world.user(), new_id()
    assert dispatched(world, world.message(conversation, "none yet", ana)) == []
    first = world.endpoint(ana, "a")["id"]
    assert dispatched(world, world.message(conversation, "1", ana)) == [(first, "message.created")]
    second = world.endpoint(ana, "b")["id"]
    assert len(dispatched(world, world.message(conversation, "2", ana))) == 2
    world.app.webhooks.update(ana, first, WebhookChanges(status="disabled"))
    assert dispatched(world, world.message(conversation, "3", ana)) == [(second, "message.created")]
    world.app.webhooks.update(ana, second, WebhookChanges(events=["message.deleted"]))
    assert dispatched(world, world.message(conversation, "4", ana)) == []
    world.app.webhooks.delete(ana, second)
    world.app.webhooks.update(ana, first, WebhookChanges(status="enabled"))
    assert dispatched(world, world.message(conversation, "5", ana)) == [(first, "message.created")]


def test_an_erased_user_has_no_endpoints_and_gets_none_any_more(world: OutgoingWorld) -> None:
    ana, conversation = world.user(), new_id()
    for path in "abc":
        world.endpoint(ana, path)
    remove_all(ana)
    assert list(Webhook.query(ana, consistent_read=True)) == []
    assert dispatched(world, world.message(conversation, "x", ana)) == []
    User(ana).update([User.deleted_at.set(1)])
    with pytest.raises(Unauthenticated):
        world.endpoint(ana, "d")
    remove_all(ana)


def test_ten_endpoints_however_many_are_registered_at_once(world: OutgoingWorld) -> None:
    ana = world.user()

    def register(number: int) -> bool:
        try:
            world.endpoint(ana, f"{number}")
        except Conflict as error:
            return error.code != "too_many_webhooks"
        return True

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(register, range(14)))
    assert (made.count(True), len(list(Webhook.query(ana, consistent_read=True)))) == (10, 10)
    conversation = new_id()
    assert len(dispatched(world, world.message(conversation, "x", ana))) == 10
    world.app.webhooks.delete(ana, next(iter(Webhook.query(ana, consistent_read=True))).id)
    world.endpoint(ana, "again")


def test_it_costs_one_read_unit_a_batch_and_one_for_each_owner_of_endpoints(world: OutgoingWorld) -> None:
    ana, others, conversation = world.user(), [new_id() for _ in range(99)], new_id()
    dispatcher = Dispatcher(world.app.settings, world.publisher)
    batch = records([world.message(conversation, f"{number}", ana, *others, seq=number + 1) for number in range(10)])
    dispatcher.dispatch(batch)  # reads who has any
    with CountedUnits(Webhook.client()) as counted:
        dispatcher.dispatch(batch)
    assert dict(counted.units) == {"read": 1}
    world.endpoint(ana, "a")
    dispatcher.dispatch(batch)
    world.publisher.take()
    batch = records([world.message(conversation, f"{number}", ana, *others, seq=number + 1) for number in range(10)])
    with CountedUnits(Webhook.client()) as counted:
        dispatcher.dispatch(batch)
    assert dict(counted.units) == {"read": 2, "write": 10}


def test_typing_and_presence_cost_nothing(world: OutgoingWorld) -> None:
    dispatcher = Dispatcher(world.app.settings, world.publisher)
    with CountedUnits(Webhook.client()) as counted:
        dispatcher.dispatch(records([typing(new_id(), [new_id()], new_id(), 5)]))
    assert dict(counted.calls) == {}
