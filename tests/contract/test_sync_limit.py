"""A sync may read and push a thousand messages: how many a user may begin."""

import uuid

import pytest

from chat4all.errors import RateLimited
from chat4all.history import History
from chat4all.rate_limits import RateLimiter
from chat4all.stores.table import bind
from chat4all.sync import Sync, Wanted
from chat4all.websocket.push import Push
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import connected


def test_syncs_are_limited_for_each_user(dynamodb: DynamoDb, monkeypatch: pytest.MonkeyPatch) -> None:
    bind(dynamodb.table_prefix)
    monkeypatch.setattr("chat4all.sync.BURST", 2)
    monkeypatch.setattr(Push, "post", lambda *_: None)
    sync = Sync(History(), Push(""), RateLimiter())
    for user_id in (str(uuid.uuid4()), str(uuid.uuid4())):
        assert [sync.run(connected(user_id), Wanted()) for _ in range(2)] == [{"messages": 0}] * 2
        with pytest.raises(RateLimited):
            sync.run(connected(user_id), Wanted())
