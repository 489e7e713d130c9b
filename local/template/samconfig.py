"""What `samconfig.toml` beside a template says for the environment `local`.

Format: docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

import shlex
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from local.template.errors import TemplateError

ENVIRONMENT = "local"
DEFAULT_STACK_NAME = "local"


def local_parameters(template: Path) -> dict[str, str]:
    """Return the parameter overrides of `[local.deploy.parameters]` (or `[local.global.parameters]`).

    `parameter_overrides` is a string (`"A=1 B='x y'"`, also `ParameterKey=A,ParameterValue=1`), a list of such, or a
    table. Without a file or a section the result is empty.

    Raises:
        TemplateError: the file is no TOML, or an override is not of the form KEY=VALUE.
    """
    config = _config_path(template)
    overrides = _deploy_settings(config).get("parameter_overrides", {})
    if isinstance(overrides, Mapping):
        return {str(name): _scalar(value) for name, value in overrides.items()}
    words = _words(config, overrides)
    return dict(_pair(config, word) for word in words)


def local_stack_name(template: Path) -> str:
    """Return `stack_name` of the environment `local`, else "local": it begins every generated physical name."""
    return str(_deploy_settings(_config_path(template)).get("stack_name", DEFAULT_STACK_NAME))


def local_without(template: Path) -> tuple[str, ...]:
    """Return `without` of `[local.run.parameters]`, a section that SAM has not: resources to leave out.

    Raises:
        TemplateError: it is no list of strings.
    """
    config = _config_path(template)
    names = _environment(config).get("run", {}).get("parameters", {}).get("without", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TemplateError("without must be a list of logical ids or types", file=config)
    return tuple(names)


def _config_path(template: Path) -> Path:
    return template.parent / "samconfig.toml"


def _deploy_settings(config: Path) -> Mapping[str, Any]:
    environment = _environment(config)
    settings: dict[str, Any] = {}
    for command in ("global", "deploy"):
        settings.update(environment.get(command, {}).get("parameters", {}))
    return settings


def _environment(config: Path) -> Mapping[str, Any]:
    if not config.is_file():
        return {}
    try:
        document = tomllib.loads(config.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"is not valid TOML: {error}", file=config) from error
    environment: Mapping[str, Any] = document.get(ENVIRONMENT, {})
    return environment


def _words(config: Path, overrides: Any) -> list[str]:
    if isinstance(overrides, str):
        try:
            return shlex.split(overrides)
        except ValueError as error:
            raise TemplateError(f"parameter_overrides cannot be read: {error}", file=config) from error
    if isinstance(overrides, Iterable):
        return [str(word) for word in overrides]
    raise TemplateError("parameter_overrides must be a string, a list of KEY=VALUE or a table", file=config)


def _pair(config: Path, word: str) -> tuple[str, str]:
    if word.startswith("ParameterKey=") and ",ParameterValue=" in word:
        name, value = word.removeprefix("ParameterKey=").split(",ParameterValue=", 1)
        return name, value
    name, separator, value = word.partition("=")
    if not separator or not name:
        raise TemplateError(f"parameter_overrides has {word!r}, which is not of the form KEY=VALUE", file=config)
    return name, value


def _scalar(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
