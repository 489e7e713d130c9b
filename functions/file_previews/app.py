"""S3's event of a new object: measures images and draws their thumbnails. S3 repeats it where it fails, twice."""

from pathlib import Path
from typing import Any

import chat4all.file_previews  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.observed import observed

_DRAWING = Path(__file__).with_name("drawing.py")


@observed("file_previews")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """What became of each object: `drawn`, `measured`, `no_image` or `gone`."""
    return {"files": app().file_previews.take(event, _DRAWING)}
