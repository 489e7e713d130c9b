"""The three sizes that docs/capacity.md is about, computed for each design."""

from collections.abc import Sequence
from dataclasses import dataclass

from capacity.cost import Line, bill, per_million, total
from capacity.demand import Demand, demand
from capacity.deployed import Deployed
from capacity.design import Design
from capacity.fleet import Fleet, brokers
from capacity.limits import Load, cells, loads
from capacity.measurements import Measurements
from capacity.workload import Workload

PER_MINUTE = (10_000, 1_000_000, 10_000_000)


@dataclass(frozen=True)
class Scale:
    """One design at one rate."""

    per_minute: float
    design: Design
    asked: Demand
    loads: Sequence[Load]
    fleet: Fleet
    cells: int
    bill: Sequence[Line]

    @property
    def month_usd(self) -> float:
        return total(self.bill)

    @property
    def million_usd(self) -> float:
        return per_million(self.bill, self.asked)


@dataclass(frozen=True)
class Model:
    """What everything is computed from."""

    measured: Measurements
    deployed: Deployed
    work: Workload

    def demand(self, per_second: float, design: Design) -> Demand:
        return demand(self.measured, self.deployed, per_second, design.of(self.work), design)

    def scale(self, per_minute: float, design: Design) -> Scale:
        asked = self.demand(per_minute / 60, design)
        lines = bill(asked, self.deployed, design.of(self.work), design)
        return Scale(per_minute, design, asked, loads(asked), brokers(asked), cells(asked), lines)
