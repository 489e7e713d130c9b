"""TLS of the edge: a chain and its key from files, checked before anything is served, and read anew where they were changed."""

import os
import ssl
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import grpc
from cryptography import x509

from chat4all.config import ConfigurationError
from chat4all.logs import logger
from edge.settings import EdgeSettings, named

_CERTIFICATE, _KEY = named("certificate"), named("key")


class Pair:
    """The files as they are now. New ones hold for the next connection; a pair that is none leaves the former in force."""

    def __init__(self, own: EdgeSettings) -> None:
        """Raises ConfigurationError, which names setting and file."""
        self._files = (own.certificate, own.key)
        self._seen = self._state()
        self._pem = read(own)
        self._own = own

    @property
    def until(self) -> datetime:
        """When the certificate ends that is served."""
        return until(self._pem[1])

    def credentials(self) -> Any:
        """What a server listens with."""
        return grpc.dynamic_ssl_server_credentials(self._configuration(), self._changed)

    def _changed(self) -> Any:
        """Asked by grpc before each handshake: the new pair, or None where it stays."""
        state = self._state()
        if state == self._seen:
            return None
        self._seen = state
        try:
            self._pem = read(self._own)
        except ConfigurationError as error:
            logger.error("the new certificate is not served; the former one still is", cause=str(error))
            return None
        logger.info("another certificate is served", certificate_until=until(self._pem[1]).isoformat())
        return self._configuration()

    def _configuration(self) -> Any:
        return grpc.ssl_server_certificate_configuration([self._pem])

    def _state(self) -> Sequence[tuple[int, int, int] | None]:
        return [_state(name) for name in self._files]


def read(own: EdgeSettings) -> tuple[bytes, bytes]:
    """Key and chain, in PEM; raises ConfigurationError for what is none, or where one is not the other's."""
    chain, key = _bytes(_CERTIFICATE, own.certificate), _bytes(_KEY, own.key)
    try:
        until(chain)
    except ValueError as error:
        raise ConfigurationError(f"{_CERTIFICATE} {own.certificate} has no certificate in PEM") from error
    try:
        # An encrypted key is refused: nobody is there to be asked for its password.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(own.certificate, own.key, password=lambda: b"")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            text = f"{_KEY} {own.key} is not the key of {_CERTIFICATE} {own.certificate}"
        else:
            text = f"{_KEY} {own.key} is no private key in PEM without a password ({error.reason or error})"
        raise ConfigurationError(text) from error
    return key, chain


def until(chain: bytes) -> datetime:
    """When the first certificate of a chain ends; raises ValueError where there is none."""
    return x509.load_pem_x509_certificate(chain).not_valid_after_utc


def name_in(chain: bytes) -> str | None:
    """A name that the first certificate of a chain is for; None where it has none. Raises ValueError."""
    certificate = x509.load_pem_x509_certificate(chain)
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    found = names.get_values_for_type(x509.DNSName)
    return found[0].replace("*", "any", 1) if found else next(map(str, names.get_values_for_type(x509.IPAddress)), None)


def _bytes(setting: str, name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{setting} {name}: {error.strerror}") from error


def _state(name: str) -> tuple[int, int, int] | None:
    """By which a change is seen; None where the file is away for a moment."""
    try:
        found = os.stat(name)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
