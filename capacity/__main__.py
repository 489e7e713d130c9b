"""`python -m capacity`: writes docs/capacity.md and its pictures from what was measured."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from capacity import deployed, measurements, plots
from capacity.design import DESIGNS
from capacity.document import document
from capacity.scales import PER_MINUTE, Model, Scale
from capacity.simulation import recorded
from capacity.simulation.section import Simulated, pictures, section, simulate
from capacity.workload import Workload

DOCS = Path(__file__).resolve().parents[1] / "docs"


def scales_of(model: Model) -> Sequence[Scale]:
    """Each design at each rate."""
    return [model.scale(rate, design) for rate in PER_MINUTE for design in DESIGNS]


def page(model: Model, simulated: Simulated) -> str:
    """docs/capacity.md."""
    return document(model, scales_of(model), section(simulated))


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1, with what is wrong, where the measurements are not there."""
    parser = argparse.ArgumentParser(prog="scripts/write-capacity", description=__doc__)
    parser.add_argument("--measurements", type=Path, default=measurements.FOLDER, help="a folder of measurements")
    parser.add_argument("--docs", type=Path, default=DOCS, help="where the page and its pictures go")
    given = parser.parse_args(arguments)
    try:
        model = Model(measurements.load(given.measurements), deployed.load(), Workload())
        simulated = simulate(model, recorded.load(given.measurements))
    except measurements.BadMeasurements as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    (given.docs / "capacity.md").write_text(page(model, simulated))
    plots.limits(scales_of(model), given.docs / "images/capacity-limits.svg")
    plots.cost(scales_of(model), given.docs / "images/capacity-cost.svg")
    pictures(simulated, given.docs / "images")
    return 0


if __name__ == "__main__":
    sys.exit(main())
