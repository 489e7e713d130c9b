"""What `scripts/observe` makes of the files before it starts anything."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from infra.observability import observe
from infra.observability.observe import configuration, quickened, quickened_rules


def test_the_configuration_has_the_ports_of_what_runs_and_the_repositorys_rules() -> None:
    content = configuration(1234, 5678, ["127.0.0.1:9"], "1s")
    assert [job["static_configs"][0]["targets"] for job in content["scrape_configs"]] == [
        ["127.0.0.1:1234"],
        ["127.0.0.1:5678"],
    ]
    assert content["global"] == {"scrape_interval": "1s", "evaluation_interval": "1s"}
    (rules,) = content["rule_files"]
    assert list(Path(rules).parent.glob(Path(rules).name))
    assert content["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] == ["127.0.0.1:9"]


def test_faster_rules_have_shorter_windows_and_the_same_names() -> None:
    rules = (
        'record: slo:error_ratio:rate5m\nexpr: rate(x[1h]) > 0 or (x unless x offset 5m)\nfor: 1m\nlabels: {a: "5m"}\n'
    )
    expected = 'record: slo:error_ratio:rate5m\nexpr: rate(x[300s]) > 0 or (x unless x offset 25s)\nfor: 5s\nlabels: {a: "5m"}\n'
    assert quickened(rules, 12) == expected


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is of Debian's package prometheus")
def test_prometheus_takes_the_faster_rules(tmp_path: Path) -> None:
    (pattern,) = quickened_rules(tmp_path / "rules", 12)
    files = list(Path(pattern).parent.glob("*.yml"))
    assert all(yaml.safe_load(path.read_text())["groups"] for path in files)
    subprocess.run(["promtool", "check", "rules", *files], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        *(("--faster", value, "no number from 1 to 100") for value in ("0", "x", "nan")),
        *(("--port", value, "no port from 0 to 65535") for value in ("x", "-1", "65536")),
        *(("--every", value, "no duration, such as 500ms") for value in ("x", "0s", "5", "5 s")),
    ],
)
def test_what_cannot_be_is_refused(option: str, value: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        observe.main([f"{option}={value}"])
    assert f"argument {option}: {value!r} is {why}" in capsys.readouterr().err


def test_without_a_stack_it_says_how_to_start_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert observe.main(["--data", str(tmp_path)]) == 1
    assert "start it with scripts/run" in capsys.readouterr().err


def test_without_prometheus_it_says_where_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from local.endpoints import Endpoints

    monkeypatch.setattr(observe, "ready_endpoints", lambda _: Endpoints())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert observe.main(["--data", str(tmp_path)]) == 1
    assert "apt-get install --no-install-recommends prometheus" in capsys.readouterr().err
