"""Writes what is made from the description: rules of Prometheus, dashboards of Grafana and of CloudWatch."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import yaml

from infra.observability import cloudwatch, slos, topics
from infra.observability.boards import BOARDS
from infra.observability.grafana_json import dashboard_json

HERE = Path(__file__).parent
_HEAD = "# Written by scripts/write-observability from infra/observability/{}.py.\n"


def generated() -> Mapping[Path, str]:
    """Text by file."""
    rules = HERE / "prometheus" / "rules"
    return {
        rules / "slo.yml": _HEAD.format("slos") + _yaml(slos.rules()),
        rules / "topics.yml": _HEAD.format("topics") + _yaml(topics.rules()),
        **{HERE / "grafana" / "dashboards" / f"{board.name}.json": dashboard_json(board) for board in BOARDS},
        HERE.parent / "dashboards.yaml": _HEAD.format("cloudwatch") + cloudwatch.template(BOARDS),
    }


def _yaml(content: object) -> str:
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)


class _Dumper(yaml.SafeDumper):
    """Texts of several lines stay that."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def main() -> None:
    shutil.rmtree(HERE / "grafana" / "dashboards", ignore_errors=True)
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
