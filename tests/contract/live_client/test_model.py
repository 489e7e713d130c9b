"""Live clients against a server that is right by construction, over a network that loses, repeats, delays and reorders.

Devices with one or two tabs write, change, react, read, load what is older, crash and come back; others come and go. At the end
each store has what the server has, and so has a later visit without a connection.
"""

import json
import os
from typing import Any

import pytest

from tests.contract.live_client.conftest import CLIENT, Modules
from tests.local.console.browser import Page

SEEDS = int(os.environ.get("LIVE_CLIENT_SEEDS", "2"))
MESSAGES = int(os.environ.get("LIVE_CLIENT_MESSAGES", "600"))
WITHIN_S = 600
TRIES = 40
"""Runs in which a mistake may stay unseen."""

MISTAKES = {
    "counts what it skipped": ("rules.js", "while (beyond[0] === reached + 1)", "while (beyond.length)"),
    "takes the older text": (
        "rules.js",
        "const hasText = (given.revision ?? 0) > (held.revision ?? 0);",
        "const hasText = given.content !== held.content;",
    ),
    "takes older reactions": (
        "rules.js",
        "const hasReactions = (given.reactions_version ?? 0) > (held.reactions_version ?? 0);",
        "const hasReactions = true;",
    ),
    "counts reactions in a hole": ("rules.js", "if (mayStandInHole)", "if (mayStandInHole && false)"),
    "sends the newest first": ("outbox.js", ".find((entry) => !entry.failed", ".findLast((entry) => !entry.failed"),
    "sends with another id": (
        "outbox.js",
        "return { message_id, conversation_id",
        "return { message_id: crypto.randomUUID(), conversation_id",
    ),
    "stores how far it is before what it holds": (
        "writer.js",
        "if (!this._hasFailed) await this._store.commit(whole);",
        "await this._store.commit({ ...whole, messages: whole.messages.slice(1) });",
    ),
    "does not look at members again": ("catching_up.js", "for (const id of this._unsure())", "for (const id of [])"),
}


def drive(page: Page, seed: int, messages: int, client: str = CLIENT) -> Any:
    script = f"""Promise.all([import('./drive.js'), import('{client}index.js')])
        .then(([m, live]) => m.drive(live, {{ seed: {seed}, messages: {messages} }}))"""
    return page.run(script, WITHIN_S)


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_every_store_ends_equal_to_the_server(page: Page, seed: int) -> None:
    found = drive(page, seed, MESSAGES)
    assert found["differences"] == [], json.dumps(found, ensure_ascii=False, indent=1)
    assert found["written"] >= MESSAGES


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_rules_is_found(page: Page, modules: Modules, mistake: str) -> None:
    name = mistake.replace(" ", "-")
    modules.changes[name] = MISTAKES[mistake]
    for seed in range(1, TRIES + 1):
        if drive(page, seed, 250, f"/changed/{name}{CLIENT}")["differences"]:
            return
    pytest.fail(f"{TRIES} runs did not find it")
