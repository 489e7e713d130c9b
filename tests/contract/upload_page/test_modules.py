"""Modules of the JavaScript client in a real browser, as the function `pages` serves them: under its policy, in a worker."""

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.local.console.browser import Page

PART = 5 * 1024 * 1024
LARGE_PART = 65 * 1024 * 1024
"""More than the worker reads at once."""


def run(page: Page, module: str, script: str) -> Any:
    """What the body of an async function gives, in which `m` is the module."""
    return page.run(f"import('/pages/chat4all/{module}').then(async (m) => {{ {script} }})")


def test_delays_double_have_jitter_and_heed_the_server(modules: Page) -> None:
    script = "return [1, 2, 3, 20].map((n) => [m.delayMs(n, null, () => 0), m.delayMs(n, null, () => 1)])"
    assert run(modules, "backoff.js", script) == [[250, 500], [500, 1000], [1000, 2000], [15_000, 30_000]]
    assert run(modules, "backoff.js", "return m.delayMs(1, 7)") == 7000


def test_a_pause_ends_when_it_is_woken_or_called_off(modules: Page) -> None:
    script = """const waking = new EventTarget(), ending = new AbortController();
        const one = m.pause(1e9, new AbortController().signal, waking), two = m.pause(1e9, ending.signal, new EventTarget());
        waking.dispatchEvent(new Event("wake")); ending.abort();
        await Promise.all([one, two, m.pause(1e9, ending.signal, waking)]);
        return "awake" """
    assert run(modules, "backoff.js", script) == "awake"


def test_a_rate_is_that_of_the_last_seconds(modules: Page) -> None:
    script = """let now = 0;
        const rate = new m.Rate(() => now), seen = [];
        const go = (seconds, bytes) => {
            for (let at = 0; at < seconds; at++) { now += 1000; rate.add(bytes); }
            seen.push(rate.value);
        };
        seen.push(rate.value); rate.add(0); seen.push(rate.value);
        go(20, 1000); seen.push(rate.secondsFor(5000)); go(20, 3000); go(20, 0); seen.push(rate.secondsFor(1));
        rate.reset(); seen.push(rate.value);
        return seen"""
    assert run(modules, "rate.js", script) == [None, None, 1000, 5, 3000, 0, None, None]


def test_what_is_held_back_goes_on_or_ends(modules: Page) -> None:
    script = """const gate = new m.Gate(), seen = [];
        const first = await gate.open();
        gate.close();
        const later = gate.open().then((signal) => seen.push(signal.aborted));
        seen.push(first.aborted); gate.letThrough(); await later;
        gate.close(); const never = gate.open().catch((error) => seen.push(error.name));
        gate.end(); await never; gate.letThrough(); seen.push(gate.isOpen);
        return seen"""
    assert run(modules, "gate.js", script) == [True, False, "Cancelled", False]


def test_between_maker_and_taker_little_waits_and_nothing_is_lost(modules: Page) -> None:
    script = """const channel = new m.Channel(2), put = [], taken = [];
        const making = (async () => { for (let n = 1; n <= 5; n++) { await channel.put(n); put.push(n); } channel.end(); })();
        await new Promise((done) => setTimeout(done));
        const ahead = put.length;
        for (let n = await channel.take(); n; n = await channel.take()) taken.push(n);
        await making;
        const full = new m.Channel(1); await full.put(1); const stuck = full.put(2); full.end(); await stuck;
        return [ahead, taken, await full.take(), await full.take()]"""
    assert run(modules, "gate.js", script) == [2, [1, 2, 3, 4, 5], 1, None]


@pytest.mark.parametrize(
    ("size", "part"), [(1, PART), (PART, PART), (2 * PART + 7, PART), (LARGE_PART + 3, LARGE_PART)]
)
def test_the_worker_has_the_sums_of_parts_and_whole(modules: Page, tmp_path: Path, size: int, part: int) -> None:
    """In a worker, under the policy, of a file on disk, by either way of reading."""
    file = tmp_path / "file.bin"
    file.write_bytes(random.Random(size).randbytes(size))
    modules.give_file("#files", file)
    script = f"""const sums = [];
        const file = document.querySelector("#files").files[0];
        for await (const one of m.digestsOf(file, file.size, {part})) sums.push(one.sha256 ?? one.whole);
        return sums"""
    raw = file.read_bytes()
    expected = [hashlib.sha256(raw[at : at + part]).hexdigest() for at in range(0, size, part)]
    assert run(modules, "digests.js", script) == [*expected, hashlib.sha256(raw).hexdigest()]


def test_a_file_that_went_away_is_told_from_a_fault_of_ours(modules: Page, tmp_path: Path) -> None:
    file = tmp_path / "file.bin"
    file.write_bytes(b"here")
    modules.give_file("#files", file)
    file.unlink()
    script = f"""try {{ for await (const one of m.digestsOf(document.querySelector("#files").files[0], 4, {PART})); }}
        catch (error) {{ return error.name }}"""
    assert run(modules, "digests.js", script) == "FileUnreadable"


def test_what_is_vendored_is_what_was_published() -> None:
    clients = Path(__file__).resolve().parents[3] / "clients/javascript"
    digest = hashlib.sha256((clients / "chat4all/vendor/hash-wasm/sha256.umd.min.js").read_bytes()).hexdigest()
    assert digest in (clients / "README.md").read_text()
    assert json.loads((clients / "package.json").read_text())["type"] == "module"
