"""Types of arguments: what cannot be is refused before anything is asked (exit code 2)."""

import argparse
from datetime import date


def number(text: str) -> int:
    """From 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def day(text: str) -> str:
    """YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-11-21") from None
