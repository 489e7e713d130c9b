"""Secrets in tracked files, found by detect-secrets; those that people have looked at stand in reviewed.json with a reason."""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

REVIEWED = Path(__file__).with_name("reviewed.json")
_GUESSING = ("Base64HighEntropyString", "HexHighEntropyString", "KeywordDetector")
"""They take any word behind `password` and any digest for a secret."""
_FORMS = (
    "AWSKeyDetector",
    "BasicAuthDetector",
    "GitHubTokenDetector",
    "JwtTokenDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
    "SlackDetector",
    "StripeDetector",
    "TelegramBotTokenDetector",
)
"""What has a form of its own, of those whom this product or its people have to do with: each costs seconds."""
_MADE_UP = ("tests/", "docs/", "events/", "examples/", "proto/", "README")
"""Where what looks like a secret is made up: only what has a provider's own form is looked for."""
_FOREIGN = (
    "functions/reference/site/vendor/",
    "functions/reference/site/openapi.json",
    "clients/javascript/chat4all/vendor/",
    "requirements/",
)
"""Code of others, copies, and hashes."""
_GENERATED = ("clients/javascript/types/", "clients/python/chat4all_client/documents.py")
_WORDS = ("functions/pages/site/chat/words_", "functions/pages/site/page/words_", "functions/pages/site/upload/words_")
"""What pages say: labels of fields for passwords."""
_NO_TEXT = (".png", ".jpg", ".svg", ".binpb", ".gz", ".webp", ".ico", ".woff2", ".pdf")
_GUESS_LIMITS = {"Base64HighEntropyString": 4.5, "HexHighEntropyString": 3.5}


@dataclass(frozen=True, order=True)
class Finding:
    """What looks like a secret; the same wherever it stands in its file."""

    path: str
    kind: str
    digest: str
    """SHA-1 of it, in hex: what is found is never printed."""


def tracked(root: Path) -> list[str]:
    """Files that git tracks, or would if they were added."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = (
        subprocess.run(  # noqa: S603 - our own words
            command, cwd=root, capture_output=True, check=True
        )
        .stdout.decode()
        .split("\0")
    )
    return sorted(path for path in listed if path and (root / path).is_file())


def findings(root: Path, paths: Iterable[str]) -> Mapping[Finding, int]:
    """By line."""
    wanted = [
        path for path in paths if not path.startswith(_FOREIGN) and path != _own(root) and not path.endswith(_NO_TEXT)
    ]
    guessed = [path for path in wanted if not path.startswith((*_MADE_UP, *_GENERATED, *_WORDS))]
    return dict([*_found(root, wanted, guessing=False), *_found(root, guessed, guessing=True)])


def reviewed() -> Mapping[Finding, str]:
    """What people have looked at, and why it is no secret."""
    entries: list[dict[str, str]] = json.loads(REVIEWED.read_text("utf-8"))
    return {Finding(e["path"], e["kind"], e["digest"]): e["because"] for e in entries}


def write_reviewed(entries: Mapping[Finding, str]) -> None:
    """Keep the file."""
    rows = [{"path": f.path, "kind": f.kind, "digest": f.digest, "because": why} for f, why in sorted(entries.items())]
    REVIEWED.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _found(root: Path, paths: Iterable[str], *, guessing: bool) -> Iterator[tuple[Finding, int]]:
    collection = SecretsCollection(root=str(root))
    with transient_settings({"plugins_used": _plugins(guessing)}):
        for path in paths:
            collection.scan_file(path)
    for path, secret in collection:
        yield Finding(path, secret.type, secret.secret_hash), secret.line_number


def _plugins(guessing: bool) -> list[dict[str, Any]]:
    names = _GUESSING if guessing else _FORMS
    limits = ({"limit": _GUESS_LIMITS[name]} if name in _GUESS_LIMITS else {} for name in sorted(names))
    return [{"name": name, **limit} for name, limit in zip(sorted(names), limits, strict=True)]


def _own(root: Path) -> str:
    return REVIEWED.relative_to(root).as_posix() if REVIEWED.is_relative_to(root) else ""
