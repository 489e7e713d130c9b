"""Known vulnerabilities of pinned packages, and secrets in tracked files. Exit code 1 where either finds something."""

import argparse
import json
import sys
from pathlib import Path

from infra.audit.packages import audit, without_accepted
from infra.audit.tracked import findings, reviewed, tracked, write_reviewed

ROOT = Path(__file__).parents[2]
_ACCEPTED = Path(__file__).with_name("accepted.json")
"""Advisories that do not concern us: {id: why}."""


def main(given: list[str] | None = None) -> int:
    """Carry out what is asked for."""
    parser = argparse.ArgumentParser("audit", description=__doc__)
    parser.add_argument("what", choices=("secrets", "packages"))
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="one that has pip-audit")
    parser.add_argument("--root", type=Path, default=ROOT, help="another repository")
    parser.add_argument("--because", metavar="WHY", help="of secrets: what is found now is none, for this reason")
    chosen = parser.parse_args(given)
    return secrets(chosen.root.resolve(), chosen.because) if chosen.what == "secrets" else packages(chosen.python)


def secrets(root: Path, because: str | None) -> int:
    """Look through all tracked files."""
    known, found = reviewed(), findings(root, paths := tracked(root))
    new = {finding: line for finding, line in found.items() if finding not in known}
    if because:
        write_reviewed({f: why for f, why in known.items() if f in found} | dict.fromkeys(new, because))
        print(f"{len(new)} reviewed")
        return 0
    for finding, line in sorted(new.items()):
        print(f"{finding.path}:{line}: {finding.kind}", file=sys.stderr)
    if new:
        print(
            "Take it out, and make it anew where it was in use; if it is none: scripts/audit secrets --because WHY",
            file=sys.stderr,
        )
    print(f"{len(paths)} files, {len(new)} secrets, {len(found) - len(new)} reviewed")
    return 1 if new else 0


def packages(python: Path) -> int:
    """Ask about all files of requirements."""
    files = sorted((ROOT / "requirements").glob("*.txt"))
    found = audit(python, files)
    left = without_accepted(found.vulnerable, json.loads(_ACCEPTED.read_text("utf-8")))
    for package, advisories in sorted(left.items()):
        print(f"{package}: {', '.join(sorted(advisories))}", file=sys.stderr)
    for failure in found.failed:
        print(f"NOT CHECKED {failure}", file=sys.stderr)
    if found.unknown:
        print(f"NOT CHECKED {found.unknown} packages: the index here tells no advisories of them", file=sys.stderr)
    print(f"{len(files)} files, {found.checked} packages checked, {len(left)} vulnerable")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
