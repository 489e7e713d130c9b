"""Each five minutes: removes what deleted users, conversations and webhooks have left."""

from dataclasses import asdict
from typing import Any

import chat4all.erasing.sweeper  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.observed import observed


@observed("erasure_sweeper")
def handler(_event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answers what was done."""
    return asdict(app().erasure_sweeper.sweep(context.get_remaining_time_in_millis))
