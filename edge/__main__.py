"""`python -m edge`: serve until told to end."""

import asyncio
import sys
from collections.abc import Sequence

from chat4all.config import ConfigurationError, settings
from chat4all.process import Process
from edge.settings import parse


def main(arguments: Sequence[str]) -> int:
    """The exit code of the process."""
    Process.service = "edge"
    try:
        own = parse(arguments)
        if "--probe" in arguments:
            from edge.probe import probe

            return probe(own)
        from edge.server import serve

        asyncio.run(serve(own, settings()))
    except ConfigurationError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
