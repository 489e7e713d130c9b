"""`python -m chat4all_client`."""

import sys

from chat4all_client.command import main

if __name__ == "__main__":
    sys.exit(main())
