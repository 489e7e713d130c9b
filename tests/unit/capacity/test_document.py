"""docs/capacity.md follows from what was measured."""

import json
import shutil
from pathlib import Path

import pytest

from capacity import deployed, measurements
from capacity.__main__ import DOCS, main, page
from capacity.measurements import BadMeasurements
from capacity.scales import Model
from capacity.workload import Workload


def model_of(folder: Path) -> Model:
    return Model(measurements.load(folder), deployed.load(), Workload())


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A copy of the measurements, to be changed."""
    return Path(shutil.copytree(measurements.FOLDER, tmp_path / "measurements"))


def test_the_document_says_what_follows_from_the_measurements() -> None:
    assert page(model_of(measurements.FOLDER)) == (DOCS / "capacity.md").read_text(), "run scripts/write-capacity"


@pytest.mark.parametrize("what", ["processor_ms", "dynamodb_calls", "pushes", "write", "bytes"])
def test_a_changed_measurement_changes_the_document(kept: Path, what: str) -> None:
    before = model_of(kept)
    file = kept / "units.json"
    document = json.loads(file.read_text())
    text = document["kinds"]["private_text"]
    router = text["functions"]["router"]
    if what == "pushes":
        text["pushes"] *= 2
    elif what == "write":
        router["dynamodb"]["heads"]["write"] += 1
    elif what == "bytes":
        text["kafka"]["chat4all.messages"]["bytes"] *= 10
    else:
        router[what] *= 3
    file.write_text(json.dumps(document))
    assert page(model_of(kept)) != page(before)


def test_what_is_missing_is_named(tmp_path: Path, kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadMeasurements, match=r"units\.json is missing: scripts/bench report --collect makes it"):
        measurements.load(tmp_path)
    file = kept / "units.json"
    document = json.loads(file.read_text())
    del document["kinds"]["private_text"]["functions"]["router"]["processor_ms"]
    file.write_text(json.dumps(document))
    with pytest.raises(BadMeasurements, match=r"units\.json is not what .*KeyError\('processor_ms'\)"):
        measurements.load(kept)
    assert main(["--measurements", str(tmp_path)]) == 1
    assert "units.json is missing" in capsys.readouterr().err


def test_the_page_and_its_pictures_are_written(tmp_path: Path) -> None:
    assert main(["--docs", str(tmp_path)]) == 0
    assert (tmp_path / "capacity.md").read_text() == (DOCS / "capacity.md").read_text()
    for picture in DOCS.glob("images/capacity-*.svg"):
        assert (tmp_path / "images" / picture.name).read_text().startswith("<?xml"), picture
