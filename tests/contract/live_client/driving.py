"""Has a page play a seed of the model (page/drive.js)."""

from typing import Any

import pytest

from tests.contract.live_client.conftest import CLIENT
from tests.local.console.browser import Page

WITHIN_S = 240
"""Less than what a test may take, so that one that hangs says where. A seed is some 15 s on a machine that is free."""


def drive(page: Page, seed: int, messages: int, client: str = CLIENT) -> Any:
    """{differences, written, minutes, seen}."""
    script = f"""Promise.all([import('./drive.js'), import('{client}index.js')])
        .then(([m, live]) => m.drive(live, {{ seed: {seed}, messages: {messages} }}))"""
    try:
        return page.run(script, WITHIN_S)
    except TimeoutError:
        pytest.fail(f"not over in {WITHIN_S} s: {page.run('globalThis.driving()')}")
