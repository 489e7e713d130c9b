"""What deletions leave is removed on a real engine, whoever dies when, and in a time that is bounded."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.clock import now_ms
from chat4all.config import Settings
from chat4all.domain.roles import Role
from chat4all.domain.user import Registration
from chat4all.domain.webhook import NewWebhook
from chat4all.erasing.sweeper import RESERVE_MS, Erased, ErasureSweeper
from chat4all.erasing.users import UserErasure
from chat4all.identities import WhichOnes
from chat4all.rate_limits import RateLimiter
from chat4all.sessions import Sessions
from chat4all.stores import erasures
from chat4all.stores.deliveries import Delivery
from chat4all.stores.external_messages import ExternalMessage
from chat4all.stores.former_members import FormerMember
from chat4all.stores.heads import Head
from chat4all.stores.identities import Identity, address_key
from chat4all.stores.members import Member
from chat4all.stores.messages import Message, MessageId
from chat4all.stores.routing_rules import RoutingChoice
from chat4all.stores.table import Table, bind
from chat4all.stores.users import User
from chat4all.stores.webhooks import Webhook, WebhookDelivery
from chat4all.webhooks.endpoints import Webhooks
from tests.contract.conftest import DynamoDb
from tests.contract.handlers import invoke
from tests.contract.linking_world import LinkingWorld, members_of, new_contact, new_user

pytestmark = pytest.mark.engines
ROOT = Path(__file__).resolve().parents[2]
MUCH_MS = 10 * RESERVE_MS
STEPS = (0, 1, 2, 3, 5, 8, 12, 17, 23, 30, 40)
"""Writes before which a process dies; beyond the last one it lives to its end."""


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


@pytest.fixture
def world(dynamodb: DynamoDb) -> Iterator[LinkingWorld]:
    made = LinkingWorld.on(dynamodb)
    dynamodb.clear("erasures")
    yield made
    dynamodb.clear("erasures")


def sweeper(world: LinkingWorld) -> ErasureSweeper:
    made = ErasureSweeper(UserErasure(world.members, Sessions(60, 10)))
    bind("contract-", timeout_s=60)
    return made


def sweep(world: LinkingWorld, after_ms: int = erasures.FIRST_LOOK_MS, remaining_ms: int = MUCH_MS) -> Erased:
    """A pass so long after now."""
    with pytest.MonkeyPatch.context() as patch:
        later = now_ms() + after_ms + 1
        patch.setattr("chat4all.erasing.sweeper.now_ms", lambda: later)
        return sweeper(world).sweep(lambda: remaining_ms)


def left_of(conversation: str) -> dict[str, int]:
    """Items of a conversation by table."""
    tables: tuple[Any, ...] = (Member, FormerMember, Message, Delivery, RoutingChoice)
    found = {table.noun: len(list(table.query(conversation, consistent_read=True))) for table in tables}
    found |= {
        table.noun: len(list(table.scan(table.conversation_id == conversation, consistent_read=True)))
        for table in (MessageId, ExternalMessage)
    }
    return {noun: count for noun, count in found.items() if count}


def conversation_with_a_contact(world: LinkingWorld) -> tuple[str, str]:
    """Contact and owner have written, the provider has taken it, and it is routed; the conversation and the contact's address."""
    carla = new_contact()
    conversation = str(world.hears(carla, "hi").conversation_id)
    world.says(conversation, "hello")
    world.carry(world.route(conversation))
    found = left_of(conversation)
    assert found.keys() >= {"members", "messages", "deliveries", "message-ids", "external-messages"}, found
    return conversation, carla.address


def test_of_a_deleted_conversation_nothing_is_left(world: LinkingWorld) -> None:
    conversation, _ = conversation_with_a_contact(world)
    other, _ = conversation_with_a_contact(world)
    kept = left_of(other)
    world.conversations.delete(world.owner, conversation)
    assert "messages" in left_of(conversation)
    assert sweep(world).looked_at == 1
    assert (left_of(conversation), left_of(other)) == ({}, kept)
    assert sweep(world, 3 * 3600 * 1000).looked_at == 0
    assert sweep(world, erasures.LAST_LOOK_MS).done == 1
    assert sweep(world, 2 * erasures.LAST_LOOK_MS).looked_at == 0


