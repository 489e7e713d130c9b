"""A Kafka that asks for sign-in: SCRAM-SHA-512 over TLS, as MSK offers it.

The brokers' own user is written into the storage when it is formatted (KIP-900); the others are told to the running
cluster at each start, so that a password changed in its secret holds from the next start on.
"""

import asyncio
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.engines import kafka_files
from local.engines.kafka_cluster import Cluster
from local.engines.kafka_format import format_command, is_formatted
from local.engines.kafka_tls import CA_FILE, ensure_certificates
from local.engines.parent_death import following
from local.kafka_access import ScramUser, client_security
from local.start_error import StartError

_BROKER = "broker"
_PASSWORD_FILE = "broker-password"  # noqa: S105 - a name
_CHECKPOINT = "bootstrap.checkpoint"
_ADMIT_S = 30.0


def ca_file(data: Path) -> Path:
    """Where clients find the certificate of the authority."""
    return data / "scram" / CA_FILE


class Scram:
    """Of all nodes of one cluster, which may be started side by side. `users` are those of clients."""

    def __init__(self, cluster: Cluster, users: Sequence[ScramUser]) -> None:
        self._cluster = cluster
        self._users = users
        self._folder = cluster.data / "scram"
        self._lock = asyncio.Lock()
        self._admitted = False

    async def prepare(self, java: Path) -> Path:
        """Certificates and the brokers' password; the checkpoint that storage begins with. Raises StartError."""
        async with self._lock:
            checkpoint = self._folder / _CHECKPOINT
            if not checkpoint.exists():
                if any(is_formatted(self._cluster.storage(node)) for node in self._cluster.nodes):
                    raise StartError(
                        f"The data in {self._cluster.data} are those of a Kafka without sign-in: leave --kafka-security "
                        "scram out, or take another folder with --data, or forget all data with --fresh."
                    )
                await asyncio.to_thread(ensure_certificates, self._folder, self._cluster.host)
                self._make_password()
                await self._make_checkpoint(java, checkpoint)
            else:
                await asyncio.to_thread(ensure_certificates, self._folder, self._cluster.host)
            return checkpoint

    def words(self) -> Mapping[str, str]:
        """What stands in kafka-scram.properties in braces."""
        folder = kafka_files.escaped(str(self._folder))
        return {"{tls}": folder, "{broker}": _BROKER, "{broker_password}": self._password()}

    def security(self) -> Mapping[str, str]:
        """librdkafka's settings, as the brokers' own user."""
        return client_security(str(self._folder / CA_FILE), ScramUser(_BROKER, self._password()))

    async def admit(self) -> None:
        """Tell the running cluster its users, once. Raises StartError."""
        async with self._lock:
            if not self._admitted:
                await asyncio.to_thread(self._tell_users)
                self._admitted = True

    def _tell_users(self) -> None:
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient
        from confluent_kafka.admin._scram import (
            ScramCredentialInfo,
            ScramMechanism,
            UserScramCredentialAlteration,
            UserScramCredentialUpsertion,
        )

        how = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        names = {user.username: user.password for user in self._users}
        wanted: list[UserScramCredentialAlteration] = [
            UserScramCredentialUpsertion(name, how, password.encode()) for name, password in names.items()
        ]
        admin = AdminClient({"bootstrap.servers": self._cluster.servers, "log_level": 0, **self.security()})
        try:
            for told in admin.alter_user_scram_credentials(wanted, request_timeout=_ADMIT_S).values():
                told.result(_ADMIT_S)
        except (KafkaException, TimeoutError) as error:
            raise StartError(f"Kafka did not take its users {', '.join(names)}: {error}") from error

    def _make_password(self) -> None:
        with os.fdopen(
            os.open(self._folder / _PASSWORD_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
        ) as file:
            file.write(secrets.token_urlsafe(24))

    def _password(self) -> str:
        return (self._folder / _PASSWORD_FILE).read_text("utf-8")

    async def _make_checkpoint(self, java: Path, target: Path) -> None:
        """By Kafka's own tool, 0.7 s."""
        user = f"SCRAM-SHA-512=[name={_BROKER},password={self._password()}]"
        with tempfile.TemporaryDirectory(prefix="local-stack-kafka-") as temporary:
            command, made = format_command(java, kafka_files.home(), Path(temporary), "--add-scram", user)
            process = await asyncio.create_subprocess_exec(
                *following(command, signal.SIGKILL),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            said, _ = await process.communicate()
            if process.returncode != 0:
                lines = "\n".join(said.decode(errors="replace").splitlines()[-12:])
                raise StartError(f"Kafka's storage tool ended with exit code {process.returncode}:\n{lines}")
            shutil.copyfile(made, target.with_suffix(".partial"))
        target.with_suffix(".partial").replace(target)
