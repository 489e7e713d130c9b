"""Settings of the edge: what chat4all.config reads, and what is only here. Options of the command line stand over variables."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from chat4all.config import ConfigurationError, Settings

_LONGEST_DRAIN_S = 3600


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """Each field is read from the option of its name, or from the variable GRPC_ and its name in upper case."""

    host: str = "0.0.0.0"  # noqa: S104 - a container's own address is known to nobody before it runs
    """Address to listen on."""
    port: int = 50051
    """Port to listen on; 0 takes a free one, which is logged."""
    api_url: str = ""
    """Base URL of the HTTP API; PUBLIC_URL where it is empty."""
    certificate: str = ""
    """File with the certificate chain in PEM: TLS; needs `key`. Without it, plain HTTP/2, for behind a load balancer."""
    key: str = ""
    """File with the private key in PEM."""
    drain_s: float = 20.0
    """How long calls under way may take to end after SIGTERM."""
    receive_max_bytes: int = 5 * 2**20
    """Largest request: a small file of 4 MiB, and what is around it."""

    def __post_init__(self) -> None:
        if bool(self.certificate) != bool(self.key):
            raise ConfigurationError(f"{named('certificate')} and {named('key')} are given together")
        _check("port", self.port, 0, 65535)
        _check("drain_s", self.drain_s, 0, _LONGEST_DRAIN_S)
        _check("receive_max_bytes", self.receive_max_bytes, 1, 2**31 - 1)

    def address(self, host: str | None = None) -> str:
        """host:port, of `host` in the place of the own one."""
        host = host or self.host
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"


def check_shared(shared: Settings) -> None:
    """Raise ConfigurationError for what the edge needs of the functions' settings, and does not have."""
    if not shared.issuer:
        raise ConfigurationError("ISSUER is not set: without it no access token can be checked")
    if shared.kafka_security not in ("none", "scram", "iam"):
        raise ConfigurationError(f"KAFKA_SECURITY={shared.kafka_security!r} is not none, scram or iam")
    for server in shared.kafka_bootstrap_servers.split(","):
        host, _, port = server.strip().rpartition(":")
        if not host or not port.isdigit():
            text = (
                f"KAFKA_BOOTSTRAP_SERVERS={shared.kafka_bootstrap_servers!r} is not host:port, or several with commas"
            )
            raise ConfigurationError(text)


def named(field: str) -> str:
    """As whoever sets it knows it."""
    return f"--{field.replace('_', '-')} (GRPC_{field.upper()})"


def _check(field: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:  # nan is not either
        raise ConfigurationError(f"{named(field)} is {value}, not from {least} to {most}")


def parse(arguments: Sequence[str] | None, environment: Mapping[str, str] = os.environ) -> EdgeSettings:
    """Read settings; prints and exits for --help and for options that are none. Raises ConfigurationError."""
    parser = argparse.ArgumentParser(
        prog="python -m edge",
        description="Serves chat4all.v1 over gRPC. What it has in common with the functions (KAFKA_BOOTSTRAP_SERVERS, "
        "KAFKA_SECURITY, TABLE_PREFIX, ISSUER, AUDIENCE, EDGE_SECRET…) it reads from the same variables.",
        allow_abbrev=False,
    )
    for field in fields(EdgeSettings):
        variable = f"GRPC_{field.name.upper()}"
        kind = type(field.default)
        shown = f" (default: {field.default})" if field.default != "" else ""
        parser.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=kind,
            default=_given(environment.get(variable, ""), kind, variable, field.default),
            help=f"{_HELP[field.name]}; or {variable}{shown}",
        )
    parser.add_argument(
        "--probe", action="store_true", help="ask the edge that runs on --port whether it answers, and exit"
    )
    found = vars(parser.parse_args(arguments))
    found.pop("probe")
    return EdgeSettings(**found)


def _given(text: str, kind: type, variable: str, default: object) -> object:
    if not text:
        return default
    try:
        return kind(text)
    except ValueError as error:
        raise ConfigurationError(f"{variable}={text!r} is not a {kind.__name__}") from error


_HELP = {
    "host": "address to listen on",
    "port": "port to listen on; 0 takes a free one",
    "api_url": "base URL of the HTTP API; PUBLIC_URL where it is left out",
    "certificate": "file with a certificate chain in PEM, for TLS",
    "key": "file with its private key in PEM",
    "drain_s": "seconds that calls may take to end after SIGTERM",
    "receive_max_bytes": "largest request, bytes",
}
