"""`scripts/bench local`: the local stack beside serverless-offline and chalice local, in one run with one client.

Then what only it has: WebSocket round trip, Kafka record to function, reload, init, and memory and processor time when idle.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.__main__ import line
from tests.benchmarks.local import peers, stack_figures
from tests.benchmarks.local.peers import NoPeer
from tests.benchmarks.sends import percentile
from tests.benchmarks.soak.application import copy_application
from tests.e2e.running_stack import ROOT, RunningStack

HERE = Path(__file__).parent
CONNECTIONS = (1, 8, 64)
ROUNDS = 4
OURS, PYTHON, NODE, CHALICE = "local stack", "serverless-offline, Python", "serverless-offline, Node", "chalice local"
SPEED_BUDGET, RELOAD_BUDGET_S, CPU_BUDGET, STACK_BUDGET_MB, ENVIRONMENT_BUDGET_MB = 1.5, 1.0, 2.0, 100, 25
INIT_BUDGET_MS, WARM_BUDGET_MS, WEBSOCKET_BUDGET_MS, KAFKA_BUDGET_MS = 100, 5, 10, 100
Answers = dict[str, float]


def load(port: int, connections: int, seconds: float) -> Answers:
    """One run of the client in a process of its own."""
    command = [sys.executable, str(HERE / "http_load.py"), str(port), "/hello", str(connections), str(seconds)]
    return dict(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def compare(servers: dict[str, int], seconds: float) -> None:
    """Requests a second of a trivial function. Rounds go around the servers, so that a busy machine is busy for all."""
    for connections in CONNECTIONS:
        runs: dict[str, list[Answers]] = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, port in servers.items():
                runs[name].append(load(port, connections, seconds))
        best = {name: max(answers, key=lambda answer: answer["rps"]) for name, answers in runs.items()}
        print(f"\nGET of a trivial function, {connections} connection{'s' if connections > 1 else ''}")
        for name, answer in best.items():
            failed = f"  {answer['errors']:.0f} FAILED" if answer["errors"] else ""
            print(
                f"  {name:<28} {answer['rps']:8.0f} requests/s   p50 {answer['p50_ms']:7.2f} ms"
                f"   p99 {answer['p99_ms']:7.2f} ms{failed}"
            )
        for name in (PYTHON, NODE, CHALICE):
            if name in best:
                ratio = best[OURS]["rps"] / best[name]["rps"]
                budget = f">= {SPEED_BUDGET} x" if name != CHALICE else "(no budget)"
                line(f"  ours / {name}", f"{ratio:.2f} x", budget, ratio >= SPEED_BUDGET or name == CHALICE)


def start_peers(running: ExitStack) -> dict[str, int]:
    """Ports of those that run here; says why another does not."""
    print("sam local start-api is left out: it runs each function in Docker, which is not used here")
    try:
        folder = peers.installed()
    except NoPeer as reason:
        print(f"serverless-offline is left out: {reason}")
        return {}
    found = {}
    for name, server in (
        (PYTHON, peers.serverless_offline(folder, "python")),
        (NODE, peers.serverless_offline(folder, "node")),
        (CHALICE, peers.chalice_local(folder)),
    ):
        try:
            found[name] = running.enter_context(server)
        except NoPeer as reason:
            print(f"{name} is left out: {reason}")
        else:
            print(f"{name} answers", flush=True)
    return found


def own_paths(stack: RunningStack, application: Path) -> None:
    """What an invocation costs on each way in, and reload."""
    print("\nThe local stack's own ways")
    warm, _ = stack_figures.durations_ms(stack, "Hello")
    ms = percentile(warm, 0.5)
    line("warm invoke, as its REPORT says, p50", f"{ms:.2f} ms", f"<= {WARM_BUDGET_MS} ms", ms <= WARM_BUDGET_MS)
    for what, taken, budget in (
        (
            "WebSocket frame to the function's answer",
            asyncio.run(stack_figures.websocket_ms(stack, 500)),
            WEBSOCKET_BUDGET_MS,
        ),
        ("Kafka record produced to function", stack_figures.kafka_ms(stack, 200), KAFKA_BUDGET_MS),
    ):
        p50, p99 = percentile(taken, 0.5), percentile(taken, 0.99)
        line(f"{what}, p50 / p99", f"{p50:.2f} / {p99:.2f} ms", f"<= {budget} ms p50", p50 <= budget)
    taken_s = stack_figures.reload_seconds(stack, application, 5)
    taken_s["WebSocket handler, connection kept"] = [
        asyncio.run(stack_figures.websocket_reload_seconds(stack, application))
    ]
    for what, seconds in taken_s.items():
        middle, worst = stack_figures.median_of(seconds), max(seconds)
        figure = f"{middle:.2f} s, at most {worst:.2f} s"
        line(f"change of a {what} to its first answer", figure, f"< {RELOAD_BUDGET_S} s", worst < RELOAD_BUDGET_S)
    _, cold = stack_figures.durations_ms(stack, "Hello")
    ms = percentile(cold, 0.5)
    line(
        f"cold start of an environment, p50 of {len(cold)}",
        f"{ms:.1f} ms",
        f"<= {INIT_BUDGET_MS} ms",
        ms <= INIT_BUDGET_MS,
    )


def real_application(folder: Path) -> None:
    """Memory by the number of environments alive, and processor time, of the application of this repository."""
    print("\nThe application of this repository, idle")
    application = folder / "real-application"
    application.mkdir()
    stack = RunningStack(folder / "real", [f"--template={copy_application(application)}"]).start()
    functions = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))
    functions.sort(key=lambda name: name not in ("router", "health", "messages_send"))
    try:
        time.sleep(2)
        held, _ = stack_figures.memory(stack)
        own = held["stack"].pss + held["warm parents"].pss + held["environments"].pss
        alone = held["stack"].pss + held["warm parents"].pss
        line(
            "stack with the parents of environments, PSS",
            f"{alone:.1f} MB",
            f"<= {STACK_BUDGET_MB} MB",
            alone <= STACK_BUDGET_MB,
        )
        print(
            f"  stack {held['stack'].pss:.1f}, parents {held['warm parents'].pss:.1f}, with environments {own:.1f} MB"
        )
        for count in (1, 3, 10, len(functions)):
            stack_figures.wake(stack, functions[:count])
            time.sleep(1)
            held, each = stack_figures.memory(stack)
            mean = sum(one.pss for one in each) / max(len(each), 1)
            private = sum(one.private for one in each) / max(len(each), 1)
            figure = f"{mean:.1f} MB ({private:.1f} its own)"
            what = f"an idle environment's PSS, {len(each)} alive"
            line(what, figure, f"<= {ENVIRONMENT_BUDGET_MB} MB", mean <= ENVIRONMENT_BUDGET_MB)
        seconds = stack_figures.package_reload_seconds(stack, application, 5)
        figure = f"{stack_figures.median_of(seconds):.2f} s, at most {max(seconds):.2f} s"
        met = stack_figures.median_of(seconds) < RELOAD_BUDGET_S
        line("change of its package to the first answer", figure, f"< {RELOAD_BUDGET_S} s", met)
        percent = stack_figures.idle_cpu_percent(stack, 20)
        line(
            "processor time while idle, 20 s", f"{percent:.2f} % of a core", f"<= {CPU_BUDGET} %", percent <= CPU_BUDGET
        )
    finally:
        stack.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench local", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3, help="of each run of the client (3)")
    parser.add_argument("--without-peers", action="store_true", help="only our own figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        application = folder / "application"
        shutil.copytree(HERE / "application", application)
        stack = RunningStack(folder / "data", [f"--template={application / 'template.yaml'}"]).start()
        try:
            with ExitStack() as others:
                servers = {OURS: int(stack.endpoints["http_port"])}
                if not options.without_peers:
                    servers |= start_peers(others)
                compare(servers, options.seconds)
            own_paths(stack, application)
        finally:
            stack.stop()
        real_application(folder)


if __name__ == "__main__":
    main()
