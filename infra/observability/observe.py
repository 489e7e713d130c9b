"""`scripts/observe`: Prometheus, as Debian packages it, beside the running stack, with the rules and alerts of this repository.

Alertmanager too, where it is installed (Debian: prometheus-alertmanager). Grafana, Jaeger and Loki are no packages of Debian's:
infra/observability/compose.yaml has them.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
import yaml

from local.ports import free_ports
from local.running import ready_endpoints
from local.start_error import StartError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_READY_S = 60.0
_DURATION = re.compile(r"(\[|offset |for: )(\d+[smhd])\b")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SHORTEST_S = 5
"""A rate takes two scrapes at least."""
_ENDED_S = 15.0


@dataclass(frozen=True, slots=True)
class Process:
    """One that was started, and runs until `--down`."""

    name: str
    pid: int
    started_at: float
    url: str


def main(given: Sequence[str] | None = None) -> int:
    asked = _arguments(given)
    data = Path(asked.data).resolve()
    try:
        if asked.down:
            return _down(data)
        _up(data, asked)
    except StartError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/observe", description=__doc__.partition(": ")[2])
    parser.add_argument(
        "--data", default=str(ROOT / ".local-stack"), help="folder of the stack's data (default: .local-stack)"
    )
    parser.add_argument("--port", type=_port, default=9090, help="of Prometheus (default: 9090; 0 takes a free one)")
    parser.add_argument("--alertmanager-port", type=_port, default=9193, help="the same (default: 9193)")
    parser.add_argument(
        "--every",
        type=_duration,
        default="15s",
        metavar="DURATION",
        help="between scrapes, and evaluations of rules (default: 15s)",
    )
    parser.add_argument(
        "--faster",
        type=_factor,
        default=1.0,
        metavar="N",
        help="to try alerts out: windows of rules and what they wait for are N times shorter",
    )
    parser.add_argument("--down", action="store_true", help="end what was started; what it recorded stays")
    return parser.parse_args(given)


def _up(data: Path, asked: argparse.Namespace) -> None:
    console = ready_endpoints(data).console_port
    prometheus = shutil.which("prometheus")
    if prometheus is None:
        raise StartError(
            "There is no prometheus here: on Debian and Ubuntu `apt-get install --no-install-recommends prometheus`, "
            "elsewhere infra/observability/compose.yaml starts it in Docker."
        )
    if running := [process for process in _recorded(data) if _alive(process)]:
        raise StartError(f"{running[0].name} runs already, at {running[0].url}: scripts/observe --down ends it.")
    folder = _folder(data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    port, alertmanager_port = (
        wanted or free for wanted, free in zip((asked.port, asked.alertmanager_port), free_ports(2), strict=True)
    )
    alertmanager = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    started: list[Process] = []
    try:
        if alertmanager:
            started.append(_alertmanager(alertmanager, folder, alertmanager_port))
        alerts = [f"127.0.0.1:{alertmanager_port}"] if alertmanager else []
        content = configuration(console, port, alerts, asked.every)
        if asked.faster != 1:
            content["rule_files"] = quickened_rules(folder / "rules", asked.faster)
        (folder / "prometheus.yml").write_text(yaml.safe_dump(content, sort_keys=False))
        started.append(_prometheus(prometheus, folder, port))
    finally:
        (folder / "processes.json").write_text(json.dumps([asdict(process) for process in started]))
    print(_where(console, started))


def configuration(console: int, port: int, alertmanagers: Sequence[str], every: str) -> dict[str, Any]:
    """prometheus.yml with the ports of what runs here: paths of rules are absolute."""
    content: dict[str, Any] = yaml.safe_load((HERE / "prometheus" / "prometheus.yml").read_text())
    content["global"] = {"scrape_interval": every, "evaluation_interval": every}
    content["rule_files"] = [str(HERE / "prometheus" / pattern) for pattern in content["rule_files"]]
    content["alerting"] = {"alertmanagers": [{"static_configs": [{"targets": list(alertmanagers)}]}]}
    ports = {"chat4all": console, "prometheus": port}
    for job in content["scrape_configs"]:
        job["static_configs"] = [{"targets": [f"127.0.0.1:{ports[job['job_name']]}"]}]
    return content


def quickened_rules(folder: Path, factor: float) -> list[str]:
    """Copies of the rules whose windows and waits are so many times shorter, at least a few seconds; their files."""
    folder.mkdir(exist_ok=True)
    for path in (HERE / "prometheus" / "rules").glob("*.yml"):
        (folder / path.name).write_text(quickened(path.read_text(), factor))
    return [str(folder / "*.yml")]


def quickened(rules: str, factor: float) -> str:
    """Ranges, offsets and `for` of rules, divided."""
    return _DURATION.sub(lambda found: found[1] + _shorter(found[2], factor), rules)


def _shorter(duration: str, factor: float) -> str:
    seconds = int(duration[:-1]) * _SECONDS[duration[-1]] / factor
    return f"{max(_SHORTEST_S, round(seconds))}s"


def _factor(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 1 <= (factor := float(text)) <= 100:
            return factor
    raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 100")


def _duration(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d*(ms|s|m)", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no duration, such as 500ms, 15s or 1m")
    return text


def _port(text: str) -> int:
    if not (text.isdigit() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)


def _prometheus(program: str, folder: Path, port: int) -> Process:
    command = [
        program,
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'prometheus'}",
        "--storage.tsdb.retention.time=40d",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    return _started("prometheus", command, folder, f"http://127.0.0.1:{port}")


def _alertmanager(program: str, folder: Path, port: int) -> Process:
    command = [
        program,
        f"--config.file={HERE / 'alertmanager' / 'alertmanager.yml'}",
        f"--storage.path={folder / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    return _started("alertmanager", command, folder, f"http://127.0.0.1:{port}")


def _started(name: str, command: Sequence[str], folder: Path, url: str) -> Process:
    """A process of its own session, once it says that it is ready; raises StartError with the end of its log."""
    log = folder / f"{name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd=folder
        )
    deadline = time.monotonic() + _READY_S
    while process.poll() is None and time.monotonic() < deadline:
        if _ready(f"{url}/-/ready"):
            return Process(name, process.pid, psutil.Process(process.pid).create_time(), url)
        time.sleep(0.05)
    process.kill()
    process.wait()
    raise StartError(f"{name} did not start ({log}):\n{log.read_text(errors='replace')[-800:].strip()}")


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own process
            return bool(answer.status == 200)
    except OSError:
        return False


def _down(data: Path) -> int:
    running = [process for process in _recorded(data) if _alive(process)]
    for process in running:
        os.kill(process.pid, signal.SIGTERM)
    _, left = psutil.wait_procs([psutil.Process(p.pid) for p in running if psutil.pid_exists(p.pid)], timeout=_ENDED_S)
    for stubborn in left:
        stubborn.kill()
    (_folder(data) / "processes.json").unlink(missing_ok=True)
    print("\n".join(f"{process.name} has ended" for process in running) or "nothing runs")
    return 0


def _recorded(data: Path) -> list[Process]:
    try:
        return [Process(**record) for record in json.loads((_folder(data) / "processes.json").read_text())]
    except (OSError, ValueError, TypeError):
        return []


def _alive(process: Process) -> bool:
    try:
        found = psutil.Process(process.pid)
        return abs(found.create_time() - process.started_at) < 2 and found.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _folder(data: Path) -> Path:
    return data / "observe"


def _where(console: int, started: Sequence[Process]) -> str:
    rows: Mapping[str, str] = {
        "metrics": f"http://127.0.0.1:{console}/metrics",
        **{process.name: process.url for process in started},
        "alerts": f"{started[-1].url}/alerts",
        "rules": f"{started[-1].url}/rules",
    }
    return "\n".join(f"{name:14}{url}" for name, url in rows.items())


if __name__ == "__main__":
    sys.exit(main())
