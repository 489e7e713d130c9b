"""Lets Kafka's brokers fail one at a time while people talk, and shows that nothing is lost, doubled or out of order.

Examples:
  scripts/failover-drill                       on a stack of its own with three brokers
  scripts/failover-drill --two                 then two at once too: the quorum is lost
  scripts/failover-drill --data .local-stack   on the stack that runs there (scripts/run --kafka-brokers 3)
  scripts/failover-drill --aws --cluster-arn ARN --api https://… --websocket wss://…/live
                                               MSK: each broker is rebooted by its API, which takes minutes

Prints a table, one row a failure. Exit code 0: every promise was kept; 1: one was broken; 2: the drill could not be done.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.running import ready_endpoints
from local.start_error import StartError
from tests.drills.failover.cluster import Cluster, LocalCluster, MskCluster
from tests.drills.failover.drill import drill
from tests.e2e.running_stack import RunningStack
from tests.e2e.trial import verdict

_BROKERS = 3


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/failover-drill", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, help="folder of a running stack (one of its own, which ends with the drill)"
    )
    parser.add_argument("--two", action="store_true", help="two brokers at once at the end; not with --aws")
    parser.add_argument("--aws", action="store_true", help="reboot the brokers of a provisioned MSK cluster")
    parser.add_argument("--cluster-arn", help="with --aws: the cluster")
    parser.add_argument("--api", help="with --aws: URL of the HTTP API")
    parser.add_argument("--websocket", help="with --aws: URL of the WebSocket API, with its stage")
    parser.add_argument("--endpoint-url", help="with --aws: where MSK's API is, if not on AWS")
    return parser


@contextmanager
def place(options: argparse.Namespace) -> Iterator[tuple[Cluster, str, str]]:
    """The cluster, and the addresses of the HTTP and the WebSocket API. Raises StartError."""
    if options.aws:
        missing = [name for name in ("cluster_arn", "api", "websocket") if not getattr(options, name)]
        if missing or options.two:
            wanted = ", ".join("--" + name.replace("_", "-") for name in missing)
            raise StartError(
                f"--aws needs {wanted}." if missing else "--two is not for --aws: MSK reboots one at a time."
            )
        client = boto3.client("kafka", endpoint_url=options.endpoint_url)
        yield MskCluster(client, options.cluster_arn), options.api.rstrip("/"), options.websocket.rstrip("/")
    elif options.data:
        data = options.data.resolve()
        ready_endpoints(data)
        stack = RunningStack(data, state=json.loads((data / "stack.json").read_text()))
        yield _local(stack)
    else:
        with tempfile.TemporaryDirectory(prefix="failover-") as folder:
            stack = RunningStack(
                Path(folder) / "data", [f"--kafka-brokers={_BROKERS}", "--kafka-security=scram"]
            ).start()
            try:
                yield _local(stack)
            finally:
                stack.stop()


def _local(stack: RunningStack) -> tuple[Cluster, str, str]:
    names = stack.engines()
    if f"kafka-{_BROKERS}" not in names:
        raise StartError(
            f"The stack on {stack.data} has one broker: start it with scripts/run --kafka-brokers {_BROKERS}."
        )
    return LocalCluster(stack), stack.url("http"), stack.url("websocket", "ws")


def main(given: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = arguments().parse_args(given)
    try:
        with place(options) as (cluster, http, websocket):
            outcomes = asyncio.run(
                drill(cluster, http, websocket, lambda line: print(line, flush=True), two=options.two)
            )
    except (StartError, BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except TimeoutError:
        print("error: the cluster did not become whole again: the drill ends here", file=sys.stderr)
        return 2
    return verdict(outcomes)


if __name__ == "__main__":
    sys.exit(main())
