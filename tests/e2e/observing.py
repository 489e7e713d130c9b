"""Prometheus beside a running stack, as `scripts/observe` starts it, and what its alerts and boards say."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from infra.observability.boards import BOARDS
from infra.observability.panels import RANGE
from tests.e2e.running_stack import ROOT, RunningStack

WITHIN_S = 120.0
MISSING = "" if shutil.which("prometheus") else "prometheus is not installed (Debian's package prometheus)"
"""Why nothing can be observed here."""


@dataclass
class Prometheus:
    """Looks every three seconds (a busy machine may take that long to answer); windows of rules are `faster` times shorter."""

    stack: RunningStack
    faster: int = 12
    url: str = ""

    def start(self) -> "Prometheus":
        self._observe("--port=0", "--alertmanager-port=0", "--every=3s", f"--faster={self.faster}")
        started = json.loads((self.stack.data / "observe" / "processes.json").read_text())
        self.url = next(str(process["url"]) for process in started if process["name"] == "prometheus")
        return self

    def stop(self) -> None:
        self._observe("--down")

    def query(self, expr: str) -> list[dict[str, Any]]:
        """Samples, {metric, value: [time, text]}."""
        answer = httpx.get(f"{self.url}/api/v1/query", params={"query": expr}, timeout=30)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"]["result"])

    def firing(self) -> set[str]:
        """ "Name severity" of each alert that fires."""
        labels = [sample["metric"] for sample in self.query('ALERTS{alertstate="firing"}')]
        return {f"{label['alertname']} {label['severity']}" for label in labels}

    async def until_fires(self, alert: str, within_s: float | None = None) -> dict[str, str]:
        """Its annotations, once it does."""
        await self._until(lambda: alert in self.firing(), f"{alert} did not fire", within_s)
        name, severity = alert.split()
        found = [
            one for one in self._alerts() if (one["labels"]["alertname"], one["labels"]["severity"]) == (name, severity)
        ]
        return dict(found[0]["annotations"]) if found else {}

    async def until_ends(self, alert: str, within_s: float | None = None) -> None:
        await self._until(lambda: alert not in self.firing(), f"{alert} still fires", within_s)

    async def until_has(self, expr: str, within_s: float | None = None) -> None:
        """Until it has a sample."""
        await self._until(lambda: bool(self.query(expr)), f"{expr} has no data", within_s)

    def without_data(self) -> dict[str, str]:
        """Queries of the boards that have no sample now, by "board: panel"."""
        return {
            f"{board.name}: {panel.title}": query.expr
            for board in BOARDS
            for panel in board.panels
            for query in panel.queries
            if not self.query(query.expr.replace(RANGE, "15m"))
        }

    def broken_rules(self) -> dict[str, str]:
        """What Prometheus could not evaluate, by rule."""
        groups = httpx.get(f"{self.url}/api/v1/rules", timeout=30).json()["data"]["groups"]
        return {
            rule["name"]: rule["lastError"] for group in groups for rule in group["rules"] if rule["health"] == "err"
        }

    def _alerts(self) -> list[dict[str, Any]]:
        return list(httpx.get(f"{self.url}/api/v1/alerts", timeout=30).json()["data"]["alerts"])

    async def _until(self, holds: Any, otherwise: str, within_s: float | None) -> None:
        within_s = WITHIN_S if within_s is None else within_s
        deadline = time.monotonic() + within_s
        while not await asyncio.to_thread(holds):
            assert time.monotonic() < deadline, f"{otherwise} within {within_s:g} s; these do: {self.firing()}"
            await asyncio.sleep(0.5)

    def _observe(self, *words: str) -> None:
        command = [sys.executable, "-m", "infra.observability.observe", f"--data={self.stack.data}", *words]
        paths = os.pathsep.join([str(ROOT), str(ROOT / "layers/chat4all/python")])
        ran = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def script(stack: RunningStack, name: str, *words: str) -> str:
    """What a script of the runbooks prints about this stack; fails where it does."""
    ran = run_script(stack, name, *words)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def run_script(stack: RunningStack, name: str, *words: str) -> "subprocess.CompletedProcess[str]":
    command: Sequence[str] = [str(ROOT / "scripts" / name), *words, "--data", str(stack.data)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
