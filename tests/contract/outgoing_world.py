"""Outgoing webhooks on the real tables: their functions, a retrier, a server that takes what is sent, and a clock that is set."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from chat4all import bootstrap, config
from chat4all.bootstrap import App
from chat4all.client_events import message_created
from chat4all.clock import now_ms
from chat4all.config import Settings
from chat4all.domain.webhook import DeliveryQuery, NewWebhook
from chat4all.ids import new_id
from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic
from chat4all.retries import lane, parking, raw_record, retrier
from chat4all.retries.retrier import Retrier
from chat4all.stores.retries import ParkedRecord, RetryLane
from chat4all.stores.users import User
from chat4all.stores.webhooks import Webhook, find_webhook
from chat4all.validation import validate
from chat4all.webhooks import attempts, deliveries, endpoints, requested, sender
from tests.contract import handlers
from tests.contract.consumer_events import as_raws, event_of
from tests.contract.handlers import invoke
from tests.contract.retry_world import Called, Letters
from tests.contract.webhook_receiver import Receiver

_WITH_CLOCKS = (lane, parking, raw_record, retrier, attempts, deliveries, endpoints, requested, sender)


@dataclass
class OutgoingWorld:
    """One deployment."""

    app: App
    publisher: Letters
    patch: pytest.MonkeyPatch
    receiver: Receiver = field(init=False)
    offset_ms: int = 0
    """Of the clock: it stands still, but for a millisecond each time that it is looked at."""
    _offset: int = 0

    def __post_init__(self) -> None:
        self._began_ms, self._looks = now_ms(), count()
        self.receiver = Receiver(self.now_ms)
        self.patch.setattr(attempts, "PROMPT_MS", 60_000)  # a machine that is busy with other tests makes nobody slow
        for module in _WITH_CLOCKS:
            self.patch.setattr(module, "now_ms", self.now_ms)

    def now_ms(self) -> int:
        return self._began_ms + self.offset_ms + next(self._looks)

    def user(self) -> str:
        """Somebody who may register endpoints."""
        user_id = new_id()
        User(user_id, kind="user", created_at=1, updated_at=1).save()
        return user_id

    def endpoint(self, owner: str, path: str, events: Sequence[str] = ("*",), **fields: Any) -> dict[str, Any]:
        """One of the receiver's."""
        body = {"url": self.receiver.url(path), "events": list(events)} | fields
        return self.app.webhooks.create(owner, validate(NewWebhook, body))

    def stored(self, owner: str, webhook: dict[str, Any]) -> Webhook:
        found = find_webhook(owner, webhook["id"])
        assert found is not None
        return found

    def message(self, conversation: str, content: str, *audience: str, seq: int = 1) -> Event:
        """`message.created`."""
        view = {"message_id": new_id(), "conversation_id": conversation, "seq": seq, "content": content}
        event = message_created(view, audience)
        return Event(event.topic, event.type, event.conversation_id, event.data, self.now_ms(), event.id)

    def happen(self, *events: Event) -> None:
        """Have them dispatched and sent, as the mappings do it."""
        assert invoke("webhook_dispatch", self._batch(events)) == {"batchItemFailures": []}
        self.send()

    def send(self) -> None:
        """Have sent what was asked for, and dispatched what came of it."""
        while events := self.publisher.take():
            requests = [event for event in events if event.topic == Topic.WEBHOOKS]
            told = [event for event in events if event.topic == Topic.EVENTS]
            if requests:
                assert invoke("webhook_send", self._batch(requests)) == {"batchItemFailures": []}
            if told:
                assert invoke("webhook_dispatch", self._batch(told)) == {"batchItemFailures": []}

    def restart(self) -> None:
        """All processes are others."""
        handlers.new_environments()
        self.app = bootstrap.app()
        self.app.__dict__["publisher"] = self.app.__dict__["prompt_publisher"] = self.publisher

    def retry(self) -> None:
        """A pass of a new retrier over what is due now."""
        Retrier(
            Settings(), Called("webhook_send", lambda event: invoke("webhook_send", event)), self.publisher
        ).retry_due()
        self.send()

    def retry_until_quiet(self, within_ms: int = 60_000) -> None:
        """Passes at each time at which something is due, until nothing is in the next `within_ms`."""
        while (due := self.next_due()) is not None and due - self.now_ms() <= within_ms:
            self.offset_ms += max(0, due - self.now_ms())
            self.retry()

    def next_due(self) -> int | None:
        """When the retrier has something to do, by this clock."""
        return min((int(each.next_at) for each in self.lanes()), default=None)

    def lanes(self) -> list[RetryLane]:
        return [each for each in RetryLane.scan(consistent_read=True) if each.lane.startswith("webhook_send#")]

    def log(self, owner: str, webhook: dict[str, Any]) -> list[dict[str, Any]]:
        """Deliveries, the oldest first."""
        items = self.app.webhook_deliveries.list(owner, webhook["id"], DeliveryQuery(limit=100))["items"]
        return list(reversed(items))

    def _batch(self, events: Sequence[Event]) -> dict[str, Any]:
        raws = as_raws(events, at=self._offset)
        self._offset += len(raws)
        return event_of(raws)


@contextmanager
def outgoing_world(dynamodb: Any, **variables: str) -> Iterator[OutgoingWorld]:
    """A world that ends with the block."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"TABLE_PREFIX": dynamodb.table_prefix, "WEBHOOK_HOSTS": "127.0.0.1", **variables}.items():
            patch.setenv(name, value)
        patch.setattr(handlers.Context, "get_remaining_time_in_millis", lambda _self: 60_000)
        config.settings.cache_clear()
        world = OutgoingWorld(bootstrap.app(), Letters(), patch)
        world.restart()
        world.app.bind_tables()
        try:
            with world.receiver.serving():
                yield world
        finally:
            for each in world.lanes():
                for record in ParkedRecord.query(each.lane):
                    record.delete()
                each.delete()
    config.settings.cache_clear()
    bootstrap.app.cache_clear()
