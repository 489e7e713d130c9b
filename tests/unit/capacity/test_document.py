"""docs/capacity.md follows from what was measured."""

import json
import shutil
from pathlib import Path

import pytest

from capacity import deployed, measurements
from capacity.__main__ import DOCS, main, scales_of
from capacity.document import document
from capacity.measurements import BadMeasurements
from capacity.scales import Model
from capacity.simulation import recorded
from capacity.simulation.costs import costs
from capacity.workload import Workload


def page_without_queues(folder: Path) -> str:
    model = Model(measurements.load(folder), deployed.load(), Workload())
    return document(model, scales_of(model), "")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A copy of the measurements, to be changed."""
    return Path(shutil.copytree(measurements.FOLDER, tmp_path / "measurements"))


def test_the_page_is_the_one_that_the_measurements_make(tmp_path: Path) -> None:
    assert main(["--docs", str(tmp_path)]) == 0
    assert (tmp_path / "capacity.md").read_text() == (DOCS / "capacity.md").read_text(), "run scripts/write-capacity"
    pictures = {file.name for file in DOCS.glob("images/capacity-*.svg")}
    assert pictures == {file.name for file in tmp_path.glob("images/*.svg")}
    assert all(f"images/{name}" in (DOCS / "capacity.md").read_text() for name in pictures)


@pytest.mark.parametrize("what", ["processor_ms", "dynamodb_calls", "pushes", "write", "bytes"])
def test_a_changed_measurement_changes_the_document(kept: Path, what: str) -> None:
    before = page_without_queues(kept)
    file = kept / "units.json"
    changed = json.loads(file.read_text())
    text = changed["kinds"]["private_text"]
    router = text["functions"]["router"]
    if what == "pushes":
        text["pushes"] *= 2
    elif what == "write":
        router["dynamodb"]["heads"]["write"] += 1
    elif what == "bytes":
        text["kafka"]["chat4all.messages"]["bytes"] *= 10
    else:
        router[what] *= 3
    file.write_text(json.dumps(changed))
    after = page_without_queues(kept)
    differing = [line for line in after.splitlines() if line not in before.splitlines()]
    assert any("private_text" in line for line in differing) or what == "processor_ms"
    assert any("messages" in line or "dollars" in line or "$" in line for line in differing), "and what follows from it"


def test_a_changed_latency_changes_what_the_simulator_is_given(kept: Path) -> None:
    before = recorded.load(kept)
    file = kept / "pipeline.json"
    changed = json.loads(file.read_text())
    for rate in changed["rates"]:
        rate["processor_ms"]["router"] *= 2
    file.write_text(json.dumps(changed))
    assert costs(recorded.load(kept)).message["router"] == pytest.approx(2 * costs(before).message["router"])


@pytest.mark.parametrize("name", ["units.json", "pipeline.json"])
def test_what_is_missing_is_named(kept: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (kept / name).write_text("{}")
    assert main(["--measurements", str(kept)]) == 1
    assert f"{name} is not what scripts/bench report --collect writes: KeyError" in capsys.readouterr().err
    (kept / name).unlink()
    assert main(["--measurements", str(kept)]) == 1
    assert f"{name} is missing: scripts/bench report --collect makes it" in capsys.readouterr().err


def test_a_figure_that_is_missing_is_named(kept: Path) -> None:
    file = kept / "units.json"
    changed = json.loads(file.read_text())
    del changed["kinds"]["private_text"]["functions"]["router"]["processor_ms"]
    file.write_text(json.dumps(changed))
    with pytest.raises(BadMeasurements, match=r"KeyError\('processor_ms'\)"):
        measurements.load(kept)
