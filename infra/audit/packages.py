"""Known vulnerabilities of what requirements/*.txt pin, told by pip-audit, which asks the package index for its advisories."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_TIMEOUT_S = 240


@dataclass
class Audited:
    """What is known of the packages of some files."""

    vulnerable: dict[str, set[str]] = field(default_factory=dict)
    """Advisories by `name version`."""
    checked: int = 0
    unknown: int = 0
    """Packages of which the index told nothing."""
    failed: list[str] = field(default_factory=list)
    """Files that could not be asked about, and why."""


def audit(python: Path, files: Sequence[Path]) -> Audited:
    """Ask for each file; nothing is installed."""
    found = Audited()
    for file in files:
        command = [
            str(python),
            "-m",
            "pip_audit",
            "--disable-pip",
            "--progress-spinner=off",
            "--format=json",
            "-r",
            str(file),
        ]
        try:
            ran = subprocess.run(  # noqa: S603 - our own words
                command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired:
            found.failed.append(f"{file.name}: no answer within {_TIMEOUT_S} s")
            continue
        read(file.name, ran.stdout, ran.stderr, found)
    return found


def read(name: str, printed: str, complaints: str, into: Audited) -> None:
    """What pip-audit printed about one file."""
    try:
        packages = json.loads(printed)["dependencies"]
    except (ValueError, KeyError):
        last = complaints.strip().splitlines()[-1:] or ["it printed nothing"]
        into.failed.append(f"{name}: {last[0]}")
        return
    for package in packages:
        if "skip_reason" in package:
            into.unknown += 1
            continue
        into.checked += 1
        if package["vulns"]:
            known = into.vulnerable.setdefault(f"{package['name']} {package['version']}", set())
            known |= {each["id"] for each in package["vulns"]}


def without_accepted(vulnerable: Mapping[str, set[str]], accepted: Mapping[str, str]) -> dict[str, set[str]]:
    """Those that nobody has given a reason for."""
    left = {package: {each for each in known if each not in accepted} for package, known in vulnerable.items()}
    return {package: known for package, known in left.items() if known}
