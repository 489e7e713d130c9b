"""Kafka for asyncio, with aiokafka's settings of what chat4all.kafka.cluster says."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer
from aiokafka.abc import AbstractTokenProvider
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.helpers import create_ssl_context
from botocore.exceptions import BotoCoreError, ClientError

from chat4all.kafka.cluster import Cluster
from chat4all.kafka.scram import CredentialsUnavailable

Made = TypeVar("Made")

_REQUEST_MS = 5_000
_PARTITION_BYTES = 512 * 1024


class AsyncTokens(AbstractTokenProvider):  # type: ignore[misc]
    """IAM tokens, signed in a thread: credentials may have to be fetched."""

    def __init__(self, tokens: Any) -> None:
        self._tokens = tokens

    async def token(self) -> str:
        try:
            return str(await asyncio.to_thread(self._tokens.token))
        except (BotoCoreError, ClientError) as error:
            raise KafkaError(f"no IAM token: {error}") from error


class Kafka:
    """Makes clients; their owners end them."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def consumer(self) -> AIOKafkaConsumer:
        """A started consumer of no group, which is told what to read; raises KafkaError, OSError."""
        return await _unbroken(self._consumer())

    async def partitions(self, topic: str) -> set[int]:
        """Numbers of the partitions of `topic`; none where there is no such topic. Raises KafkaError, OSError."""
        return await _unbroken(self._partitions(topic))

    async def _consumer(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            **await self._settings(),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            max_partition_fetch_bytes=_PARTITION_BYTES,
        )
        try:
            await consumer.start()
        except BaseException:
            await consumer.stop()  # aiokafka leaves sockets open where a start fails
            raise
        return consumer

    async def _partitions(self, topic: str) -> set[int]:
        admin = AIOKafkaAdminClient(**await self._settings())
        try:
            await admin.start()
            described = await admin.describe_topics([topic])
        finally:
            await admin.close()
        return {each["partition"] for one in described if not one["error_code"] for each in one["partitions"]}

    async def _settings(self) -> dict[str, Any]:
        try:
            settings = await asyncio.to_thread(self._cluster.client_settings)
        except CredentialsUnavailable as error:
            raise KafkaError(str(error)) from error  # as a broker that is away: they may be there in a moment
        if "ssl_cafile" in settings:
            settings["ssl_context"] = create_ssl_context(cafile=settings.pop("ssl_cafile"))
        if "sasl_oauth_token_provider" in settings:
            settings["sasl_oauth_token_provider"] = AsyncTokens(settings["sasl_oauth_token_provider"])
        return settings | {"request_timeout_ms": _REQUEST_MS, "client_id": "edge"}


async def _unbroken(making: Coroutine[Any, Any, Made]) -> Made:
    """What is made, also where whoever waits is cancelled: aiokafka leaves sockets open that are broken off while they open."""
    task = asyncio.ensure_future(making)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with contextlib.suppress(KafkaError, OSError):
            made = await task
            if isinstance(made, AIOKafkaConsumer):
                await made.stop()
        raise
