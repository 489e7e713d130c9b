"""Which logs there are, and which is meant by a name."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from local.data_folder import DataFolder
from local.endpoints import Endpoints
from local.invoke_cli import Target
from local.start_error import StartError


def resolved(name: str, files: Mapping[str, Path], functions: list[Target]) -> str:
    """The name of the log that is meant by a log's name, or any of the names of a function. Raises StartError."""
    if name in files:
        return name
    found = [target for target in functions if name in (target.name, target.logical_id, target.folder)]
    if len(found) > 1:
        raise StartError(f"{name} is the folder of several functions; choose: {_listed(found)}.")
    if not found:
        others = ", ".join(sorted(files.keys() - {target.name for target in functions})) or "none"
        known = _listed(functions) or "none"
        raise StartError(f"There is no log of {name}. The functions are: {known}. The other logs are: {others}.")
    return found[0].name


def targets(template: Path) -> list[Target]:
    """The functions of a template; none where it cannot be loaded, since logs must be read then too."""
    from local.template import (
        TemplateError,
        load_application,
    )  # only where a name is not that of a log: it takes a while

    try:
        functions = load_application(template, parameters={}, endpoints=Endpoints()).functions.values()
    except (OSError, TemplateError):
        return []
    return [Target(function.name, function.logical_id, function.code.name) for function in functions]


def _listed(found: Sequence[Target]) -> str:
    return ", ".join(sorted(target.logical_id for target in found))


def log_files(data: Path) -> dict[str, Path]:
    """By name: `stack`, engines, and functions."""
    folder = DataFolder(data)
    found = [*folder.logs.glob("*.log"), *folder.function_logs.glob("*.log")]
    return {file.stem: file for file in found}
