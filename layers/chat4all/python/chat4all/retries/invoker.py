"""Handing parked records to their consumer: its own function, with an event as its mapping makes it."""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from chat4all.domain.retry import Trouble
from chat4all.kafka.dead_letters import origin_of
from chat4all.retries.trouble import TryLater

_ANSWERS_WITHIN_S = 70
"""Above the timeout of every consumer."""


class NotInvoked(TryLater):
    """The function did not run, or its answer did not come; nothing is known to be wrong with the record."""


class Failed(Exception):
    """A record failed; those before it are done."""

    def __init__(self, handled: int, trouble: Trouble, *, is_dead: bool = False) -> None:
        super().__init__(trouble.cause)
        self.handled = handled
        self.trouble = trouble
        self.is_dead = is_dead


class Invoker:
    """Invokes functions by the name of their consumer."""

    def __init__(self, functions: Mapping[str, str]) -> None:
        self._functions = functions

    def handle(self, consumer: str, raws: Sequence[Mapping[str, Any]], *, is_last: bool) -> None:
        """Have `consumer` handle records of one lane, in order.

        Raises:
            Failed: at one of them. NotInvoked.
        """
        function = self._functions.get(consumer)
        if function is None:
            raise NotInvoked(f"no function is named for the consumer {consumer}: RETRY_FUNCTIONS has {self._functions}")
        records: dict[str, list[Mapping[str, Any]]] = {}
        for raw in raws:
            records.setdefault(f"{raw['topic']}-{raw['partition']}", []).append(raw)
        event = {"eventSource": "aws:kafka", "records": records, "retry": {"last": is_last}}
        judge(raws, self._invoke(function, event))

    def _invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        try:
            answer = self._client.invoke(FunctionName=function, Payload=json.dumps(event))
            payload = answer["Payload"].read()
        except (ClientError, BotoCoreError, OSError) as error:
            raise NotInvoked(f"{function} was not invoked: {type(error).__name__}: {error}") from error
        document = json.loads(payload or b"null")
        if "FunctionError" in answer:
            text = document.get("errorMessage", "") if isinstance(document, dict) else payload.decode()
            raise Failed(0, Trouble(f"{function} failed: {text[:300]}"))
        return document

    @cached_property
    def _client(self) -> Any:
        config = Config(connect_timeout=2, read_timeout=_ANSWERS_WITHIN_S, retries={"total_max_attempts": 1})
        return get_session().create_client("lambda", config=config)


def judge(raws: Sequence[Mapping[str, Any]], answer: Any) -> None:
    """Raises Failed for the first of `raws` that a consumer's answer reports as failed."""
    failed = {
        (failure["itemIdentifier"]["partition"], failure["itemIdentifier"]["offset"])
        for failure in (answer or {}).get("batchItemFailures", ())
    }
    troubles = {trouble["origin"]: trouble for trouble in (answer or {}).get("troubles", ())}
    for number, raw in enumerate(raws):
        place = f"{raw['topic']}-{raw['partition']}"
        if (place, raw["offset"]) not in failed:
            continue
        told = troubles.get(origin_of(raw["topic"], raw["partition"], raw["offset"]))
        if told is None:  # it was left for want of time
            raise Failed(number, Trouble("not tried in the time of the invocation", is_excused=True))
        trouble = Trouble(told["cause"], told["is_excused"], told["wait_s"], told.get("is_exact", False))
        raise Failed(number, trouble, is_dead=told["is_dead"])
