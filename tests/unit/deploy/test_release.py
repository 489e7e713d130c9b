"""The name of a deployment stands in its template."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.deploy.release import release_name, released
from infra.template_file import read
from tests.template_file import ROOT


def test_it_is_the_default_of_its_parameter_and_nothing_else_changes(tmp_path: Path) -> None:
    text, release = (ROOT / "template.yaml").read_text(), release_name(datetime(2026, 11, 22, tzinfo=UTC))
    made = tmp_path / "template.yaml"
    made.write_text(released(released(text, "before"), release))
    document, source = read(made), read(ROOT / "template.yaml")
    assert document["Parameters"]["Release"].pop("Default") == release == "1795305600"
    del source["Parameters"]["Release"]["Default"]
    assert document == source


def test_a_template_without_it_is_none_of_ours() -> None:
    with pytest.raises(ValueError, match="no parameter Release"):
        released("Parameters:\n  Stage:\n    Default: none\n", "1")
