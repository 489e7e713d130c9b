"""The webhook functions of all four channels on the real engines, with a producer that keeps what it is given.

Payloads that are not understood are in the real S3; of each it is remembered as what it was counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from chat4all import bootstrap, config
from chat4all.bootstrap import App
from chat4all.channels.meta.signature import signature
from chat4all.channels.unknown_payloads import UnknownPayloads
from chat4all.stores.accounts import Account
from chat4all.stores.messages import Message
from tests.contract.conftest import DynamoDb
from tests.contract.handlers import Answer, request
from tests.contract.messaging import KeptPublisher
from tests.contract.provider_accounts import stored_account

SECRET = "s3cret"
BUCKET = "contract-unknown-payloads"
KEYS = {"telegram": "bot_token", "whatsapp": "phone_number_id", "messenger": "page_id", "instagram": "ig_id"}


@dataclass
class WebhookWorld:
    """One deployment."""

    app: App
    publisher: KeptPublisher
    owner_id: str
    kinds: dict[str, str]
    """By key in the bucket: as what it was counted last."""
    s3: Any
    """A boto3 client."""

    def new_account(self, channel: str, key: str = "1") -> Account:
        """Of the owner, whose provider knows it by `key`."""
        settings = {KEYS[channel]: key, "app_secret": SECRET, "access_token": "t", "webhook_secret": SECRET}
        return stored_account(channel, settings, owner_id=self.owner_id)

    def post(self, account: Account, body: bytes, headers: dict[str, str] | None = None) -> Answer:
        """POST to the account's webhook; signed as its provider does it, without `headers`."""
        path = f"/channels/{account.channel}/{account.id}/webhook"
        given = signed(account.channel, body) if headers is None else headers
        return request(f"{account.channel}_webhook", "POST", path, binary=body, headers=given)

    def accepted(self) -> list[Message]:
        """Messages that came of what was posted since the last time."""
        told = [e.data for e in self.publisher.take() if e.type == "chat4all.message.accepted.v1"]
        return [Message.get(data["conversation_id"], data["seq"], consistent_read=True) for data in told]

    def kept(self, account: Account) -> dict[str, str]:
        """Kinds of what lies in S3 for the account, by name."""
        prefix = f"{account.channel}/{account.id}/"
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
        return {key[len(prefix) : -len(".json")]: self.kinds[key] for key in keys}


def signed(channel: str, body: bytes) -> dict[str, str]:
    """Headers by which a call is the provider's."""
    if channel == "telegram":
        return {"x-telegram-bot-api-secret-token": SECRET}
    return {"x-hub-signature-256": signature(SECRET, body)}


@contextmanager
def running_webhook_world(dynamodb: DynamoDb) -> Iterator[WebhookWorld]:
    """A world that ends with the block; an S3 engine must be named by the environment (the fixture `files_bucket`)."""
    kinds: dict[str, str] = {}
    keep = UnknownPayloads.keep

    def keep_and_remember(
        self: UnknownPayloads, channel: str, account_id: str, name: str, body: bytes, kind: str
    ) -> None:
        keep(self, channel, account_id, name, body, kind)
        kinds[f"{channel}/{account_id}/{name}.json"] = kind

    s3 = boto3.client("s3")
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):  # by another module of this process
        s3.create_bucket(Bucket=BUCKET)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TABLE_PREFIX", dynamodb.table_prefix)
        patched.setenv("UNKNOWN_PAYLOADS_BUCKET", BUCKET)
        patched.setattr(UnknownPayloads, "keep", keep_and_remember)
        config.settings.cache_clear()
        bootstrap.app.cache_clear()
        app, publisher = bootstrap.app(), KeptPublisher()
        app.__dict__["publisher"] = app.__dict__["prompt_publisher"] = publisher
        yield WebhookWorld(app, publisher, app.users.create_guest("Owner"), kinds, s3)
    config.settings.cache_clear()
    bootstrap.app.cache_clear()
