import pytest

from local.stored_values import secret_versions
from local.stored_values.errors import Refused
from local.stored_values.secret_versions import Version


def _with(*stages: list[str]) -> list[Version]:
    return [
        {"id": str(index), "created": 0.0, "stages": given, "value": {"SecretString": str(index)}}
        for index, given in enumerate(stages)
    ]


def _stages(versions: list[Version]) -> list[list[str]]:
    return [version["stages"] for version in versions]


def test_the_first_version_is_current_whatever_it_is_asked_to_be() -> None:
    (first,) = secret_versions.add([], "a", {"SecretString": "x"}, ["MINE"])
    assert first["stages"] == ["MINE", "AWSCURRENT"]


def test_what_was_current_is_previous() -> None:
    versions = secret_versions.add(_with(["AWSPREVIOUS"], ["AWSCURRENT", "MINE"]), "new", {"SecretString": "x"}, [])
    assert _stages(versions) == [[], ["MINE", "AWSPREVIOUS"], ["AWSCURRENT"]]


def test_moving_to_nobody() -> None:
    assert _stages(secret_versions.move(_with(["AWSCURRENT"], ["MINE"]), "MINE", None)) == [["AWSCURRENT"], []]


def test_a_version_without_a_label_is_forgotten_after_a_hundred_more() -> None:
    versions: list[Version] = []
    for index in range(110):
        versions = secret_versions.add(versions, str(index), {"SecretString": str(index)}, [])
    assert [version["id"] for version in versions] == [str(index) for index in range(8, 110)]


def test_a_rotation_that_failed_is_known() -> None:
    versions = secret_versions.announce(_with(["AWSCURRENT"]), "new")
    assert secret_versions.pending(versions) == "new"
    with pytest.raises(Refused, match="AWSPENDING"):
        secret_versions.find(versions, None, "AWSPENDING")
    filled = secret_versions.add(versions, "new", {"SecretString": "x"}, ["AWSPENDING"])
    assert secret_versions.find(filled, None, "AWSPENDING")["id"] == "new"
    assert secret_versions.pending(secret_versions.move(filled, "AWSCURRENT", "new")) is None
