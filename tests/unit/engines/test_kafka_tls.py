import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from local.engines import kafka_tls
from local.engines.kafka_tls import ensure_certificates


def test_certificates_are_made_once_for_a_host_and_the_key_is_the_owners(tmp_path: Path) -> None:
    ensure_certificates(tmp_path, "127.0.0.1")
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made.keys() == {"ca.pem", "node.pem"}
    assert b"PRIVATE KEY" in made["node.pem"]
    assert b"PRIVATE KEY" not in made["ca.pem"]
    assert (tmp_path / "node.pem").stat().st_mode & 0o777 == 0o600
    ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    ensure_certificates(tmp_path, "127.0.0.1")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == made
    ensure_certificates(tmp_path, "127.0.0.2")
    assert (tmp_path / "node.pem").read_bytes() != made["node.pem"]


@pytest.mark.parametrize("broken", ["ca.pem", "node.pem"])
def test_what_was_cut_off_or_is_missing_is_made_anew(tmp_path: Path, broken: str) -> None:
    ensure_certificates(tmp_path, "127.0.0.1")
    (tmp_path / broken).write_bytes(b"-----BEGIN")
    ensure_certificates(tmp_path, "127.0.0.1")
    authority = x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    node = x509.load_pem_x509_certificate((tmp_path / "node.pem").read_bytes())
    node.verify_directly_issued_by(authority)
    (tmp_path / broken).unlink()
    ensure_certificates(tmp_path, "127.0.0.1")
    assert (tmp_path / broken).exists()


def test_a_certificate_is_renewed_before_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_tls, "_VALID", timedelta(days=20))
    ensure_certificates(tmp_path, "127.0.0.1")
    monkeypatch.undo()
    ensure_certificates(tmp_path, "127.0.0.1")
    node = x509.load_pem_x509_certificate((tmp_path / "node.pem").read_bytes())
    assert node.not_valid_after_utc > datetime.now(UTC) + timedelta(days=3000)
