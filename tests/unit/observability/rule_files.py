"""Files of Prometheus, read."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
HERE = ROOT / "infra" / "observability"
CONFIG = HERE / "prometheus" / "prometheus.yml"
SLO_RULES = HERE / "prometheus" / "rules" / "slo.yml"
RULES = sorted((HERE / "prometheus" / "rules").glob("*.yml"))


def rules() -> list[dict[str, Any]]:
    """Every rule of every file."""
    groups = [group for path in RULES for group in yaml.safe_load(path.read_text())["groups"]]
    return [rule for group in groups for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    return [rule for rule in rules() if "alert" in rule]
