from pathlib import Path

import pytest

from local.stored_values.documents import Documents


async def test_what_was_put_is_there_again(tmp_path: Path) -> None:
    documents = Documents(tmp_path / "folder" / "values.db")
    documents.put("kind", "name", {"a": "ü"})
    assert (tmp_path / "folder" / "values.db").stat().st_mode & 0o077 == 0
    other = Documents(tmp_path / "folder" / "values.db")
    assert (other.get("kind", "name"), other.get("other", "name")) == ({"a": "ü"}, None)
    await documents.close()
    await other.close()


async def test_all_or_nothing(tmp_path: Path) -> None:
    documents = Documents(tmp_path / "values.db")

    def put_and_fail() -> None:
        with documents.exclusively():
            documents.put("kind", "one", {})
            with documents.exclusively():
                documents.put("kind", "two", {})
            raise KeyError

    with pytest.raises(KeyError):
        put_and_fail()
    assert documents.all("kind") == []
    await documents.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "values.db").write_bytes(b"this is no database, but it is long enough to be read" * 10)
    with pytest.raises(OSError, match="not a database"):
        Documents(tmp_path / "values.db")


async def test_a_file_that_is_damaged_inside(tmp_path: Path) -> None:
    path = tmp_path / "values.db"
    documents = Documents(path)
    documents.put("kind", "name", {})
    await documents.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(OSError, match=r"damaged|malformed"):
        Documents(path)
