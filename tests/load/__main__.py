"""scripts/load: runs k6 or Locust against a deployment, and verifies in the history what they were told."""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx

from local.status import read_status
from tests.benchmarks.machine import machine
from tests.load.k6_program import NoK6
from tests.load.people import Refused, people
from tests.load.plan import PROFILES, Plan, Profile, stages_of
from tests.load.tools import Ran, run_k6, run_locust, tell
from tests.load.verification import Acknowledged, Verdict, histories, read_lines, verdict

ROOT = Path(__file__).resolve().parents[2]
_EPILOG = """profiles:
{profiles}

exit code: 0 all is well; 1 something was lost, doubled, out of order or not delivered; 2 a threshold is not met;
3 it could not run

The stack of scripts/run is what is loaded unless --base-url names another. A user may send 5 messages a second
(SendsPerSecond), and from one address 100 users register at once (RegistrationBurst)."""
WELL, WRONG, SLOW, NOT_RUN = range(4)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    profiles = "\n".join(f"  {profile.name:<10} {profile.what}" for profile in PROFILES.values())
    parser = argparse.ArgumentParser(prog="scripts/load", description=__doc__, epilog=_EPILOG.format(profiles=profiles))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("tool", choices=["k6", "locust"])
    parser.add_argument("profile", choices=list(PROFILES))
    parser.add_argument("--users", type=_positive(int), help="at once; two of them talk")
    parser.add_argument("--minutes", type=_positive(float), help="how long")
    parser.add_argument("--pause", type=_positive(float), metavar="S", help="seconds between two messages of a user")
    parser.add_argument("--base-url", help="of the HTTP API; the running stack's by default")
    parser.add_argument("--websocket-url", help="of the WebSocket API, for the profile websocket")
    parser.add_argument("--data", type=Path, default=ROOT / ".local-stack", help="folder of the running stack")
    parser.add_argument("--json", type=Path, metavar="FILE", help="add the result to this file")
    parser.add_argument("--locust-python", default=sys.executable, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _positive(kind: type[int] | type[float]) -> Any:
    def convert(text: str) -> float:
        value = kind(text)
        if value <= 0:
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value

    return convert


def main(arguments: Sequence[str] | None = None) -> int:
    given = parse(arguments)
    profile = PROFILES[given.profile]
    try:
        plan = asyncio.run(prepare(given, profile))
        with tempfile.TemporaryDirectory() as folder:
            ran, lines = _run(given, plan, Path(folder))
        if ran.failed:
            raise NoK6(ran.failed)
        result = asyncio.run(verify(plan, *lines))
    except (NoK6, Refused, httpx.HTTPError) as error:
        tell(f"error: {error or type(error).__name__}")
        return NOT_RUN
    print(report(given.tool, plan, result, ran))
    if given.json is not None:
        keep(given, plan, result, ran)
    if not result.is_good:
        return WRONG
    return WELL if ran.is_within_thresholds else SLOW


async def prepare(given: argparse.Namespace, profile: Profile) -> Plan:
    """Users and conversations. Raises Refused, httpx.HTTPError."""
    base_url, websocket_url = given.base_url, given.websocket_url
    if base_url is None:
        status = await read_status(given.data)
        if status is None:
            raise Refused("no stack runs here: scripts/run starts one, or --base-url names another")
        base_url, websocket_url = (str(status["addresses"][name]) for name in ("HTTP API", "WebSocket API"))
    if profile.script == "websocket" and websocket_url is None:
        raise Refused("--websocket-url is needed beside --base-url for the profile websocket")
    users = given.users or profile.users
    users += users % 2
    seconds = 60 * (given.minutes or profile.minutes)
    tell(f"{users} users for {base_url}")
    return Plan(
        profile.name,
        profile.script,
        base_url.rstrip("/"),
        (websocket_url or "").rstrip("/"),
        seconds,
        given.pause or profile.pause_s,
        stages_of(profile, users, seconds),
        await people(base_url, users),
    )


def _run(
    given: argparse.Namespace, plan: Plan, folder: Path
) -> tuple[Ran, tuple[list[Acknowledged], Mapping[str, Counter[str]]]]:
    plan.write(folder / "plan.json")
    tell(f"{given.tool}, {plan.profile}: {plan.seconds:g} s, a message of each user every {plan.pause_s:g} s")
    if given.tool == "k6":
        ran = run_k6(plan.script, folder / "plan.json", folder / "lines")
    else:
        ran = run_locust(plan.script, folder / "plan.json", folder / "lines", given.locust_python)
    return ran, read_lines(folder / "lines")


async def verify(plan: Plan, acknowledged: list[Acknowledged], pushed: Mapping[str, Counter[str]]) -> Verdict:
    """Read the histories of all. Raises httpx.HTTPError."""
    tell("reading the histories")
    read, incomplete = await histories(plan.base_url, plan.people)
    return verdict(acknowledged, read, incomplete, undelivered(plan, acknowledged, pushed))


def undelivered(plan: Plan, acknowledged: Sequence[Acknowledged], pushed: Mapping[str, Counter[str]]) -> int:
    """Messages that both of a conversation should have been pushed and one was not; only where they were connected."""
    if plan.script != "websocket":
        return 0
    partners: dict[str, list[str]] = {}
    for person in plan.people:
        partners.setdefault(person["conversation_id"], []).append(person["user_id"])
    audience = {user: pair for pair in partners.values() for user in pair}
    return sum(one.message_id not in pushed.get(user, {}) for one in acknowledged for user in audience[one.user_id])


def report(tool: str, plan: Plan, result: Verdict, ran: Ran) -> str:
    """One line for each that counts."""
    rate = result.acknowledged / plan.seconds
    return "\n".join(
        (
            f"{tool}, {plan.profile}: {len(plan.people)} users, {plan.seconds:g} s, {time.strftime('%Y-%m-%d')}",
            f"acknowledged  {result.acknowledged} ({rate:.1f}/s)",
            f"lost          {result.lost}",
            f"doubled       {result.doubled}",
            f"out of order  {result.reordered}",
            f"not pushed    {result.undelivered}",
            f"incomplete    {result.incomplete} conversations",
            *(f"{name}: p50 {of['p50']} ms, p99 {of['p99']} ms" for name, of in ran.latencies.items()),
        )
    )


def keep(given: argparse.Namespace, plan: Plan, result: Verdict, ran: Ran) -> None:
    """In the place of an earlier result of the same tool and profile."""
    kept = json.loads(given.json.read_text()) if given.json.exists() else {}
    kept[f"{given.tool} {plan.profile}"] = {
        "users": len(plan.people),
        "seconds": plan.seconds,
        "pause_s": plan.pause_s,
        **asdict(result),
        "latencies": ran.latencies,
        "is_within_thresholds": ran.is_within_thresholds,
        "on": machine(),
    }
    given.json.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
