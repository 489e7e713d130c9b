"""The rules, as Prometheus' own tool reads and runs them: each alert fires where it must, and only there."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.observability.slos import BURNS, SLOS, budget_spent
from tests.unit.observability.alert_cases import CASES, Case, healthy
from tests.unit.observability.rule_files import CONFIG, RULES, SLO_RULES, alerts

pytestmark = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is of Debian's package prometheus")


def promtool(*arguments: str | Path, cwd: Path | None = None) -> str:
    """What it prints; fails where it does."""
    ran = subprocess.run(["promtool", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return ran.stdout


def test_prometheus_takes_configuration_and_rules() -> None:
    promtool("check", "config", CONFIG)
    promtool("check", "rules", *RULES)


def test_each_alert_fires_where_it_must_and_only_there(tmp_path: Path) -> None:
    run_cases(tmp_path, [case for case in CASES if case.at <= 60], RULES, interval="1m", evaluated="1m")


def test_objectives_count_over_days(tmp_path: Path) -> None:
    """Seldom looked at, since it is long: every ten minutes, at samples of two."""
    slow = [case for case in CASES if case.at > 60]
    run_cases(tmp_path, slow, [SLO_RULES], interval="2m", evaluated="10m")


def run_cases(folder: Path, cases: list[Case], rules: list[Path], *, interval: str, evaluated: str) -> None:
    content = {
        "rule_files": [str(path) for path in rules],
        "evaluation_interval": evaluated,
        "tests": [_test(case, interval) for case in cases],
    }
    (folder / "alerts.yml").write_text(yaml.safe_dump(content))
    promtool("test", "rules", folder / "alerts.yml")


def _test(case: Case, interval: str) -> dict[str, Any]:
    series = {name: values for name, values in {**healthy(case.at), **case.series}.items() if name not in case.without}
    firing = 'count by (alertname, severity) (ALERTS{alertstate="firing"})'
    expected = [alert.split() for alert in sorted(case.fires)]
    return {
        "name": case.name,
        "interval": interval,
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {
                # A sample for each, whatever it is of: a topic, a table, a channel.
                "expr": f"{firing} > bool 0",
                "eval_time": f"{case.at}m",
                "exp_samples": [
                    {"labels": f'{{alertname="{name}",severity="{severity}"}}', "value": 1}
                    for name, severity in expected
                ],
            }
        ],
    }


def test_every_alert_and_severity_has_a_case_that_fires_and_one_that_does_not() -> None:
    known = {(alert["alert"], alert["labels"]["severity"]) for alert in alerts()}
    fired = {tuple(alert.split()) for case in CASES for alert in case.fires}
    assert fired == known
    quiet = [case for case in CASES if not case.fires]
    assert len(quiet) >= len(known) - 6


def test_burn_rates_are_those_of_the_workbook() -> None:
    """Table 5-8 of the Site Reliability Workbook, for a period of 30 days."""
    assert [round(budget_spent(burn), 4) for burn in BURNS] == [0.02, 0.05, 0.1, 0.1]
    assert [(slo.name, slo.budget) for slo in SLOS] == [
        ("api_availability", 0.0005),
        ("api_latency", 0.01),
        ("delivery_latency", 0.01),
    ]
