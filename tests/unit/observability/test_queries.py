"""What boards and rules ask for is in the list of metrics, with labels that it has; and Prometheus can read each query."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from infra.observability.__main__ import generated
from infra.observability.boards import BOARDS
from infra.observability.metrics import series
from infra.observability.panels import RANGE, Panel
from tests.unit.observability.rule_files import HERE, rules

PANELS = [(board.name, panel) for board in BOARDS for panel in board.panels]
_PROMETHEUS_OWN = {"up": {"job"}, "ALERTS": {"alertname", "alertstate", "severity"}}
_SELECTED = re.compile(r"\b([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{([^}]*)\}|(?=\[|\)|\s|$))")
_METRIC = re.compile(r"^(chat4all|kafka|grpc|websocket|aws|emf|slo|stack)[_:]|^(up|ALERTS)$")
_BY = re.compile(r"\b(?:by|on|without)\s*\(([^)]*)\)")


def known() -> dict[str, set[str]]:
    """Labels by name: of the list, of what rules record, of Prometheus itself."""
    recorded: dict[str, set[str]] = {}
    for rule in rules():
        if "record" in rule:
            recorded.setdefault(rule["record"], set()).update(rule.get("labels", {}))
    return {name: set(labels) for name, labels in series().items()} | recorded | _PROMETHEUS_OWN


def queries() -> list[tuple[str, str]]:
    """Of boards and rules, with where each stands."""
    of_boards = [(f"{board}: {panel.title}", query.expr) for board, panel in PANELS for query in panel.queries]
    return of_boards + [(rule.get("alert") or rule["record"], rule["expr"]) for rule in rules()]


def test_every_metric_of_a_query_is_in_the_list_with_its_labels() -> None:
    names = known()
    for where, expr in queries():
        selected = _SELECTED.findall(_BY.sub("", expr))
        found = [(name, selector) for name, selector in selected if _METRIC.search(name)]
        assert found or "vector(" in expr, where
        asked = {label.strip() for group in _BY.findall(expr) for label in group.split(",") if label.strip()}
        had: set[str] = set()
        for name, selector in found:
            assert name in names, f"{where} asks for {name}, which nobody emits"
            had |= names[name]
            for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector):
                assert label in names[name], f"{where}: {name} has no label {label}"
        assert asked <= had, f"{where}: nothing in it has {asked - had}"


def test_every_metric_of_the_list_is_on_a_board() -> None:
    shown = {name for _, expr in queries() for name, _ in _SELECTED.findall(expr)}
    # Of a histogram, its buckets: sum and count say less.
    missing = {name for name in series() if not name.endswith(("_sum", "_count"))} - shown
    assert not missing, "put it on a board (infra/observability/boards), then run scripts/write-observability"


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is of Debian's package prometheus")
def test_prometheus_reads_every_query_of_the_boards(tmp_path: Path) -> None:
    recorded = [
        {"record": f"query:{number}", "expr": query.expr.replace(RANGE, "5m")}
        for number, query in enumerate(query for _, panel in PANELS for query in panel.queries)
    ]
    (tmp_path / "queries.yml").write_text(yaml.safe_dump({"groups": [{"name": "boards", "rules": recorded}]}))
    ran = subprocess.run(["promtool", "check", "rules", tmp_path / "queries.yml"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_files_are_what_the_description_says() -> None:
    for path, text in generated().items():
        assert path.read_text() == text, f"{path.name} differs: run scripts/write-observability"
    written = {path.name for path in (HERE / "grafana" / "dashboards").iterdir()}
    assert written == {f"{board.name}.json" for board in BOARDS}


def test_dashboards_have_a_panel_for_each_of_the_description() -> None:
    """By what Grafana reads: ids, sources, queries, places in a grid of 24 columns that do not overlap."""
    for board in BOARDS:
        dashboard = json.loads((HERE / "grafana" / "dashboards" / f"{board.name}.json").read_text())
        assert dashboard["uid"] == f"chat4all-{board.name}"
        assert [panel["title"] for panel in dashboard["panels"]] == [panel.title for panel in board.panels]
        places = set()
        for shown, panel in zip(dashboard["panels"], board.panels, strict=True):
            assert [target["expr"] for target in shown["targets"]] == [query.expr for query in panel.queries]
            assert shown["datasource"] == {"type": "prometheus", "uid": "prometheus"}
            grid = shown["gridPos"]
            cells = {(grid["x"] + x, grid["y"] + y) for x in range(grid["w"]) for y in range(grid["h"])}
            assert max(x for x, _ in cells) < 24
            assert not places & cells
            places |= cells


def test_dashboards_of_cloudwatch_search_what_functions_emit() -> None:
    template = yaml.safe_load((HERE.parent / "dashboards.yaml").read_text())
    bodies = [resource["Properties"]["DashboardBody"]["Fn::Sub"] for resource in template["Resources"].values()]
    searches = re.findall(r'SEARCH\(\'\{Chat4All,([^}]*)\} MetricName=\\"(\w+)\\"', "".join(bodies))
    searches += [
        (f"{stage},{labels}".rstrip(","), name)
        for name, stage, labels in re.findall(
            r'SUM\(\\"(\w+)\\"\) FROM SCHEMA\(\\"Chat4All\\", (Stage)(?:, ([^)]*))?\)', "".join(bodies)
        )
    ]
    assert len(searches) > 50
    for dimensions, name in searches:
        stage, *labels = [word.strip() for word in dimensions.split(",")]
        metric = series()[name if name in series() else f"{name}_count"]
        assert stage == "Stage"
        assert not labels or set(labels) == set(metric), f"{name} is not emitted by {labels}"


def test_a_panel_of_what_a_metric_has_not_cannot_be_described() -> None:
    from chat4all.metrics.metric_list import MESSAGES_SENT
    from infra.observability.panels import counted, timed

    with pytest.raises(ValueError, match="chat4all_messages_sent_total"):
        counted("x", MESSAGES_SENT, "user_id")
    with pytest.raises(ValueError, match="is a counter"):
        timed("x", MESSAGES_SENT)
    assert isinstance(counted("x", MESSAGES_SENT, "channel"), Panel)
