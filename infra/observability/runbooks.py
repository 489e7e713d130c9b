"""Where the runbook of an alert stands."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "runbooks"


def runbook_url(alert: str) -> str:
    """For the annotation `runbook_url`: a path in the repository, before which whoever hosts it puts its address."""
    return f"docs/runbooks/{alert}.md"
