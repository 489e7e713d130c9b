"""What scripts/bench files takes and checks."""

import argparse
import hashlib

import pytest

from tests.benchmarks.files.__main__ import size_of
from tests.benchmarks.files.one_file import sha256_of


@pytest.mark.parametrize(
    ("text", "size"), [("2GB", 2 * 10**9), ("16 MiB", 16 << 20), ("1kb", 1000), ("7", 7), ("1GiB", 1 << 30)]
)
def test_sizes(text, size):
    assert size_of(text) == size


@pytest.mark.parametrize("text", ["", "GB", "1.5GB", "-1MB", "1TBx"])
def test_what_is_no_size(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is no size such as 2GB"):
        size_of(text)


def test_the_digest_of_a_block_again_and_again():
    assert sha256_of(memoryview(b"abc"), 7) == hashlib.sha256(b"abcabca").hexdigest()
