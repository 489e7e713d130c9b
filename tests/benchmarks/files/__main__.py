"""`scripts/bench files`: a large file up and down through the API, beside the same parts put straight to the engine.

`--many 100 --size 1GB`: so many uploads at once, of zeros, as far as the disk allows, and the API's p99 meanwhile.
"""

import argparse
import asyncio
import re
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.files import many, memory, one_file
from tests.e2e.people import Person
from tests.e2e.running_stack import RunningStack

_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}
_PARAMETERS = ("SendsPerSecond=10000", "SendBurst=10000", "AccessTokenSeconds=86400")


def size_of(text: str) -> int:
    """Bytes: 2GB, 16MiB, 5000."""
    found = re.fullmatch(r"(\d+)\s*([KMG]i?B)?", text.strip(), re.IGNORECASE)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 2GB, 100MB or 16MiB")
    return int(found[1]) * _UNITS[(found[2] or "").upper()]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench files", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--size", type=size_of, help="of each file (2GB; with --many 1GB)")
    parser.add_argument("--part-size", type=size_of, default=16 << 20, help="of each part (16MiB)")
    parser.add_argument("--rounds", type=int, default=2, help="of up and down, each way first by turns (2)")
    parser.add_argument("--many", type=int, metavar="COUNT", help="so many uploads at once instead")
    parser.add_argument("--disk", type=size_of, default=25 * 10**9, help="the most that --many may take of it (25GB)")
    parser.add_argument("--folder", type=Path, help="where the stack's data are, for the time of the run (temporary)")
    return parser.parse_args()


async def _join(stack: RunningStack) -> tuple[str, str]:
    """Token of a person, and a conversation of theirs."""
    urls = stack.url("http"), stack.url("websocket", "ws")
    ana, bob = await Person.join(*urls), await Person.join(*urls, "bob")
    conversation = await ana.conversation(bob)
    await ana.http.aclose()
    await bob.http.aclose()
    return ana.token, conversation


def main() -> int:
    """Exit code 0 when the budgets hold."""
    asked = _arguments()
    size = asked.size or (10**9 if asked.many else 2 * 10**9)
    print("starting a stack of its own", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        data = Path(folder) / "data"
        stack = RunningStack(data, ["--no-simulators", *(f"--parameter={one}" for one in _PARAMETERS)]).start()
        try:
            assert stack.process is not None
            token, conversation = asyncio.run(_join(stack))
            with memory.watched(data, stack.process.pid) as peaks:
                if asked.many:
                    outcome = many.upload_all(
                        stack.url("http"), token, conversation, data, asked.many, size, asked.part_size, asked.disk
                    )
                    is_met = many.report(outcome, asked.many, size)
                else:
                    speeds = one_file.measure(
                        stack.url("http"), stack.url("s3"), token, size, asked.part_size, asked.rounds
                    )
                    is_met = one_file.report(speeds, size)
            memory.report(peaks)
        except BaseException:
            print(stack.printed(), file=sys.stderr)
            raise
        finally:
            stack.stop()
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
