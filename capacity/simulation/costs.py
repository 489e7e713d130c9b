"""What a message costs each process here, told apart from what the process does when nobody asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capacity.simulation.recorded import AtRate, Recorded


@dataclass(frozen=True)
class Costs:
    """Processor milliseconds of one message, and the share of a processor that idles away, by process."""

    message: Mapping[str, float]
    idle: float
    """Of all together, in processors."""
    spread: float


def costs(recorded: Recorded) -> Costs:
    """Processor time grows with messages in a straight line (least squares over all rates); what is left at none is idle."""
    message, idle = {}, 0.0
    for name in recorded.rates[0].processor_ms:
        slope, rest = line([(one.messages, one.processor_ms[name] * one.messages) for one in recorded.rates])
        message[name] = max(slope, 0.0)
        idle += max(rest, 0.0) / 1000
    seconds = sum(seconds_of(one) for one in recorded.rates) / len(recorded.rates)
    return Costs(message, idle / seconds, recorded.rates[0].spread)


def seconds_of(one: AtRate) -> float:
    return one.messages / one.rate


def line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope, and where it begins."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return slope, mean_y - slope * mean_x
