"""What commands take: nouns with their verbs, options that several have, and types, by which what cannot be is refused before
anything is asked (exit code 2).
"""

import argparse
from datetime import date
from typing import Any


def add_noun(nouns: Any, name: str, what: str, description: str | None, examples: str | None = None) -> Any:
    """Add a noun to the subparsers of the command line; its verbs are added to what this returns."""
    raw = argparse.RawDescriptionHelpFormatter
    noun = nouns.add_parser(name, help=what, description=description, epilog=examples, formatter_class=raw)
    return noun.add_subparsers(metavar="VERB", required=True)


def choosing() -> argparse.ArgumentParser:
    """Options by which records are chosen: the parent of a verb."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--consumer", help="whose records they are, such as router or telegram_send")
    parser.add_argument("--cause", help="a part of the cause, whatever its case")
    parser.add_argument("--json", action="store_true", help="JSON for programs")
    return parser


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
