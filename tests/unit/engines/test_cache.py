import threading
from pathlib import Path

import pytest

from local.engines.cache import cache_dir, locked, publish


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "local-stack"


def test_it_is_where_the_xdg_specification_says(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_dir() == cache
    monkeypatch.setenv("HOME", "/home/ana")
    for ignored in ("", "relative/path"):
        monkeypatch.setenv("XDG_CACHE_HOME", ignored)
        assert cache_dir() == Path("/home/ana/.cache/local-stack")


def test_what_is_published_is_whole_or_not_there(cache: Path) -> None:
    target = cache / "engine"

    def interrupted(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(target, interrupted)
    assert not target.exists()
    publish(target, lambda folder: (folder / "whole").touch())
    assert [file.name for file in target.iterdir()] == ["whole"]
    assert [entry.name for entry in cache.iterdir()] == ["engine"]


def test_a_second_fetcher_is_told_that_it_waits_and_goes_on_after_the_first(cache: Path) -> None:
    order, waits = [], threading.Event()

    def second() -> None:
        with locked("engine", waits.set):
            order.append("second")

    thread = threading.Thread(target=second)
    with locked("engine", lambda: order.append("the first waited")):
        thread.start()
        assert waits.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
