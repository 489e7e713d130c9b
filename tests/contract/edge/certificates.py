"""Certificates that sign themselves, as files."""

import datetime
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge.settings import EdgeSettings

HERE = (x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1")))


@dataclass(frozen=True)
class Files:
    """A chain and its key."""

    certificate: Path
    key: Path

    def settings(self, port: int = 0, api_url: str = "http://127.0.0.1:1") -> EdgeSettings:
        return EdgeSettings("127.0.0.1", port, api_url, str(self.certificate), str(self.key))


def certificate(
    folder: Path, number: int = 1, names: tuple[x509.GeneralName, ...] = HERE, password: str = "", days: int = 1
) -> Files:
    """One that signs itself, for these names, and holds for so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "edge")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(number)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = Files(folder / f"certificate-{number}.pem", folder / f"key-{number}.pem")
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    no = serialization.NoEncryption()
    lock = serialization.BestAvailableEncryption(password.encode()) if password else no
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    files.key.write_bytes(pem)
    return files
