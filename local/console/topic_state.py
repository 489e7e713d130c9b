"""What can be said of all topics at a glance: how many records, how many a second, how far behind their readers are."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from local.application import KafkaMapping
from local.console.kafka_reader import Ends, KafkaReader, KafkaUnavailable

_RATE_WINDOW_S = 10.0


class TopicState:
    """Without Kafka in the application, `reader` is None and there are no topics."""

    def __init__(self, reader: KafkaReader | None, mappings: Sequence[KafkaMapping]) -> None:
        self._reader = reader
        self._groups = {mapping.group_id: mapping.topic for mapping in mappings}
        self._history: list[tuple[float, Mapping[str, int]]] = []
        self.error: str | None = None
        """Why the topics are not known."""

    def summary(self) -> list[dict[str, Any]]:
        """[{name, partitions, records, end, rate, lag}]. Blocks while Kafka is asked.

        `rate` is in records a second over the last ten seconds, None at first; `lag` is that of the mappings' groups
        together, None without any.
        """
        if self._reader is None:
            return []
        try:
            ends, committed = self._reader.ends(), self._reader.committed(self._groups)
        except KafkaUnavailable as error:
            self.error = str(error)
            self._history.clear()
            return []
        self.error = None
        rates = self._rates({name: sum(span[1] for span in spans.values()) for name, spans in ends.items()})
        return [
            {
                "name": name,
                "partitions": len(spans),
                "records": sum(end - begin for begin, end in spans.values()),
                "rate": rates.get(name),
                "lag": self._lag(name, ends, committed),
            }
            for name, spans in ends.items()
        ]

    def _rates(self, totals: Mapping[str, int]) -> dict[str, float]:
        now = time.monotonic()
        self._history = [one for one in self._history if one[0] >= now - _RATE_WINDOW_S]
        self._history.append((now, totals))
        since, first = self._history[0]
        if now - since < 1:
            return {}
        return {name: round((total - first.get(name, 0)) / (now - since), 1) for name, total in totals.items()}

    def _lag(self, topic: str, ends: Ends, committed: Mapping[str, Mapping[tuple[str, int], int]]) -> int | None:
        groups = [group for group, its_topic in self._groups.items() if its_topic == topic]
        if not groups:
            return None
        return sum(lag_of(span, committed.get(group, {}).get((topic, number))) for group in groups
                   for number, span in ends[topic].items())  # fmt: skip


def lag_of(span: tuple[int, int], committed: int | None) -> int:
    """Records that a group has still to read of a partition; all that are there before its first commit."""
    begin, end = span
    return max(0, end - max(begin, begin if committed is None else committed))
