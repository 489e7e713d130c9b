"""Live clients against a server that is right by construction, over a network that loses, repeats, delays and reorders.

Devices with one or two tabs write, change, react, read, load what is older, crash and come back; others come and go. At the end
each store has what the server has, and so has a later visit without a connection.
"""

import json
import os

import pytest

from tests.contract.live_client.driving import drive
from tests.local.console.browser import Page

SEEDS = int(os.environ.get("LIVE_CLIENT_SEEDS", "2"))
MESSAGES = int(os.environ.get("LIVE_CLIENT_MESSAGES", "600"))


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_every_store_ends_equal_to_the_server(page: Page, seed: int) -> None:
    found = drive(page, seed, MESSAGES)
    assert found["differences"] == [], json.dumps(found, ensure_ascii=False, indent=1)
    assert found["written"] >= MESSAGES
