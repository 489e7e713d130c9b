"""The program that draws (functions/file_previews/drawing.py), run as a process: it may die, hang or eat all it can get."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from chat4all.logs import logger

_WITHIN_S = 40
"""More than the processor time that the program allows itself, less than the function has."""
_START = "import runpy, sys; sys.path[:] = sys.argv[2:]; runpy.run_path(sys.argv[1], run_name='__main__')"
"""With the libraries of the function, which on Lambda are told to its own process only."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What it made."""

    width: int
    height: int
    thumbnail: bytes | None
    content_type: str
    """Of the thumbnail; empty where there is none."""


def draw(program: Path, image: IO[bytes]) -> Drawn | None:
    """Size and thumbnail of the image; None where it is none, or was too much for the program.

    Args:
        image: a file, read from where it stands.
    """
    command = [sys.executable, "-c", _START, str(program), *sys.path]
    try:
        ran = subprocess.run(command, stdin=image, capture_output=True, timeout=_WITHIN_S, check=False)  # noqa: S603 - our own
    except subprocess.TimeoutExpired:
        logger.warning("image not drawn", why="it takes too long")
        return None
    if ran.returncode != 0:
        logger.warning(
            "image not drawn", why=f"exit status {ran.returncode}", said=ran.stderr[-500:].decode(errors="replace")
        )
        return None
    line, _, thumbnail = ran.stdout.partition(b"\n")
    facts = json.loads(line)
    if "why" in facts:
        logger.info("image measured, not drawn", why=facts["why"])
    if "width" not in facts:
        return None
    return Drawn(facts["width"], facts["height"], thumbnail or None, facts.get("content_type", ""))
