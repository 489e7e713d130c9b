"""Accounts of any channel, shown by the fifth one (tests/channels/sms): the provider is told while the account can be found."""

import uuid
from typing import Any

import pytest

from chat4all.accounts import AccountChanges, Accounts, InboundRule, NewAccount
from chat4all.config import Settings
from chat4all.errors import Conflict, Invalid, Unavailable
from chat4all.stores.accounts import Account, find_account, find_account_by_key
from chat4all.stores.table import bind
from tests.channels.sms import account as sms
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, new_user
from tests.contract.sms_world import SMS


@pytest.fixture
def accounts(dynamodb: DynamoDb) -> Accounts:
    bind(dynamodb.table_prefix)
    return Accounts(Settings(public_url="https://hub"), {"sms": SMS})


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What the provider was told, and what was found of the account at that moment."""
    calls: list[tuple[str, Any]] = []

    def register(settings: dict[str, Any], webhook_url: str) -> None:
        found = find_account(webhook_url.split("/")[-2], "sms")
        calls.append((webhook_url, found.settings if found is not None else None))
        if settings["token"] == "refused":
            raise Invalid("no", code="provider_refused")
        if settings["token"] == "away":
            raise Unavailable("away")

    monkeypatch.setattr(sms, "register", register)
    return calls


def body(**settings: Any) -> NewAccount:
    number = str(uuid.uuid4().int % 10**12 + 10**12)
    return NewAccount(
        channel="sms", name="Shop", settings={"number": number, "token": "t", "signing_key": "k", **settings}
    )


def test_the_provider_may_ask_for_its_handshake_before_it_answers(accounts: Accounts, told: list[Any]) -> None:
    wanted = body()
    made = accounts.create(new_user(), wanted)
    assert told == [(f"https://hub/channels/sms/{made['id']}/webhook", wanted.settings)]
    assert made["settings"] == {"number": wanted.settings["number"], "token": "set", "signing_key": "set"}


def test_of_a_channel_that_only_another_version_knows_no_setting_is_shown(accounts: Accounts, told: list[Any]) -> None:
    """As after a rollback; nobody else's account is missing for it."""
    owner = new_user()
    made = accounts.create(owner, body())
    before = Accounts(Settings(public_url="https://hub"), {})
    assert set(before.get(owner, made["id"])["settings"].values()) == {"set"}
    assert [each["id"] for each in before.list(owner, 10, None)["items"]] == [made["id"]]
    assert told


@pytest.mark.parametrize(("token", "error"), [("refused", Invalid), ("away", Unavailable)])
def test_of_an_account_that_is_refused_nothing_is_kept(
    accounts: Accounts, told: list[Any], token: str, error: type[Exception]
) -> None:
    owner, wanted = new_user(), body(token=token)
    with pytest.raises(error):
        accounts.create(owner, wanted)
    assert accounts.list(owner, 50, None)["items"] == []
    assert find_account_by_key("sms", wanted.settings["number"]) is None
    accounts.create(owner, body(number=wanted.settings["number"]))


def test_settings_that_are_refused_leave_the_old_ones(accounts: Accounts, told: list[Any]) -> None:
    owner, wanted = new_user(), body()
    made = accounts.create(owner, wanted)
    with pytest.raises(Invalid):
        accounts.update(owner, made["id"], AccountChanges(settings={"token": "refused", "number": "351000000"}))
    assert Account.get(made["id"]).settings == wanted.settings
    found = find_account_by_key("sms", wanted.settings["number"])
    assert found is not None
    assert (found.id, find_account_by_key("sms", "351000000")) == (made["id"], None)


def test_a_number_serves_one_account_and_may_move_on(accounts: Accounts, told: list[Any]) -> None:
    owner, wanted = new_user(), body()
    made = accounts.create(owner, wanted)
    with pytest.raises(Conflict) as taken:
        accounts.create(new_user(), body(number=wanted.settings["number"]))
    assert taken.value.code == "account_taken"
    other = str(uuid.uuid4().int % 10**12 + 10**12)
    accounts.update(owner, made["id"], AccountChanges(settings={"number": other}))
    assert len(told) == 2
    again = accounts.create(new_user(), body(number=wanted.settings["number"]))
    accounts.delete(owner, made["id"])
    assert find_account_by_key("sms", other) is None
    assert find_account_by_key("sms", wanted.settings["number"]).id == again["id"]  # type: ignore[union-attr]


def test_what_arrives_is_mirrored_only_to_where_the_owner_manages(accounts: Accounts, told: list[Any]) -> None:
    owner, messaging = new_user(), Messaging()
    bind("contract-")
    own, others = messaging.conversation(owner, roles=["admin"]), messaging.conversation(owner)
    wanted = body()
    made = accounts.create(owner, wanted.model_copy(update={"inbound": InboundRule(mirror_to=own)}))
    assert made["inbound"] == {"conversation": "by_contact", "mirror_to": own}
    for rule in (InboundRule(mirror_to=others), InboundRule(mirror_to="x"), InboundRule(mirror_to="")):
        with pytest.raises(Invalid) as refused:
            accounts.update(owner, made["id"], AccountChanges(inbound=rule))
        assert refused.value.errors[0].pointer == "/inbound/mirror_to"
    changed = accounts.update(owner, made["id"], AccountChanges(inbound=InboundRule()))
    assert changed["inbound"] == {"conversation": "by_contact"}
