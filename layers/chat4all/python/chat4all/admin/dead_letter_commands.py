"""`dead-letters list|show|replay`: what consumers could not take, and sending it to them again."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from chat4all.admin.arguments import add_noun, choosing
from chat4all.admin.dead_letter_records import shown
from chat4all.admin.dead_letters import Filter, Found, find, replay, replayable
from chat4all.admin.errors import AdminError
from chat4all.admin.operations import operated
from chat4all.admin.tables import table
from chat4all.admin.topic_reading import Topics, topics
from chat4all.bootstrap import app
from chat4all.clock import rfc3339
from chat4all.domain.audit import Action
from chat4all.kafka.cluster import Cluster
from chat4all.kafka.dead_letters import DeadLetter

_EXAMPLES = """examples:
  admin dead-letters list --topic chat4all.outbound.telegram
  admin dead-letters show chat4all.outbound.telegram-3@17
  admin dead-letters replay --cause "v2" --dry-run
  admin dead-letters replay chat4all.messages-0@15 chat4all.messages-0@16
"""


def add_to(nouns: Any) -> None:
    """Add the noun to the subparsers of the command line."""
    verbs = add_noun(nouns, "dead-letters", "records that consumers could not take", __doc__, _EXAMPLES)
    listing = verbs.add_parser("list", help="those that are open, oldest first", parents=[_choice()])
    listing.add_argument("--all", action="store_true", help="those that were replayed, too")
    listing.set_defaults(run=_list)
    showing = verbs.add_parser("show", help="one of them with what it holds")
    showing.add_argument("id", help="as list shows it, such as chat4all.messages-0@15")
    showing.set_defaults(run=_show)
    replaying = verbs.add_parser("replay", help="send to the consumers again", parents=[_choice()])
    replaying.add_argument("id", nargs="*", help="as list shows it; or choose by options")
    replaying.add_argument("--every", action="store_true", help="every one that is open")
    replaying.add_argument("--again", action="store_true", help="those that were replayed before, too")
    replaying.add_argument("--dry-run", action="store_true", help="only show what would be sent")
    replaying.set_defaults(run=_replay)


def _choice() -> argparse.ArgumentParser:
    parser = choosing()
    parser.add_argument("--topic", help="the topic that the record was on")
    parser.add_argument("--conversation", help="id of the conversation (the record's key)")
    return parser


def _filter(chosen: argparse.Namespace) -> Filter:
    return Filter(getattr(chosen, "id", ()), chosen.topic, chosen.cause, chosen.conversation, chosen.consumer)


@contextmanager
def _topics() -> Iterator[Topics]:
    with topics(Cluster.of(app().settings)) as opened:
        yield opened


def _list(chosen: argparse.Namespace) -> int:
    with _topics() as opened:
        found = find(opened, _filter(chosen))
    listed = [each for each in found if chosen.all or each.replayed_at is None]
    if chosen.json:
        _print_json([shown(each.letter, replayed_at=each.replayed_at, whole=False) for each in listed])
        return 0
    _print_table(listed)
    replayed = sum(each.replayed_at is not None for each in found)
    hint = f", {replayed} replayed" + ("" if chosen.all else " (--all lists them)") if replayed else ""
    print(f"{len(found) - replayed} open{hint}")
    return 0


def _show(chosen: argparse.Namespace) -> int:
    with _topics() as opened:
        (found,) = find(opened, Filter([chosen.id]))
    _print_json(shown(found.letter, replayed_at=found.replayed_at, whole=True))
    return 0


def _replay(chosen: argparse.Namespace) -> int:
    wanted = _filter(chosen)
    if wanted == Filter([]) and not chosen.every:
        raise AdminError("say which: ids, --topic, --cause, --conversation, --consumer, or --every")
    with _topics() as opened:
        found = find(opened, wanted)
        done_before = [each for each in found if each.replayed_at is not None]
        if wanted.ids and done_before and not chosen.again:
            raise AdminError(f"{done_before[0].letter.origin} was replayed before: --again sends it once more")
        due = [each for each in found if each.replayed_at is None or chosen.again]
        letters = [replayable(opened, each.letter) for each in due]
    if chosen.dry_run:
        if chosen.json:
            _print_json({"would_replay": [letter.origin for letter in letters]})
        else:
            _print_table(due)
            print(f"{len(letters)} would be replayed")
        return 0
    done = _replayed(letters) if letters else Counter()
    if chosen.json:
        _print_json({"replayed": [letter.origin for letter in letters]})
    else:
        print(f"{done.total()} replayed" + "".join(f", {number} to {topic}" for topic, number in done.items()))
    return 0


def _replayed(letters: Sequence[DeadLetter]) -> Counter[str]:
    done: Counter[str] = Counter()
    with operated(Action.DEAD_LETTER_REPLAY, ", ".join(letter.origin for letter in letters), records=len(letters)):
        for letter in replay(app().publisher, letters):
            done[letter.topic] += 1
            print(f"replayed {done.total()} of {len(letters)}: {letter.origin}", file=sys.stderr)
    return done


def _print_table(found: Sequence[Found]) -> None:
    rows = []
    for each in found:
        letter = each.letter
        mark = f"[replayed {rfc3339(each.replayed_at)}] " if each.replayed_at is not None else ""
        rows.append((letter.origin, rfc3339(letter.time_ms), letter.consumer, str(letter.tries), mark + letter.cause))
    table(("ID", "TIME", "CONSUMER", "TRIES", "CAUSE"), rows)


def _print_json(document: Any) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))
