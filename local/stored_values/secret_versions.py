"""The versions of a secret and their staging labels: pure rules.

A version is {id, created, stages, value}; its value is {"SecretString": …} or {"SecretBinary": Base64 text}, or empty
while a rotation has only announced it.
docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
"""

import time
from collections.abc import Iterable
from typing import Any

from local.stored_values.errors import Refused

CURRENT, PREVIOUS, PENDING = "AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"
Version = dict[str, Any]

_UNLABELLED = 100
"""Versions without a label are kept for a while; AWS removes them once there are more than 100."""


def find(versions: list[Version], version_id: str | None, stage: str | None) -> Version:
    """The version with this id and label; without either, the current one. Raises Refused."""
    if version_id is None and stage is None:
        stage = CURRENT
    for version in versions:
        labelled = stage is None or stage in version["stages"]
        if version["value"] and labelled and version_id in (None, version["id"]):
            return version
    what = f"VersionId: {version_id}" if version_id is not None else f"staging label: {stage}"
    raise Refused("ResourceNotFoundException", f"Secrets Manager can't find the specified secret value for {what}")


def add(versions: list[Version], version_id: str, value: dict[str, str], stages: Iterable[str]) -> list[Version]:
    """Versions with a new one, whose labels leave those that had them. Raises Refused.

    The same version with the same value may be put again. A secret's first version is always the current one.
    """
    wanted = list(dict.fromkeys(stages)) or [CURRENT]
    existing = next((version for version in versions if version["id"] == version_id), None)
    if existing and existing["value"]:
        if existing["value"] == value:
            return versions
        text = "You can't use this request token: a version with another value already has it."
        raise Refused("ResourceExistsException", text)
    if existing is None:
        existing = {"id": version_id, "created": time.time(), "stages": [], "value": value}
        versions = [*versions, existing]
    if not any(CURRENT in version["stages"] for version in versions) and CURRENT not in wanted:
        wanted.append(CURRENT)
    filled = {**existing, "value": value}
    versions = [filled if version["id"] == version_id else version for version in versions]
    for stage in wanted:
        versions = move(versions, stage, version_id)
    return _without_forgotten(versions)


def pending(versions: list[Version]) -> str | None:
    """Id of the version that a rotation has begun and not ended."""
    for version in versions:
        if PENDING in version["stages"] and CURRENT not in version["stages"]:
            return str(version["id"])
    return None


def announce(versions: list[Version], version_id: str) -> list[Version]:
    """Versions with a pending one that has no value yet, as a rotation begins."""
    if all(version["id"] != version_id for version in versions):
        versions = [*versions, {"id": version_id, "created": time.time(), "stages": [], "value": {}}]
    return move(versions, PENDING, version_id)


def move(versions: list[Version], stage: str, to: str | None) -> list[Version]:
    """Give a label to a version (None: to nobody). The version that was current becomes the previous one."""
    if stage == CURRENT and to is not None:
        before = [version["id"] for version in versions if CURRENT in version["stages"] and version["id"] != to]
        if before:
            versions = move(versions, PREVIOUS, before[0])
    moved = []
    for version in versions:
        stages = [each for each in version["stages"] if each != stage]
        moved.append({**version, "stages": [*stages, stage] if version["id"] == to else stages})
    return moved


def _without_forgotten(versions: list[Version]) -> list[Version]:
    unlabelled = [version["id"] for version in versions if not version["stages"]]
    forgotten = set(unlabelled[: max(0, len(unlabelled) - _UNLABELLED)])
    return [version for version in versions if version["id"] not in forgotten]