def test_what_a_late_record_writes_is_removed_by_the_last_look(world: LinkingWorld) -> None:
    conversation, _ = conversation_with_a_contact(world)
    late = next(iter(Delivery.query(conversation)))
    world.conversations.delete(world.owner, conversation)
    sweep(world)
    late.save()
    assert left_of(conversation) == {"deliveries": 1}
    sweep(world, erasures.LAST_LOOK_MS)
    assert left_of(conversation) == {}


def test_a_long_conversation_is_erased_over_several_passes(
    world: LinkingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = new_user()
    conversation = world.messaging.conversation(owner, roles=["owner"])
    for number in range(60):
        world.messaging.send(conversation, owner, f"{number}")
    world.conversations.delete(owner, conversation)
    times = iter([MUCH_MS, MUCH_MS, MUCH_MS, 0, 0, 0])
    with monkeypatch.context() as patch:
        later = now_ms() + erasures.FIRST_LOOK_MS + 1
        patch.setattr("chat4all.erasing.sweeper.now_ms", lambda: later)
        first = sweeper(world).sweep(lambda: next(times))
    assert (first.unfinished, 0 < left_of(conversation)["messages"] < 60) == (1, True)
    sweep(world)
    assert left_of(conversation) == {}


def deaths(deletion: Callable[[], None], monkeypatch: pytest.MonkeyPatch, at_write: int) -> bool:
    """Carry a deletion out by a process that is killed before its n-th write to the engine; whether it was."""
    kind, left = type(Table.client()), at_write
    call = kind.dispatch

    def dying(self: Any, operation_name: str, operation_kwargs: Any) -> Any:
        nonlocal left
        if operation_name in ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"):
            left -= 1
            if left < 0:
                raise Killed
        return call(self, operation_name, operation_kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(kind, "dispatch", dying)
        try:
            deletion()
        except Killed:
            return True
    return False


def test_who_dies_while_deleting_a_conversation_leaves_it_whole_or_to_the_sweeper(
    world: LinkingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in STEPS:
        conversation, _ = conversation_with_a_contact(world)
        before = left_of(conversation)
        died = deaths(lambda where=conversation: world.conversations.delete(world.owner, where), monkeypatch, step)  # type: ignore[misc]
        is_deleted = not list(Head.batch_get([conversation], consistent_read=True))
        assert is_deleted == (step > 0)
        died_again = is_deleted and deaths(lambda: (sweep(world), None)[1], monkeypatch, 2 * step)
        sweep(world)
        assert left_of(conversation) == ({} if is_deleted else before)
        if not died and not died_again:
            assert step > 1
            return


@dataclass
class Ana:
    """A user with everything that an erasure removes."""

    id: str
    conversation: str
    address_key: str
    webhook: str
    left_before: str


def everything(world: LinkingWorld) -> Ana:
    name = f"ana-{uuid.uuid4().hex[:12]}"
    registered = Registration(username=name, email=f"{name}@example.com", password="correct horse battery")
    ana, carla = str(world.users.register(registered)["id"]), new_contact()
    conversation = str(world.hears(carla, "hi").conversation_id)
    world.links(ana, carla)
    left_before = world.messaging.conversation(world.owner, roles=["owner"])
    world.members.add(world.owner, left_before, ana, Role.MEMBER)
    world.members.remove(ana, left_before, ana)
    hooks = Webhooks(Settings(), RateLimiter())
    webhook = hooks.create(ana, NewWebhook(url="https://example.com/", events=["message.created"]))["id"]
    told: dict[str, Any] = {
        "owner_id": ana,
        "event_id": "e",
        "event_type": "message.created",
        "payload": "what was said",
    }
    WebhookDelivery(webhook, str(uuid.uuid4()), status="pending", created_at=1, expires_at=2**40, **told).save()
    return Ana(ana, conversation, address_key("telegram", world.account.id, carla.address), webhook, left_before)


def personal_things(ana: Ana) -> list[str]:
    """What is left of them that says who they were."""
    found = []
    user = User.get(ana.id, consistent_read=True)
    if any((user.username, user.email, user.display_name, user.password_hash)):
        found.append("profile")
    found += ["identity" for _ in Identity.batch_get([ana.address_key], consistent_read=True)]
    found += ["member" for where in (ana.conversation,) if ana.id in members_of(where)]
    stays = [s for w in (ana.conversation, ana.left_before) for s in FormerMember.query(w, consistent_read=True)]
    found += ["address of a stay" for stay in stays if stay.user_id == ana.id and stay.addresses]
    found += ["webhook" for _ in Webhook.query(ana.id, consistent_read=True)]
    found += ["delivery of a webhook" for _ in WebhookDelivery.query(ana.webhook, consistent_read=True)]
    return found


def test_of_an_erased_user_nothing_personal_is_left_whoever_dies_when(
    world: LinkingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in STEPS:
        ana = everything(world)
        before = personal_things(ana)
        assert len(before) == 6
        died = deaths(lambda user=ana.id: world.users.delete(user), monkeypatch, step)  # type: ignore[misc]
        is_deleted = User.get(ana.id, consistent_read=True).deleted_at is not None
        assert is_deleted == (step > 0)
        sweep(world)
        sweep(world, erasures.FIRST_LOOK_MS * 2)  # what the first found: deliveries of endpoints
        assert personal_things(ana) == ([] if is_deleted else before), step
        if not died:
            assert step > 5
            return


@pytest.mark.parametrize("writes", [1, 4])
def test_a_process_killed_in_the_midst_of_an_erasure_leaves_the_rest_to_the_sweeper(
    world: LinkingWorld, writes: int
) -> None:
    ana = everything(world)
    variables = {"TABLE_PREFIX": "contract-", "ISSUER": "http://127.0.0.1:8000", "KAFKA_BOOTSTRAP_SERVERS": ""}
    command = [sys.executable, "-m", "tests.contract.killed_erasure", ana.id, str(writes)]
    ran = subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, timeout=60, check=False)
    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()
    assert User.get(ana.id, consistent_read=True).deleted_at is not None
    assert personal_things(ana)
    sweep(world)
    sweep(world, erasures.FIRST_LOOK_MS * 2)
    assert personal_things(ana) == []


def test_an_address_that_is_let_go_is_forgotten(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    world.links(ana, carla)
    key = address_key("telegram", world.account.id, carla.address)
    assert list(Identity.batch_get([key], consistent_read=True))
    world.identities.unlink(ana, "telegram", WhichOnes())
    assert list(Identity.batch_get([key], consistent_read=True)) == []


def test_deliveries_of_a_deleted_webhook_go_with_it(world: LinkingWorld) -> None:
    ana = everything(world)
    Webhooks(Settings(), RateLimiter()).delete(ana.id, ana.webhook)
    sweep(world)
    assert list(WebhookDelivery.query(ana.webhook, consistent_read=True)) == []


def test_one_that_fails_holds_back_no_other(world: LinkingWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation, _ = conversation_with_a_contact(world)
    erasures.erasure(erasures.USER, new_user(), now_ms() - 1).save()
    world.conversations.delete(world.owner, conversation)
    with monkeypatch.context() as patch:

        def failing(*_: Any) -> None:
            raise ValueError("no")

        patch.setattr(UserErasure, "erase", failing)
        found = sweep(world)
    assert (found.failed, found.looked_at, left_of(conversation)) == (1, 2, {})


def test_the_function_answers_what_it_did(deployed: App, dynamodb: DynamoDb) -> None:
    deployed.bind_tables()
    dynamodb.clear("erasures")
    assert invoke("erasure_sweeper", {"passes": 1}) == {"looked_at": 0, "done": 0, "unfinished": 0, "failed": 0}
