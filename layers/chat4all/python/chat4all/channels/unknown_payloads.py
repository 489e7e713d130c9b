"""Payloads that we do not handle: kept as they came, and counted, so that nothing a contact sent is lost."""

from functools import cached_property
from typing import Any

from chat4all.errors import Unavailable
from chat4all.logs import logger
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import CHANNEL_RECEIVED


class UnknownPayloads:
    """The bucket of kept payloads: `<channel>/<account id>/<name>.json`."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def keep(self, channel: str, account_id: str, name: str, body: bytes, kind: str) -> None:
        """Store `body`; the same name again is the same payload again.

        Raises:
            Unavailable: S3 did not take it.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        key = f"{channel}/{account_id}/{name}.json"
        try:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")
        except (BotoCoreError, ClientError) as error:
            logger.warning("unknown payload could not be kept", key=key, cause=str(error))
            raise Unavailable("The payload could not be kept. Send it again.") from error
        logger.info("unknown payload kept", key=key, kind=kind)
        count(CHANNEL_RECEIVED, channel, "unknown")

    @cached_property
    def _s3(self) -> Any:
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3", config=Config(connect_timeout=1, read_timeout=3, retries={"max_attempts": 2, "mode": "standard"})
        )
