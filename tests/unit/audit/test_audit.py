"""The scan of tracked files finds what is planted, and what pip-audit prints is understood, also where it knows nothing."""

import json
import subprocess
from pathlib import Path

import pytest

from infra.audit.__main__ import main
from infra.audit.packages import Audited, read, without_accepted
from infra.audit.tracked import findings, reviewed, tracked

ROOT = Path(__file__).resolve().parents[3]
PLANTED = {
    "settings.py": "access_" + 'key = "AKIA' + "QYLPMN5HFIQR7XYA" + '"',
    "key.pem": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\n",
    "tests/world.py": "token = " + '"ghp_' + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx" + '"',
    "service.py": "db_pass" + 'word = "' + "Tr0ub4dor-and-3" + '"',
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "plain.py").write_text("name = 'ana'\n")
    return tmp_path


@pytest.mark.parametrize("path", PLANTED)
def test_a_planted_secret_fails_and_is_not_printed(
    repository: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["secrets", "--root", str(repository)]) == 0
    (repository / path).write_text(PLANTED[path] + "\n")
    assert main(["secrets", "--root", str(repository)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{path}:1: ")
    assert PLANTED[path].split('"')[1 if '"' in PLANTED[path] else 0] not in told


def test_what_is_asked_for_wrongly_does_not_pass() -> None:
    done = subprocess.run([ROOT / "scripts" / "audit", "secret"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "'secret' is none of secrets, packages" in done.stderr


def test_what_was_reviewed_has_a_reason_and_a_file() -> None:
    known = reviewed()
    assert known
    assert all(because.strip() for because in known.values())
    gone = sorted({finding.path for finding in known} - set(tracked(ROOT)))
    assert gone == [], "take them out: scripts/audit secrets --because WHY"


def test_a_word_behind_password_is_no_secret_in_tests_and_documents(repository: Path) -> None:
    (repository / "tests" / "world.py").write_text(PLANTED["service.py"])
    assert findings(repository, tracked(repository)) == {}


def test_findings_of_pip_audit_are_told_apart_from_what_it_could_not_ask() -> None:
    found = Audited()
    packages = [
        {"name": "a", "version": "1", "vulns": []},
        {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}, {"id": "CVE-2"}]},
        {"name": "c", "skip_reason": "Dependency not found on PyPI"},
    ]
    read("edge.txt", json.dumps({"dependencies": packages}), "", found)
    read("dev.txt", "", "ERROR: connection refused\n", found)
    assert (found.checked, found.unknown, found.failed) == (2, 1, ["dev.txt: ERROR: connection refused"])
    assert without_accepted(found.vulnerable, {"CVE-2": "not called"}) == {"b 2": {"PYSEC-1"}}
    assert without_accepted(found.vulnerable, {"CVE-2": "not called", "PYSEC-1": "neither"}) == {}
