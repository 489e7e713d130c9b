"""The simulator beside what was measured: it is believed beyond only as far as it tells that."""

from collections.abc import Sequence
from dataclasses import dataclass

from capacity.simulation.costs import Costs, costs
from capacity.simulation.here import Seen, Waits, as_fast_as_it_goes, at_rate, percentile
from capacity.simulation.recorded import Recorded

MESSAGES = 400
"""Of each run that sets a constant. A rate has as many as were measured, so that a queue has as long to grow; and some seeds."""
_SEEDS = (1, 2, 3)
_STEPS = 5


@dataclass(frozen=True)
class Pair:
    """Milliseconds, or messages a second."""

    what: str
    rate: float
    measured: float
    simulated: float
    is_fitted: bool = False

    @property
    def error(self) -> float:
        """As a share of what was measured."""
        return self.simulated / self.measured - 1


NEARLY_FULL = 0.8
"""Of the throughput: above it the length of a queue is chance, and a run of seconds tells little of it."""


def judged(recorded: Recorded, pairs: Sequence[Pair]) -> Sequence[Pair]:
    """What the simulator is judged by: predicted, and not nearly full."""
    return [pair for pair in pairs if not pair.is_fitted and pair.rate <= NEARLY_FULL * recorded.full_messages_s]


@dataclass(frozen=True)
class Fitted:
    """The two constants that were set so that the simulator agrees; everything else of it was measured."""

    elsewhere: float
    """Processors that neither the stack nor its client had: set at full load."""
    waits: Waits
    """Set at the lowest rate, in the middle, where nobody queues."""


def fit(recorded: Recorded, of: Costs) -> Fitted:
    low, high = 0.0, recorded.processors * 0.7
    for _ in range(_STEPS):
        elsewhere = (low + high) / 2
        waits = _waits(recorded, _slowed(of, elsewhere))
        full = _full(recorded, _slowed(of, elsewhere), waits)
        low, high = (elsewhere, high) if full > recorded.full_messages_s else (low, elsewhere)
    return Fitted(elsewhere, waits)


def _slowed(of: Costs, elsewhere: float) -> Costs:
    return Costs(of.message, of.idle + elsewhere, of.spread)


def _waits(recorded: Recorded, of: Costs) -> Waits:
    lowest = recorded.rates[0]
    bare = at_rate(of, Waits(), recorded.processors, lowest.rate, MESSAGES)
    answer = max(0.0, lowest.api_ms["p50"] - percentile(bare.api, 0.5))
    push = max(0.0, lowest.push_ms["p50"] - percentile(bare.push, 0.5) - answer)
    return Waits(answer, push)


def _full(recorded: Recorded, of: Costs, waits: Waits) -> float:
    return as_fast_as_it_goes(of, waits, recorded.processors, recorded.full_clients, MESSAGES)


def _answers(run: Seen) -> Sequence[float]:
    return run.api


def _pushes(run: Seen) -> Sequence[float]:
    return run.push


def compare(recorded: Recorded) -> tuple[Fitted, Sequence[Pair]]:
    """p50 and p90 at each rate, and the throughput when full."""
    of = costs(recorded)
    fitted = fit(recorded, of)
    of, waits = _slowed(of, fitted.elsewhere), fitted.waits
    pairs = []
    for one in recorded.rates:
        runs = [at_rate(of, waits, recorded.processors, one.rate, one.messages, seed) for seed in _SEEDS]
        answers, pushes = ([ms for run in runs for ms in values(run)] for values in (_answers, _pushes))
        for what, measured, values in (("answer", one.api_ms, answers), ("push", one.push_ms, pushes)):
            for name, share in (("p50", 0.5), ("p90", 0.9)):
                is_fitted = one is recorded.rates[0] and name == "p50"
                pairs.append(Pair(f"{what}, {name}", one.rate, measured[name], percentile(values, share), is_fitted))
    full = _full(recorded, of, waits)
    pairs.append(Pair("messages/s, full", recorded.full_messages_s, recorded.full_messages_s, full, is_fitted=True))
    return fitted, pairs
