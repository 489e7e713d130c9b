"""Delivery of events: POST to each account's webhook, signed, repeated with growing waits until a 2xx.

Sources: providers.md ("Meta, all three"); Meta, "Webhooks, getting started": X-Hub-Signature-256 over the raw bytes, in which
characters beyond ASCII and slashes are escaped. A body that failed is repeated later, and younger ones overtake it.
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
import time
from collections import defaultdict

import aiohttp

from local.simulators.graph.scene import Event
from local.simulators.graph.storage import Storage
from local.simulators.settings import Settings
from local.simulators.sqlite_file import Row

_LAST_RETRY_S = 60.0
_KEPT_MS = 7 * 86_400_000
"""WhatsApp repeats for up to 7 days (providers.md)."""

logger = logging.getLogger(__name__)


class Deliverer:
    """One task for each account that has something to be told."""

    def __init__(self, storage: Storage, settings: Settings, first_retry_s: float) -> None:
        self._storage = storage
        self._settings = settings
        self._first_retry_s = first_retry_s
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._arrived: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._session: aiohttp.ClientSession | None = None

    async def start(self, session: aiohttp.ClientSession) -> None:
        """Go on where the last process stopped."""
        self._session = session
        for account in self._storage.accounts():
            self.wake(account["id"])

    async def stop(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def tell(self, account: Row, event: Event | None) -> None:
        """Queue an event where the account's webhook has subscribed to it."""
        if event is None or event.field not in account["fields"]:
            return
        due = _now_ms() + int(self._settings.hold_back_s() * 1000)
        self._storage.add_event(account["id"], event._asdict() | {"at": _now_ms()}, due)
        self.wake(account["id"])

    def wake(self, account_id: str) -> None:
        self._arrived[account_id].set()
        if self._session is not None and (account_id not in self._tasks or self._tasks[account_id].done()):
            self._tasks[account_id] = asyncio.create_task(self._deliver(account_id), name=f"webhook of {account_id}")

    def start_anew(self, account_id: str) -> None:
        """The webhook was set or deleted: forget the wait that the old one has earned."""
        if (task := self._tasks.pop(account_id, None)) is not None:
            task.cancel()
        self.wake(account_id)

    async def _deliver(self, account_id: str) -> None:
        while (account := self._storage.account(account_id)) and account["webhook_url"]:
            self._arrived[account_id].clear()
            events = self._storage.due_events(account_id, _now_ms(), int(self._settings.number("batch")))
            if events:
                await self._try(account, events)
                continue
            due = self._storage.next_due(account_id)
            if due is None:
                return
            with contextlib.suppress(TimeoutError):
                wait_s = max(due - _now_ms(), 1) / 1000
                await asyncio.wait_for(self._arrived[account_id].wait(), wait_s)

    async def _try(self, account: Row, events: list[Row]) -> None:
        body = body_of(account, [event["document"] for event in events])
        lost = all(event["attempts"] == 0 for event in events) and self._settings.happens("drop_first")
        failure = "the attempt was lost (drop_first)" if lost else await self._post(account, body)
        with self._storage.transaction():
            self._storage.add_try(account["id"], _now_ms(), failure or "200", body)
            if failure is None:
                self._succeeded(account, events)
            else:
                self._failed(account, events, failure)

    def _succeeded(self, account: Row, events: list[Row]) -> None:
        for event in events:
            self._storage.forget_event(event)
            if not event["copy"] and self._settings.happens("duplicates"):
                due = _now_ms() + int(self._settings.hold_back_s() * 1000)
                self._storage.add_event(account["id"], event["document"], due, copy=True)
        if account["failing_since"] is not None:
            self._note(account["id"], failing_since=None)

    def _failed(self, account: Row, events: list[Row], failure: str) -> None:
        now = _now_ms()
        for event in events:
            if now - event["document"]["at"] > _KEPT_MS:
                self._storage.forget_event(event)
                continue
            wait_s = min(self._first_retry_s * 2 ** min(event["attempts"], 20), _LAST_RETRY_S)
            self._storage.put_off(event, now + int(wait_s * 1000))
        logger.info("webhook of %s %s: %s", account["channel"], account["id"], failure)
        since = account["failing_since"] or now
        self._note(account["id"], failing_since=since, last_error=failure)
        patience_ms = self._settings.number("unsubscribe_after_s") * 1000
        if account["channel"] != "whatsapp" and now - since > patience_ms:
            self._note(
                account["id"], fields=[], last_error=f"unsubscribed after repeated failures, the last: {failure}"
            )
            self._storage.forget_events(account["id"])

    def _note(self, account_id: str, **changes: object) -> None:
        if (account := self._storage.account(account_id)) is not None:
            self._storage.save_account(account | changes)

    async def _post(self, account: Row, body: Row) -> str | None:
        """What went wrong, or None."""
        assert self._session is not None
        data = wire_bytes(body)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": "sha256=" + _signature(account, data, "sha256"),
        }
        if account["channel"] != "whatsapp":
            headers["X-Hub-Signature"] = "sha1=" + _signature(account, data, "sha1")
        timeout = aiohttp.ClientTimeout(total=self._settings.number("webhook_timeout_s"))
        try:
            async with self._session.post(
                account["webhook_url"], data=data, headers=headers, allow_redirects=False, timeout=timeout
            ) as response:
                return (
                    None
                    if 200 <= response.status < 300
                    else f"the webhook answered {response.status} {response.reason}"
                )
        except TimeoutError:
            return f"the webhook did not answer within {self._settings.number('webhook_timeout_s'):g} s"
        except aiohttp.ClientError as error:
            return f"the connection failed: {type(error).__name__}"


def body_of(account: Row, events: list[Row]) -> Row:
    """One body of several events: changes on WhatsApp (those alike as one), else items of messaging[], two an entry."""
    documents = [event["document"] for event in events]
    if account["channel"] == "whatsapp":
        changes: list[Row] = []
        for event in events:
            if not (changes and _joined(changes[-1], event)):
                changes.append({"value": dict(event["document"]), "field": event["field"]})
        return {"object": "whatsapp_business_account", "entry": [{"id": account["waba_id"], "changes": changes}]}
    kind = "page" if account["channel"] == "messenger" else "instagram"
    entries = [
        {"id": account["id"], "time": _now_ms(), "messaging": documents[first : first + 2]}
        for first in range(0, len(documents), 2)
    ]
    return {"object": kind, "entry": entries}


def _joined(change: Row, event: Row) -> bool:
    """Whether an event went into the change before it: several messages or statuses of the same people in one value."""
    value, more = change["value"], event["document"]
    lists = [name for name in ("messages", "statuses") if name in more]
    if change["field"] != event["field"] or value.keys() != more.keys() or not lists or "errors" in value:
        return False
    if value.get("contacts") != more.get("contacts"):
        return False
    for name in lists:
        value[name] = [*value[name], *more[name]]
    return True


def wire_bytes(body: Row) -> bytes:
    """JSON as Meta writes it, with every character beyond ASCII and every slash escaped."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def _signature(account: Row, data: bytes, kind: str) -> str:
    return hmac.new(account["app_secret"].encode(), data, getattr(hashlib, kind)).hexdigest()


def _now_ms() -> int:
    return int(time.time() * 1000)
