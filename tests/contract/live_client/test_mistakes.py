"""Each rule of the client, broken, is found by the model."""

import pytest

from tests.contract.live_client.conftest import CLIENT, Modules
from tests.contract.live_client.driving import drive
from tests.local.console.browser import Page

MESSAGES = 250
TRIES = 20
"""Runs in which a mistake may stay unseen."""
FOUND_BY = {"counts reactions in a hole": 4, "takes the older text": 10}
"""Seeds that found what the first ones did not: they are tried first."""

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


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_rules_is_found(page: Page, modules: Modules, mistake: str) -> None:
    name = mistake.replace(" ", "-")
    modules.changes[name] = MISTAKES[mistake]
    first = FOUND_BY.get(mistake, 1)
    for seed in (first, *(other for other in range(1, TRIES + 1) if other != first)):
        if drive(page, seed, MESSAGES, f"/changed/{name}{CLIENT}")["differences"]:
            return
    pytest.fail(f"{TRIES} runs did not find it")
