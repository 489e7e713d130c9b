"""Every fixture of every provider goes through its webhook, signed, on the real engines, and lands as docs/fixtures.md says."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chat4all.channels.inbound import (
    AddressChanged,
    Inbound,
    InboundEdit,
    InboundReactions,
    InboundUnsend,
    Item,
    StatusReport,
)
from chat4all.stores.accounts import Account
from chat4all.stores.chats import early_changes, early_report, watermark
from chat4all.stores.external_messages import Chat
from chat4all.stores.messages import Message
from tests.contract.conftest import DynamoDb
from tests.contract.webhook_world import WebhookWorld, running_webhook_world
from tests.unit.channels.fixture_table import Case, cases, items_of, kind_kept


@pytest.fixture(scope="module")
def world(dynamodb: DynamoDb, files_bucket: str) -> Iterator[WebhookWorld]:
    with running_webhook_world(dynamodb) as world:
        yield world


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file}:{case.name}")
def test_it_lands(world: WebhookWorld, case: Case) -> None:
    key = next((item.account_key for item in items_of(case) if item.account_key), "1")
    account = world.new_account(case.channel, key)
    body = json.dumps(case.payload, ensure_ascii=False).encode()
    world.accepted()
    assert world.post(account, body).status == 200
    messages, kept = world.accepted(), world.kept(account)
    first = {said.message_id for said in messages}
    for item in items_of(case):
        assert landing_of(item, account, messages), item.happening
        kind = kind_kept(item.happening)
        assert kind is None or kept.pop(item.name) == kind
    assert (messages, kept) == ([], {})
    assert world.post(account, body).status == 200
    assert {said.message_id for said in world.accepted()} <= first, "repeated, it is the same"


def landing_of(item: Item, account: Account, messages: list[Message]) -> Any:
    """Whether the item stands where it should, beside what is kept of it; its message is taken out of `messages`."""
    happening = item.happening
    match happening:
        case Inbound(chat=None):
            said = messages.pop(0)
            return (said.type, said.content) == (happening.type, happening.content)
        case InboundEdit() | InboundUnsend() | InboundReactions() if happening.chat is None:
            chat = Chat(account.channel, account.id, happening.contact.address)
            return list(early_changes(chat, happening.external_id))
        case StatusReport(external_id=str(external_id)):
            early = early_report(Chat(account.channel, account.id, happening.address), external_id)
            return early is not None and early.status == happening.status
        case StatusReport():
            mark = watermark(Chat(account.channel, account.id, happening.address), happening.status)
            return mark is not None and int(mark.through_ms) >= (happening.through_ms or 0)
        case AddressChanged():
            return True  # of nobody: there is nothing to change
    return True
