import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from local.data_folder import DataFolder
from local.detach import run_detached
from local.endpoints import Endpoints
from local.running import end, find_running, only_stack, remove_record, write_record
from local.start_error import StartError


def test_a_folder_has_one_stack_at_a_time(tmp_path: Path) -> None:
    with only_stack(tmp_path):
        with (
            pytest.raises(StartError, match=rf"runs already \(pid {os.getpid()}\).*scripts/stop"),
            only_stack(tmp_path),
        ):
            pass
        assert find_running(tmp_path) is not None, "the refused one left the record of the first alone"
    with only_stack(tmp_path):
        pass


def test_a_starting_stack_is_found_and_a_ready_one_tells_its_endpoints(tmp_path: Path) -> None:
    assert find_running(tmp_path) is None
    with only_stack(tmp_path):
        starting = find_running(tmp_path)
        assert starting is not None
        assert (starting.pid, starting.endpoints) == (os.getpid(), None)
        write_record(tmp_path, Endpoints(http_port=1))
        ready = find_running(tmp_path)
        assert ready is not None
        assert ready.endpoints == Endpoints(http_port=1)
        remove_record(tmp_path)
        assert find_running(tmp_path) == starting


def test_another_process_with_the_same_pid_is_not_taken_for_the_stack(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        started_at = psutil.Process(other.pid).create_time()
        for file in ("lock", "stack.json"):
            (tmp_path / file).write_text(json.dumps({"pid": other.pid, "started_at": started_at - 60, "endpoints": {}}))
        assert find_running(tmp_path) is None
        (tmp_path / "lock").write_text(json.dumps({"pid": other.pid, "started_at": started_at}))
        found = find_running(tmp_path)
        assert found is not None
        assert end(found, 10)
        assert other.wait(10) == -15
    finally:
        other.kill()
        other.communicate()
    assert find_running(tmp_path) is None


def test_records_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    for content in ("", "{", "[]", "{}", '{"pid": "x", "started_at": 1}'):
        (tmp_path / "stack.json").write_text(content)
        assert find_running(tmp_path) is None


def test_a_folder_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    for data in (file, file / "below"):
        with pytest.raises(StartError, match=r"data folder .*file.* cannot be used \(.*\): .*--data"), only_stack(data):
            pass
        with pytest.raises(StartError, match=r"cannot be used .*--data"):
            run_detached(["run"], data)
    assert file.read_text() == "mine"


def test_errors_of_the_stack_itself_are_not_taken_for_those_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="its own"), only_stack(tmp_path):
        raise OSError("its own")


def test_what_is_forgotten_leaves_the_log_that_is_being_written(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.function_logs.mkdir(parents=True)
    for log in (folder.stack_log, folder.logs / "kafka.log", folder.function_logs / "f.log"):
        log.write_text("said")
    folder.forget()
    assert list(folder.logs.iterdir()) == [folder.stack_log]
