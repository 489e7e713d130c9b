"""Each five minutes: removes uploads that were given up, asks again for checks that nobody has made, and looks at old files."""

from dataclasses import asdict
from typing import Any

import chat4all.file_reviews
import chat4all.upload_completion
import chat4all.uploads_sweeper  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.observed import observed


@observed("uploads_sweeper")
def handler(_event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answers what was done."""
    remaining_ms = context.get_remaining_time_in_millis
    swept = asdict(app().uploads_sweeper.sweep(remaining_ms))
    return swept | {"files": asdict(app().file_reviews.run(remaining_ms))}
