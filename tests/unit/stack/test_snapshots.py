"""Named copies of a data folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from local.data_folder import DataFolder
from local.snapshots import Snapshots
from local.start_error import StartError


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    (folder.root / "kafka").mkdir(parents=True)
    (folder.root / "kafka" / "log").write_text("one")
    folder.events.write_text("queued")
    return folder


def test_what_was_saved_is_loaded_and_what_came_later_is_gone(data: DataFolder) -> None:
    snapshots = Snapshots(data)
    snapshots.save("first")
    (data.root / "kafka" / "log").write_text("two")
    data.events.unlink()
    data.stored_values.write_text("new")
    data.captures.write_text("like a log")
    snapshots.load("first")
    assert (data.root / "kafka" / "log").read_text() == "one"
    assert data.events.read_text() == "queued"
    assert not data.stored_values.exists()
    assert data.captures.exists()
    assert [one.name for one in snapshots.all()] == ["first"]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "-x", "ä", "a" * 65, "a\n"])
def test_a_name_that_could_be_a_path_is_refused(data: DataFolder, name: str) -> None:
    with pytest.raises(StartError, match="is no name for a snapshot"):
        Snapshots(data).save(name)


def test_a_name_that_is_taken_or_unknown_is_named(data: DataFolder) -> None:
    snapshots = Snapshots(data)
    snapshots.save("first")
    with pytest.raises(StartError, match="first already"):
        snapshots.save("first")
    snapshots.save("first", replace=True)
    for act in (snapshots.load, snapshots.delete):
        with pytest.raises(StartError, match=r"no snapshot second. There are: first\."):
            act("second")


def test_processes_stand_still_while_they_are_copied_and_go_on(data: DataFolder) -> None:
    written = data.root / "kafka" / "log"
    write = f"import time\nwhile True:\n open({str(written)!r}, 'a').write('x'); time.sleep(0.001)"
    with subprocess.Popen([sys.executable, "-c", write]) as writer:
        try:
            Snapshots(data).save("first", [writer.pid])
            size, deadline = written.stat().st_size, time.monotonic() + 10
            while written.stat().st_size <= size:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            assert psutil.Process(writer.pid).status() != psutil.STATUS_STOPPED
        finally:
            writer.kill()


def test_an_engine_that_is_gone_makes_no_snapshot(data: DataFolder) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    with pytest.raises(StartError, match="ended in the meantime"):
        Snapshots(data).save("first", [ended.pid])
    assert Snapshots(data).all() == []


def test_a_load_that_was_killed_is_finished_by_the_next_start(data: DataFolder) -> None:
    snapshots = Snapshots(data)
    snapshots.save("first")
    (data.root / "kafka" / "log").write_text("two")
    # Killed after the data had been copied, and half of them had been put in their place.
    load = (
        "import os, signal; from pathlib import Path; from local.data_folder import DataFolder; import local.snapshots as s\n"
        f"data = DataFolder(Path({str(data.root)!r})); real = s._remove\n"
        "def remove(path):\n real(path); os.kill(os.getpid(), signal.SIGKILL)\n"
        "s._remove = remove; s.Snapshots(data).load('first')"
    )
    ended = subprocess.run([sys.executable, "-c", load], cwd=Path(__file__).parents[3], env={**os.environ}, check=False)
    assert ended.returncode == -signal.SIGKILL
    Snapshots(data).finish_load()
    assert (data.root / "kafka" / "log").read_text() == "one"
    assert data.events.read_text() == "queued"
    assert not (data.root / "loading").exists()


def test_a_damaged_snapshot_hides_no_other(data: DataFolder) -> None:
    snapshots = Snapshots(data)
    snapshots.save("first")
    snapshots.save("second")
    for content in ("", "garbage", "[]", "{}"):
        (data.root / "snapshots" / "first" / "snapshot.json").write_text(content)
        assert [one.name for one in snapshots.all()] == ["second"]
        with pytest.raises(StartError, match=r"no snapshot first. There are: second\."):
            snapshots.load("first")
    snapshots.save("first", replace=True)
    snapshots.load("first")


def test_a_load_that_left_garbage_is_told(data: DataFolder) -> None:
    snapshots = Snapshots(data)
    snapshots.save("first")
    (data.root / "loading").mkdir()
    (data.root / "loading" / "ready").write_text("garbage")
    with pytest.raises(StartError, match=r"loading/ready .*load a snapshot again"):
        snapshots.finish_load()
    snapshots.load("first")
    snapshots.finish_load()
    assert data.events.read_text() == "queued"
