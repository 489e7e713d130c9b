"""Kafka for asyncio, with aiokafka's settings of what chat4all.kafka.cluster says."""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.abc import AbstractTokenProvider
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.helpers import create_ssl_context

from chat4all.kafka.cluster import Cluster

_REQUEST_MS = 5_000
_PARTITION_BYTES = 512 * 1024


class AsyncTokens(AbstractTokenProvider):  # type: ignore[misc]
    """IAM tokens, signed in a thread: credentials may have to be fetched."""

    def __init__(self, tokens: Any) -> None:
        self._tokens = tokens

    async def token(self) -> str:
        return str(await asyncio.to_thread(self._tokens.token))


class Kafka:
    """Makes clients; their owners end them."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def consumer(self) -> AIOKafkaConsumer:
        """A started consumer of no group, which is told what to read; raises KafkaError, OSError."""
        consumer = AIOKafkaConsumer(
            **await self._settings(),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            max_partition_fetch_bytes=_PARTITION_BYTES,
        )
        await _started(consumer, consumer.stop)
        return consumer

    async def partitions(self, topic: str) -> set[int]:
        """Numbers of the partitions of `topic`; none where there is no such topic. Raises KafkaError, OSError."""
        admin = AIOKafkaAdminClient(**await self._settings())
        await _started(admin, admin.close)
        try:
            described = await admin.describe_topics([topic])
        finally:
            await admin.close()
        return {each["partition"] for one in described if not one["error_code"] for each in one["partitions"]}

    async def _settings(self) -> dict[str, Any]:
        settings = await asyncio.to_thread(self._cluster.client_settings)
        if "ssl_cafile" in settings:
            settings["ssl_context"] = create_ssl_context(cafile=settings.pop("ssl_cafile"))
        if "sasl_oauth_token_provider" in settings:
            settings["sasl_oauth_token_provider"] = AsyncTokens(settings["sasl_oauth_token_provider"])
        return settings | {"request_timeout_ms": _REQUEST_MS, "client_id": "edge"}


async def _started(client: Any, end: Any) -> None:
    """aiokafka leaves sockets open where a start fails, or is cancelled."""
    try:
        await client.start()
    except BaseException:
        await end()
        raise
