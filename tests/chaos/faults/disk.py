"""A disk that is full for a while: the data folder is a small file system of its own, which shrinks to what it holds."""

import atexit
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.chaos.world import Fault, World

_SIZE = "4g"
"""What it may grow to; only what is written takes memory."""


@dataclass
class FullDisk(Fault):
    """No engine, nor the stack, can write anything new: ENOSPC. Needs the right to mount (Linux, root)."""

    name: str = "full disk"
    for_s: float = 5.0

    def available(self, world: World) -> str | None:
        return None if _may_mount(world.folder) else "this user may not mount a file system here"

    def prepare(self, world: World) -> None:
        world.data.mkdir(parents=True, exist_ok=True)
        if self.available(world) is None and not os.path.ismount(world.data):
            mount_small(world.data, _SIZE)

    def inject(self, world: World, random: Random) -> None:
        fill(world.data)
        try:
            time.sleep(random.uniform(1.0, self.for_s))
        finally:
            resize(world.data, _SIZE)
        world.until_ready()


def mount_small(folder: Path, size: str) -> None:
    """A tmpfs, unmounted when this process ends at the latest."""
    _mount("-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder))
    atexit.register(unmount, folder)


def unmount(folder: Path) -> None:
    """What is in it is gone. Nothing happens where nothing is mounted."""
    if os.path.ismount(folder):
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def resize(folder: Path, size: str) -> None:
    """Of a tmpfs in use."""
    _mount("-o", f"remount,size={size}", str(folder))


def fill(folder: Path) -> None:
    """Shrink it to what is in it. Raises AssertionError where something can still be written."""
    while True:
        state = os.statvfs(folder)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize
        try:
            resize(folder, str(max(used, state.f_frsize)))
        except subprocess.CalledProcessError:  # something was written meanwhile
            continue
        break


def _may_mount(folder: Path) -> bool:
    trial = folder / "mount-trial"
    trial.mkdir(parents=True, exist_ok=True)
    try:
        _mount("-t", "tmpfs", "-o", "size=4k", "tmpfs", str(trial))
    except (subprocess.CalledProcessError, FileNotFoundError):
        return False
    finally:
        unmount(trial)
        trial.rmdir()
    return True


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
