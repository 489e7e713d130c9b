"""Which version of this package is installed."""

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """As `pyproject.toml` says it; of a checkout that is not installed nobody knows."""
    try:
        return version("chat4all-client")
    except PackageNotFoundError:
        return "of a checkout"
