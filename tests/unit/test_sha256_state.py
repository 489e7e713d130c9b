"""A SHA-256 that is put down and taken up again, wherever, is that of all bytes."""

import base64
import hashlib
import random

import pytest

from chat4all import sha256_state
from chat4all.sha256_state import Sha256


@pytest.mark.parametrize("seed", range(20))
def test_a_hash_goes_on_from_its_state(seed: int) -> None:
    chance = random.Random(seed)
    body = chance.randbytes(chance.randrange(5000))
    cuts = sorted(chance.randrange(len(body) + 1) for _ in range(4))
    hasher = Sha256()
    for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True):
        hasher.update(body[start:end])
        hasher = Sha256(hasher.state())
    assert hasher.hexdigest() == hashlib.sha256(body).hexdigest()


def test_a_state_is_small_and_says_who_wrote_it() -> None:
    written_by, _, text = Sha256().state().partition(":")
    assert written_by[0].isdigit()
    assert len(base64.b64decode(text)) == 104


def test_a_state_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    state = Sha256().state()
    monkeypatch.setattr(sha256_state, "_version", lambda: "99.0")
    with pytest.raises(ValueError, match=r"rehashes .+, not 99\.0"):
        Sha256(state)


@pytest.mark.parametrize("text", ["", "????", "AAAA", base64.b64encode(bytes(103)).decode()])
def test_what_is_no_state_is_refused(text: str) -> None:
    written_by = Sha256().state().partition(":")[0]
    with pytest.raises(ValueError, match="no state"):
        Sha256(f"{written_by}:{text}")
