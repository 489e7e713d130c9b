"""`python -m chat4all_client`: the command `chat4all`."""

import sys

from chat4all_client.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
