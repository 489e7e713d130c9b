"""A certificate authority of the stack's own, and one certificate that all its brokers show."""

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

_VALID = timedelta(days=3650)
_RENEWED_BEFORE = timedelta(days=30)
CA_FILE = "ca.pem"
NODE_FILE = "node.pem"


def ensure_certificates(folder: Path, host: str) -> None:
    """Make `ca.pem` and `node.pem` (key and certificate) unless they are there, for this host and long enough.

    The key of the authority is thrown away: nothing else is ever signed by it. `node.pem` comes last.
    """
    if _is_valid(folder, host):
        return
    folder.mkdir(parents=True, exist_ok=True)
    authority, node = _made(host)
    _write(folder / CA_FILE, authority, 0o644)
    _write(folder / NODE_FILE, node, 0o600)


def _is_valid(folder: Path, host: str) -> bool:
    from cryptography import x509

    try:
        authority = x509.load_pem_x509_certificate((folder / CA_FILE).read_bytes())
        node = x509.load_pem_x509_certificate((folder / NODE_FILE).read_bytes())
        node.verify_directly_issued_by(authority)
        names = node.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:  # missing, cut off or not fitting: made anew in any case
        return False
    is_named = ipaddress.ip_address(host) in names.get_values_for_type(x509.IPAddress)
    return is_named and node.not_valid_after_utc > datetime.now(UTC) + _RENEWED_BEFORE


def _made(host: str) -> tuple[bytes, bytes]:
    """PEM of the authority, and of the node's key and certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def certificate(subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + _VALID)

    issuer = named("Kafka of a local stack: authority")
    authority_key, node_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = (
        certificate(issuer, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    names = [x509.IPAddress(ipaddress.ip_address(host)), x509.DNSName("localhost")]
    node = (
        certificate(named("Kafka of a local stack"), node_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    key = node_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return authority.public_bytes(Encoding.PEM), key + node.public_bytes(Encoding.PEM)


def _write(file: Path, content: bytes, mode: int) -> None:
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
        opened.write(content)
    partial.replace(file)
